/** A programme under every threshold: what the rewards would have cost, and what that leaves. */
import { line } from "d3-shape";
import { html } from "../../static/js/html.js";
import { digitsOf, money, moneyField } from "../../static/js/money.js";
import { locale, t } from "../../static/js/words.js";
import { titleId } from "./finding.js";
import { Legend, Plot } from "./plot.js";
import { Rows } from "./rows.js";
import { change, rounded } from "./saying.js";

// Half and twice of today's stamps is what owners think about; the table holds all of them.
const LEAST_SHOWN = 12;

/** With no price or cost to go by, the plot counts rewards instead of money. */
export function Thresholds({ found, chosen, isPriced, currency }) {
  const today = found.stamps_needed;
  const from = Math.min(chosen, Math.floor(today / 2));
  const to = Math.max(chosen, 2 * today, LEAST_SHOWN);
  const all = found.thresholds.filter(({ stamps_needed: n }) => n >= from && n <= to);
  const shown = isPriced ? ["cost", "margin"] : ["issued"];
  const values = all.flatMap((one) => shown.map((name) => one[name]));
  const needed = all.map((one) => one.stamps_needed);
  const write = isPriced ? (value) => roundMoney(value, currency) : (n) => t("console.number", { n });
  const mark = (name, value, { x, y }) => html`
    <line class=${name} x1=${x(value)} x2=${x(value)} y1=${y.range()[0]} y2=${y.range()[1]} />`;
  return html`
    <${Plot} labelledBy=${titleId("what_if")} x=${[needed[0], needed.at(-1)]}
      y=${[Math.min(0, ...values), Math.max(1, ...values)]} yText=${write}
      xTicks=${needed.map((n) => [n, t("console.number", { n })])} labelWidth=${40}
      xName=${t("insight.what_if.needed")}
      yName=${t(isPriced ? "insight.what_if.money" : "insight.what_if.issued_axis", { currency })}>
      ${(scales) => html`
        ${today >= needed[0] && mark("today-mark", today, scales)}
        ${shown.map((name) => html`
          <path key=${name} class=${`curve ${name}`} d=${line((one) => scales.x(one.stamps_needed),
            (one) => scales.y(one[name]))(all)} />`)}
        ${mark("chosen-mark", chosen, scales)}
        ${shown.map((name) => {
          const at = all.find((one) => one.stamps_needed === chosen);
          return html`
            <circle key=${name} class=${`dot ${name}`} cx=${scales.x(chosen)} cy=${scales.y(at[name])} r="6" />`;
        })}`}
    </${Plot}>
    <${Legend} keys=${[...shown.map((name) => [name, t(`insight.what_if.${name}_key`)]),
      ["today-mark", t("insight.what_if.today", { n: today })]]} />
    <${Rows} name="what-if" labelledBy=${titleId("what_if")} rows=${found.thresholds} columns=${[
      { head: t("insight.what_if.needed"), of: (one) => one.stamps_needed },
      { head: t("insight.what_if.issued_axis"), of: ({ issued }) => rounded(issued),
        write: ({ issued }) => t("console.number", { n: Math.round(issued) }) },
      ...["cost", "margin"].map((name) => ({ head: t(`insight.what_if.${name}_head`, { currency }),
        of: (one) => Number(moneyField(one[name], currency)), write: (one) => money(one[name], currency) })),
      { head: t("insight.what_if.more_head"), of: ({ more }) => more },
      { head: t("insight.what_if.fewer_head"), of: ({ fewer }) => fewer },
      { head: t("insight.what_if.lift_head"), of: ({ needed_lift: lift }) => lift && rounded(lift, 4),
        write: ({ needed_lift: lift }) => (lift === null ? "–" : change(lift)) },
    ]} />`;
}

/** "€2.4k": short enough for an axis. */
function roundMoney(minor, currency) {
  return new Intl.NumberFormat(locale(), { style: "currency", currency, notation: "compact",
    maximumSignificantDigits: 2 }).format(minor / 10 ** digitsOf(currency)).replace("-", "−");
}
