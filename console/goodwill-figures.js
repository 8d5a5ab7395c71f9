/** How making good goes: each figure with what it was counted from, and as a file. */
import { html, useState } from "../static/js/html.js";
import { dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { longTime } from "./case-text.js";
import { saveCsv } from "./insight/csv.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

const PERIODS = [30, 90, 365];
const SHARES = ["settled", "declined", "put_right", "vouchers"];
// Of fewer than this a share says more about chance than about the shop.
const FEWEST = 20;

export function GoodwillFigures({ zone }) {
  const [days, setDays] = useState(90);
  const figures = useLoad(() => service.get(`/goodwill/figures?days=${days}`), [days]);
  return html`
    <section class="panel stack">
      <h2>${t("console.good.figures")}</h2>
      <div class="tabs case-tabs" role="group" aria-label=${t("console.good.period")}>
        ${PERIODS.map((n) => html`
          <button key=${n} type="button" aria-current=${n === days ? "true" : "false"}
            onClick=${() => setDays(n)}>${t("console.good.days_n", { n })}</button>`)}
      </div>
      <${Loaded} of=${figures}>${(found) => html`
        <p class="soft">${t("console.good.span", spanOf(found, zone))}</p>
        <dl class="facts good-figures">
          <div>
            <dt>${t("console.good.response")}</dt>
            <dd>${halfText(found.response)}</dd>
            <dd class="soft">${t("console.good.response_n", found.response)}</dd>
          </div>
          ${SHARES.map((name) => html`
            <div key=${name}>
              <dt>${t(`console.good.share_${name}`)}</dt>
              <dd>${shareText(found[name])}</dd>
              <dd class="soft">${t(`console.good.share_${name}_n`, { n: found[name].n })}
                ${" "}${found[name].interval && t("console.good.interval", percents(found[name].interval))}</dd>
            </div>`)}
        </dl>
        <div class="row end">
          <button type="button" class="button plain" onClick=${() => keep(found, days)}>
            ${t("insight.csv")}</button>
        </div>`}
      </${Loaded}>
    </section>`;
}

const spanOf = ({ since, until }, zone) => ({ from: dayText(since, zone), to: dayText(until, zone) });

const halfText = ({ half_within_seconds: half }) => (half === null ? "–" : longTime(half));

function shareText({ n, count }) {
  if (n === 0) return "–";
  if (n < FEWEST) return t("console.good.n_of", { n, count });
  return t("console.good.percent", { n: percent(count / n) });
}

const percent = (share) => Math.round(100 * share);
const percents = ([low, high]) => ({ low: percent(low), high: percent(high) });

/** Shares as counts, so that a spreadsheet can add periods up. */
function keep(found, days) {
  const { n, answered, half_within_seconds: half } = found.response;
  const head = ["figure", "since", "until", "n", "count", "low", "high", "seconds"];
  const line = (name, ...rest) => [name, found.since, found.until, ...rest];
  const shares = SHARES.map((name) => {
    const { n: of, count, interval } = found[name];
    return line(name, of, count, ...(interval ?? [null, null]), null);
  });
  saveCsv(`making-good-${days}`, [head, line("response", n, answered, null, null, half), ...shares]);
}
