/** Vouchers, on a card or a slip: what each is good for, until when, and one button that takes it. */
import { connect } from "../../static/js/api.js";
import { html, useEffect, useState } from "../../static/js/html.js";
import { whyText } from "../../static/js/why.js";
import { t } from "../../static/js/words.js";
import { zone } from "../state.js";
import { ask, take } from "../vouchers.js";
import { Button, Close, icon } from "./buttons.js";
import { lastDay, voucherText } from "./given.js";
import { Refusal } from "./refusals.js";
import { Waiting } from "./waiting.js";

const api = connect();

/** What waits on the card, or what became of the one that was just taken. */
export function CardVouchers({ state, act }) {
  const { vouchers, using } = state.work;
  if (using && using.stage !== "asking") return html`<${Used} state=${state} act=${act} />`;
  return vouchers.map((voucher) => html`
    <${Voucher} key=${voucher.id} voucher=${voucher} state=${state} act=${act} />`);
}

/** A slip in front of the till: it belongs to nobody's card. */
export function Slip({ state, act }) {
  const { code, using } = state.work;
  const [{ voucher, problem }, setFound] = useState({});
  const look = () => api.get(`/vouchers/${code}`)
    .then((voucher) => setFound({ voucher }), (problem) => setFound({ problem }));
  useEffect(() => void look(), []);
  const isShown = voucher && (!using || using.stage === "asking");
  const isReady = voucher?.state === "ready";
  const isNo = problem || using?.stage === "refused" || (voucher && !isReady);
  return html`<article class="card-work ${using?.stage === "done" ? "gold" : isNo ? "no" : ""}">
    <header class="row apart"><p><strong>${t("kiosk.voucher")}</strong></p><${Close} act=${act} /></header>
    <div class="act">
      ${!voucher && !problem && html`<${Waiting} />`}
      ${isShown && isReady && html`<${Voucher} voucher=${voucher} state=${state} act=${act} />`}
      ${isShown && !isReady && html`
        <${No} title=${voucherText(voucher)} why=${objection(voucher)} act=${act} />`}
      ${using && using.stage !== "asking" && html`<${Used} state=${state} act=${act} />`}
      ${problem && html`<${No} title=${t("kiosk.voucher")} act=${act} why=${whyNot(problem)}
        onAgain=${problem.passing && look} />`}
    </div>
  </article>`;
}

function Voucher({ voucher, state, act }) {
  const { work, connected } = state;
  return html`<div class="prize voucher">
    <div>
      <h2>${voucherText(voucher)}</h2>
      <p>${t("kiosk.voucher_until", { day: lastDay(voucher) })}</p>
    </div>
    ${connected === false
      ? html`<p>${t("kiosk.voucher_offline")}</p>`
      : html`<${Button} class="reward big" disabled=${Boolean(work.using)}
          aria-busy=${work.using?.voucher.id === voucher.id} onClick=${() => take(voucher, act)}>
          ${t("kiosk.take_voucher")}<//>`}
  </div>`;
}

/** Taken, and what to hand over or take off; or refused, and why; or nobody knows yet. */
function Used({ state, act }) {
  const { using, kind } = state.work;
  const { voucher, stage, problem } = using;
  const what = voucherText(voucher);
  if (stage === "refused") return html`<${No} title=${what} why=${whyNot(problem)} act=${act} />`;
  if (stage === "no_answer")
    return html`<${Refusal} title="kiosk.no_answer" why=${t("kiosk.voucher_no_answer")}>
      <div class="row">
        <${Button} class="big" onClick=${() => ask(act)}>${t("kiosk.ask_again")}<//>
        <${Button} class="quiet big" onClick=${act.close}>${t("kiosk.leave_it")}<//>
      </div>
    <//>`;
  return html`<div class="stack handed" role="status">
    <p class="tick">${icon("tick", 88)}</p>
    <h2>${t(voucher.kind === "item" ? "kiosk.hand_it" : "kiosk.take_off", { reward: what })}</h2>
    <div class="row">
      ${kind === "card" && html`
        <${Button} class="big" onClick=${act.goOn}>${t("kiosk.stamp_this")}<//>`}
      <${Button} class="quiet big" onClick=${act.close}>${t("common.done")}<//>
    </div>
  </div>`;
}

const No = ({ title, why, act, onAgain }) => html`<div class="stack refusal" role="alert">
  <h2>${title}</h2>
  <p class="why">${why}</p>
  <div class="row">
    ${onAgain && html`<${Button} class="big" onClick=${onAgain}>${t("common.retry")}<//>`}
    <${Button} class="quiet big" onClick=${act.close}>${t("common.close")}<//>
  </div>
</div>`;

function whyNot({ status, passing, why, words }) {
  if (passing) return t("kiosk.voucher_offline");
  if (status === 404) return t("kiosk.voucher_unknown");
  return why ? whyText(why, zone()) : words;
}

/** Why a voucher that is not ready is not, in the words the service would use. */
const objection = ({ state, used, expires_at: at }) => whyText({
  code: `voucher_${state}`,
  ...(state === "used" && used),
  ...(state === "expired" && { at }),
}, zone());
