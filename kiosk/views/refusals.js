/** When it is no: why, in one sentence, and what can be done about it. */
import { html, useState } from "../../static/js/html.js";
import { whyText } from "../../static/js/why.js";
import { t } from "../../static/js/words.js";

const OVERRIDABLE = ["too_soon", "daily_limit"];
const DEAD_CARD = ["card_replaced", "programme_ended", "unknown_card"];
const REASONS = ["friend", "second_order", "put_right"];

/** The service said no to what was asked. */
export function Refused({ state, act }) {
  const { claim, result } = state.work.doing;
  const { reason } = result;
  const [isOverriding, override] = useState(false);
  return html`<div class="stack refusal" role="alert">
    <h2>${t(claim.kind === "redeem" ? "kiosk.no_reward_given" : claim.kind === "void" ? "kiosk.not_undone" : "kiosk.not_stamped")}</h2>
    <p class="why">${whyText(result.why ?? { code: reason }, state.till.business.time_zone)}</p>
    ${result.status === "kept" && html`<p>${t("kiosk.kept_for_owner")}</p>`}
    ${isOverriding
      ? html`<${Reasons} onReason=${(text) => act.stamp(claim.quantity, { reason: text })} />`
      : html`<div class="row">
          ${claim.kind === "stamp" && OVERRIDABLE.includes(reason) && html`<button type="button" class="button big" onClick=${() => override(true)}>${t("kiosk.stamp_anyway")}</button>`}
          ${claim.kind === "stamp" && reason === "visit_limit" && html`<button type="button" class="button big" onClick=${act.again}>${t("kiosk.fewer")}</button>`}
          ${DEAD_CARD.includes(reason) && html`<button type="button" class="button big" onClick=${() => act.newCard()}>${t("kiosk.new_card")}</button>`}
          <button type="button" class="button quiet big" onClick=${act.close}>${t("kiosk.leave_it")}</button>
        </div>`}
  </div>`;
}

/** A stamp that would be too soon or too many needs a reason; the owner reads it. */
function Reasons({ onReason }) {
  const [own, setOwn] = useState("");
  const submit = (event) => {
    event.preventDefault();
    if (own.trim()) onReason(own.trim());
  };
  return html`<form class="stack" onSubmit=${submit}>
    <h3>${t("kiosk.reason_title")}</h3>
    <div class="row">${REASONS.map((name) => html`<button type="button" class="button" key=${name} onClick=${() => onReason(t(`kiosk.reason_${name}`))}>${t(`kiosk.reason_${name}`)}</button>`)}</div>
    <div class="row">
      <input class="input" aria-label=${t("kiosk.reason_own")} placeholder=${t("kiosk.reason_own")} maxlength="200" value=${own} onInput=${(event) => setOwn(event.target.value)} />
      <button class="button quiet" disabled=${!own.trim()}>${t("kiosk.stamp_anyway")}</button>
    </div>
  </form>`;
}

/** The card could not be looked up: there is none, or it was replaced, or the service minds something else. */
export function Problem({ problem, act }) {
  const isCard = problem.status === 404 || problem.status === 410;
  return html`<div class="stack refusal" role="alert">
    <h2>${t(problem.status === 410 ? "kiosk.replaced" : isCard ? "kiosk.unknown" : "kiosk.no_card")}</h2>
    <p class="why">${problem.status === 410 ? whyText({ code: "card_replaced" }) : problem.status === 404 ? t("kiosk.unknown_help") : problem.words}</p>
    <div class="row">
      ${isCard && html`<button type="button" class="button big" onClick=${() => act.newCard()}>${t("kiosk.new_card")}</button>`}
      <button type="button" class="button quiet big" onClick=${act.close}>${t("common.close")}</button>
    </div>
  </div>`;
}

/** Nobody knows whether the reward was taken off the card. */
export function NoAnswer({ act }) {
  return html`<div class="stack refusal" role="alert">
    <h2>${t("kiosk.no_answer")}</h2>
    <p class="why">${t("kiosk.no_answer_help")}</p>
    <div class="row">
      <button type="button" class="button big" onClick=${act.askAgain}>${t("kiosk.ask_again")}</button>
      <button type="button" class="button quiet big" onClick=${act.later}>${t("kiosk.later")}</button>
    </div>
  </div>`;
}
