/** When it is no: why, in one sentence, and what can be done about it. */
import { html, useState } from "../../static/js/html.js";
import { whyText } from "../../static/js/why.js";
import { t } from "../../static/js/words.js";
import { objection } from "../alone.js";
import { zone } from "../state.js";
import { Button } from "./buttons.js";

const OVERRIDABLE = ["too_soon", "daily_limit"];
const AGAIN = { visit_limit: "kiosk.fewer", amount_needed: "kiosk.how_much", no_amount_counted: "kiosk.how_many" };
const DEAD_CARD = ["card_replaced", "programme_ended", "unknown_card"];
const REASONS = ["friend", "second_order", "put_right"];
const TITLES = { stamp: "kiosk.not_stamped", redeem: "kiosk.no_reward_given", void: "kiosk.not_undone" };

/** The service said no to what was asked. */
export function Refused({ state, act }) {
  const { claim, result } = state.work.doing;
  const [isOverriding, override] = useState(false);
  return html`<${Refusal} title=${TITLES[claim.kind]} why=${whyText(result.why, zone())}>
    ${result.status === "kept" && html`<p>${t("kiosk.kept_for_owner")}</p>`}
    ${isOverriding
      ? html`<${Reasons} onReason=${(reason) => act.stamp(claim.quantity, { amount: claim.amount, item: claim.item, reason })} />`
      : html`<div class="row">
          ${wayOut(claim, result.reason, { act, override })}
          <${Button} class="quiet big" onClick=${act.close}>${t("kiosk.leave_it")}<//>
        </div>`}
  <//>`;
}

export const Refusal = ({ title, why, children }) => html`<div class="stack refusal" role="alert">
  <h2>${t(title)}</h2>
  <p class="why">${why}</p>
  ${children}
</div>`;

function wayOut({ kind }, reason, { act, override }) {
  if (DEAD_CARD.includes(reason))
    return html`<${Button} class="big" onClick=${() => act.newCard()}>${t("kiosk.new_card")}<//>`;
  if (kind !== "stamp") return null;
  if (AGAIN[reason]) return html`<${Button} class="big" onClick=${act.again}>${t(AGAIN[reason])}<//>`;
  if (!OVERRIDABLE.includes(reason)) return null;
  return html`<${Button} class="big" onClick=${() => override(true)}>${t("kiosk.stamp_anyway")}<//>`;
}

/** A stamp that would be too soon or too many needs a reason; the owner reads it. */
function Reasons({ onReason }) {
  const [own, setOwn] = useState("");
  const label = t("kiosk.reason_own");
  const submit = (event) => {
    event.preventDefault();
    if (own.trim()) onReason(own.trim());
  };
  return html`<form class="stack" onSubmit=${submit}>
    <h3>${t("kiosk.reason_title")}</h3>
    <div class="row">
      ${REASONS.map((name) => t(`kiosk.reason_${name}`)).map((reason) => html`
        <${Button} key=${reason} onClick=${() => onReason(reason)}>${reason}<//>`)}
    </div>
    <div class="row own-reason">
      <input class="input" aria-label=${label} placeholder=${label} maxlength="200" value=${own}
        onInput=${(event) => setOwn(event.target.value)} />
      <button class="button quiet" disabled=${!own.trim()}>${t("kiosk.stamp_anyway")}</button>
    </div>
  </form>`;
}

/** The card could not be looked up: there is none, it was replaced, or the service minds something else. */
export function Problem({ problem, act }) {
  const { status, words } = problem;
  const isGone = status === 404 || status === 410;
  const [title, why] = {
    404: ["kiosk.unknown", t("kiosk.unknown_help")],
    410: ["kiosk.replaced", whyText({ code: "card_replaced" })],
  }[status] ?? ["kiosk.no_card", words];
  return html`<${Refusal} title=${title} why=${why}>
    <div class="row">
      ${isGone && html`<${Button} class="big" onClick=${() => act.newCard()}>${t("kiosk.new_card")}<//>`}
      <${Button} class="quiet big" onClick=${act.close}>${t("common.close")}<//>
    </div>
  <//>`;
}

/** Nobody knows whether the reward was taken off the card. */
export function NoAnswer({ state, act }) {
  const refusal = objection(state.work);
  return html`<${Refusal} title="kiosk.no_answer" why=${t("kiosk.no_answer_help")}>
    ${refusal && html`<p>${t(`kiosk.wait_${refusal}`)}</p>`}
    <div class="row">
      <${Button} class="big" onClick=${act.askAgain}>${t("kiosk.ask_again")}<//>
      ${!refusal && html`<${Button} class="reward big" onClick=${act.handOver}>${t("kiosk.hand_over")}<//>`}
      <${Button} class="quiet big" onClick=${act.later}>${t("kiosk.later")}<//>
    </div>
  <//>`;
}
