/** Was the forecast right? What it would have said four weeks ago, against what came since. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Finding, titleId } from "./finding.js";
import { Legend, Plot } from "./plot.js";
import { Rows } from "./rows.js";
import { day, percent, rounded, sum } from "./saying.js";

// 95 of 100 groups of customers who do as expected come within so many standard errors.
const REACH = 1.96;
// A forecast that is off by less does no harm to the list.
const GOOD_ENOUGH = 0.1;

export function Calibration({ calibration: { groups, since, until } }) {
  const of = "calibration";
  const most = Math.max(1, ...groups.map((group) => Math.max(group.expected, high(group))));
  const number = (n) => t("console.number", { n: rounded(n) });
  const ticks = Array.from({ length: Math.floor(most) + 1 }, (_, i) => [i, number(i)]);
  return html`
    <${Finding} of=${of} title=${finding(groups)} under=${t("insight.n_cards", {
      n: sum(groups.map(({ n }) => n)), from: day(since), to: day(until) })}>
      <${Plot} labelledBy=${titleId(of)} x=${[0, most]} y=${[0, most]} xTicks=${ticks} yText=${number}
        xName=${t("insight.calibration.expected")} yName=${t("insight.calibration.seen")}>
        ${({ x, y }) => html`
          <line class="equal" x1=${x(0)} y1=${y(0)} x2=${x(most)} y2=${y(most)} />
          ${groups.map((group, i) => html`
            <g key=${i}>
              <line class="spread" x1=${x(group.expected)} x2=${x(group.expected)} y1=${y(low(group))}
                y2=${y(high(group))} />
              <circle class="dot" cx=${x(group.expected)} cy=${y(group.seen)} r="6" />
            </g>`)}`}
      </${Plot}>
      <${Legend} keys=${[["dot", t("insight.calibration.group")], ["equal", t("insight.calibration.equal")]]} />
      <${Rows} name="forecast" labelledBy=${titleId(of)} rows=${groups} columns=${[
        { head: t("insight.calibration.which"), of: (group) => groups.indexOf(group) + 1 },
        { head: t("insight.head.cards"), of: ({ n }) => n },
        { head: t("insight.calibration.expected"), of: ({ expected }) => rounded(expected, 2) },
        { head: t("insight.calibration.seen"), of: ({ seen }) => rounded(seen, 2) },
        { head: t("insight.calibration.spread"), of: ({ spread }) => rounded(spread, 2) },
      ]} />
    </${Finding}>`;
}

const low = ({ seen, spread }) => Math.max(0, seen - REACH * spread);
const high = ({ seen, spread }) => seen + REACH * spread;

/** Right is what chance alone explains, or what is off by too little to matter. */
function finding(groups) {
  const expected = sum(groups.map((group) => group.n * group.expected));
  const seen = sum(groups.map((group) => group.n * group.seen));
  const error = Math.sqrt(sum(groups.map((group) => (group.n * group.spread) ** 2)));
  const off = Math.abs(seen - expected);
  const isRight = off <= REACH * error || off <= GOOD_ENOUGH * expected;
  const kind = isRight ? "right" : seen > expected ? "more" : "fewer";
  return t(`insight.calibration.${kind}`, { n: Math.round(seen), expected: Math.round(expected),
    percent: expected > 0 ? percent(off / expected) : 100 });
}
