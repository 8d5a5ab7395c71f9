/** How long cards take to fill for the first time. */
import { curveStepAfter, line } from "d3-shape";
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Finding, TooEarly, titleId } from "./finding.js";
import { Plot } from "./plot.js";
import { Rows } from "./rows.js";
import { FEWEST, behind, outOf, percent, rounded } from "./saying.js";

const SAID_DAYS = 180; // what `within` is about
const MONTH_DAYS = 30;

export function Completion({ completion, zone }) {
  const of = "completion";
  if (!completion || completion.within.n < FEWEST) {
    return html`
      <${Finding} of=${of} title=${t("insight.completion.none")}>
        <${TooEarly} text=${t("insight.fewer_than", { n: completion?.within.n ?? 0, fewest: FEWEST })} />
      </${Finding}>`;
  }
  const { within, median_days: median } = completion;
  const months = Math.max(1, Math.ceil((completion.days.at(-1) ?? 0) / MONTH_DAYS));
  const days = Array.from({ length: months + 1 }, (_, i) => i * MONTH_DAYS);
  const points = completion.days.map((after, i) => [after, completion.shares[i]]);
  return html`
    <${Finding} of=${of} title=${t("insight.completion.title", outOf(within.value))}
      under=${behind(within, zone, "cards")}>
      <${Plot} labelledBy=${titleId(of)} x=${[0, days.at(-1)]} y=${[0, 1]}
        xTicks=${days.map((after) => [after, t("console.number", { n: after })])}
        yText=${(share) => t("insight.percent", { n: percent(share) })}
        labelWidth=${40} xName=${t("insight.completion.days")} yName=${t("insight.completion.share")}>
        ${({ x, y }) => html`
          <path class="curve" d=${line(([after]) => x(after), ([, share]) => y(share))
            .curve(curveStepAfter)([[0, 0], ...points, [days.at(-1), points.at(-1)?.[1] ?? 0]])} />
          <circle class="dot" cx=${x(Math.min(SAID_DAYS, days.at(-1)))} cy=${y(within.value)} r="6" />`}
      </${Plot}>
      <p>${median === null ? t("insight.completion.no_half")
        : t("insight.completion.half", { n: Math.round(median) })}</p>
      <${Rows} name="completion" labelledBy=${titleId(of)} rows=${days.slice(1)} columns=${[
        { head: t("insight.completion.days"), of: (after) => after },
        { head: t("insight.completion.share"), of: (after) => rounded(shareAt(completion, after), 4),
          write: (after) => t("insight.percent", { n: percent(shareAt(completion, after)) }) },
      ]} />
    </${Finding}>`;
}

/** The share of cards full so many days after the first visit. */
function shareAt({ days, shares }, after) {
  const last = days.findLastIndex((each) => each <= after);
  return last < 0 ? 0 : shares[last];
}
