/** One line of the ledger: how much, why, when, who, and whether someone should look at it. */
import { html } from "../static/js/html.js";
import { dayAndTime } from "../static/js/time.js";
import { whyText } from "../static/js/why.js";
import { has, t } from "../static/js/words.js";

export function HistoryLine({ line, zone, onUndo, children }) {
  return html`
    <li class=${`line ${line.kind} ${line.voided ? "voided" : ""}`}>
      <span class="amounts">
        <${Amount} n=${line.stamps} kind="stamp" />
        <${Amount} n=${line.rewards} kind="reward" />
      </span>
      <div class="grow">
        <p class="why-text">${whyText(line.why, zone)}</p>
        <p class="soft">${[
          dayAndTime(line.happened_at, zone),
          line.staff && t("console.line.staff", { name: line.staff }),
          line.order_ref && t("console.line.order", { ref: line.order_ref }),
          hasOwnReason(line) && t("console.line.reason", { reason: line.reason }),
        ].filter(Boolean).join(" · ")}</p>
        ${(line.flag || line.voided) && html`<p class="row tight">
          ${line.voided && html`<span class="chip">${t("console.line.voided")}</span>`}
          ${line.flag && html`<span class="chip warn">${flagWords(line.flag)}</span>`}</p>`}
        ${children}
      </div>
      ${onUndo && html`
        <button type="button" class="button plain" onClick=${onUndo}>${t("common.undo")}</button>`}
    </li>`;
}

/** Something somebody has said that the why does not say already; a bonus has only our word for what it is. */
const hasOwnReason = ({ kind, reason, why }) => reason && kind !== "bonus" && why.reason !== reason;

const Amount = ({ n, kind }) => n !== 0 && html`
  <span class=${`amount ${kind} ${n < 0 ? "minus" : "plus"}`}>
    <span aria-hidden="true">${n > 0 ? "+" : "−"}${t("console.number", { n: Math.abs(n) })}</span>
    <span class="unseen">${t(`console.line.${kind}_${n < 0 ? "off" : "on"}`, { n: Math.abs(n) })}</span>
  </span>`;

/** A flag in a few words; a flag we have none for shows itself. */
export const flagWords = (flag) => (has(`console.flag.${flag}`) ? t(`console.flag.${flag}`) : flag);
