/** The monthly report: one month as a PDF, to print or to send; it may take the service a while. */
import { html } from "../../static/js/html.js";
import { dayOf } from "../../static/js/time.js";
import { language, t } from "../../static/js/words.js";
import { FormFault, Input, Submit, useForm } from "../form.js";
import { save } from "../print.js";
import { service } from "../service.js";
import { month as written } from "./saying.js";

// This one so far, and as many before it as a year has.
const MONTHS = 13;
const ASK_AGAIN_MS = 1000;

export function MonthlyReport({ zone }) {
  const months = monthsUntil(dayOf(Date.now(), zone));
  const form = useForm({ month: months[1] }, async ({ month }) => {
    save(await reportOf(month), `report-${month}.pdf`);
  });
  const text = (month) => (month === months[0] ? t("insight.monthly.so_far", { month: written(month) })
    : written(month));
  return html`
    <section class="panel stack">
      <h2>${t("insight.monthly.title")}</h2>
      <p class="soft">${t("insight.monthly.text")}</p>
      <form ...${form.attributes}>
        <${FormFault} form=${form} />
        <div class="pair">
          <${Input} form=${form} at="month" label=${t("insight.monthly.month")}
            options=${months.map((month) => [month, text(month)])} />
          <div><${Submit} form=${form}>${t("insight.monthly.get")}</${Submit}></div>
        </div>
      </form>
    </section>`;
}

async function reportOf(month) {
  for (;;) {
    const { status, body } = await service.fresh(`/reports/${month}.pdf?language=${language()}`);
    if (status !== 202) return body;
    await new Promise((again) => {
      setTimeout(again, ASK_AGAIN_MS);
    });
  }
}

/** "2026-11-22" → ["2026-11", "2026-10", …] */
function monthsUntil(today) {
  const [year, month] = today.split("-").map(Number);
  const first = (back) => new Date(Date.UTC(year, month - 1 - back)).toISOString();
  return Array.from({ length: MONTHS }, (_, i) => first(i).slice(0, 7));
}
