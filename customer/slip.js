/** A voucher on a slip: what it is good for, its code to be scanned, and whether it still is good. */
import { connect, problemIn } from "../static/js/api.js";
import { html, useEffect, useState } from "../static/js/html.js";
import { whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { Masthead, Trouble, Waiting } from "./masthead.js";
import { Qr } from "./qr.js";
import { goodFor, lastDay } from "./vouchers.js";

const ASK_EVERY_MS = 5000;
const api = connect();

export function SlipPage({ code, speak }) {
  const [slip, setSlip] = useState(null);
  const [problem, setProblem] = useState(null);
  const isOver = slip && slip.state !== "ready";

  useEffect(() => {
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const found = await api.get(`/vouchers/${code}`);
        await speak(found.business.language);
        document.title = found.business.name;
        setSlip(found);
        setProblem(null);
      } catch (trouble) {
        setProblem(problemIn(trouble));
      }
    };
    if (!isOver) ask();
    const timer = isOver ? null : setInterval(ask, ASK_EVERY_MS); // at the counter it is used while it shows
    return () => clearInterval(timer);
  }, [code, isOver]);

  if (!slip && problem) return html`<${Trouble} problem=${problem} title="customer.slip_none" />`;
  if (!slip) return html`<${Waiting} />`;
  const zone = slip.business.time_zone;
  return html`<div class="phone slip">
    <${Masthead} business=${slip.business} />
    <main class="stack">
      <section class="rewards ${isOver ? "over" : ""}">
        <h2>${t("customer.voucher_for_you")}</h2>
        <h1 class="what">${goodFor(slip, slip.currency)}</h1>
        ${!isOver && html`
          <${Qr} text=${`${location.origin}/v/${code}`} label=${t("customer.slip_qr")} />
          <p>${t("customer.rewards_show")}</p>
          <p>${t("customer.rewards_until", { day: lastDay(slip, zone) })}</p>`}
      </section>
      <p class="centre" role="status">${isOver && html`<strong>${whyText(whyOver(slip), zone)}</strong>`}</p>
      ${problem && !isOver && html`<p class="centre"><span class="chip dot warn">${problem.words}</span></p>`}
    </main>
  </div>`;
}

const whyOver = ({ state, used, expires_at: end }) => ({ code: `voucher_${state}`, at: end, ...used });
