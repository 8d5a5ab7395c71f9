/** A case in words: what was or may be given, how bad it was, where it stands, how long they waited. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { duration } from "../static/js/time.js";
import { locale, t } from "../static/js/words.js";

// What a remedy of each kind says beside its kind, the first of them always.
export const FIELDS = {
  apology: [], stamps: ["stamps"], replacement: ["item"], percent: ["percent"], amount: ["amount"],
  money_back: ["amount", "order_ref"],
};
const DAY_SECONDS = 86_400;
const SEVERITIES = { 1: "", 2: "warn", 3: "bad" };
const STATES = { open: "warn", offered: "warn", settled: "good", declined: "" };

export function remedyText({ kind, stamps, item, percent, amount, order_ref: ref }, currency) {
  const words = { n: stamps ?? percent, item, amount: amount && money(amount, currency), ref };
  return t(`console.good.gives_${kind}${ref ? "_ref" : ""}`, words);
}

export const kindChoices = () => Object.keys(FIELDS).map((kind) => [kind, t(`console.good.kind_${kind}`)]);

/** What is given for nothing but an apology costs something, also where nobody has said how much. */
export function costText({ cost, remedy }, currency) {
  if (cost) return t("console.good.costs", { cost: money(cost, currency) });
  return t(remedy.kind === "apology" ? "console.good.costs_nothing" : "console.good.costs_unknown");
}

export const Severity = ({ of }) => html`
  <span class=${`chip ${SEVERITIES[of]}`}>${t(`console.good.severity_${of}`)}</span>`;

export const StateChip = ({ state }) => html`
  <span class=${`chip ${STATES[state]}`}>${t(`console.good.is_${state}`)}</span>`;

export const PutRight = ({ rating }) => rating && html`
  <span class=${`chip ${rating === "yes" ? "good" : "bad"}`}>${t(`console.good.put_right_${rating}`)}</span>`;

/** How long they have waited, or had to. */
export function waitText({ waiting_seconds: waiting, answered_after_seconds: after }) {
  return waiting === null
    ? t("console.good.answered_after", { time: longTime(after) })
    : t("console.good.waiting", { time: longTime(waiting) });
}

/** "40 minutes", "5 hours", "3 days" */
export function longTime(seconds) {
  if (seconds < 2 * DAY_SECONDS) return duration(seconds);
  const days = { style: "unit", unit: "day", unitDisplay: "long" };
  return new Intl.NumberFormat(locale(), days).format(Math.floor(seconds / DAY_SECONDS));
}

/** Who told it: a name, or where it came from. */
export const toldBy = ({ source, author }) => (author && source !== "phone"
  ? t("console.good.told_by", { author }) : t(`console.good.from_${source}`));
