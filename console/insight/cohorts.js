/** Who still comes: of those who first came in a month, the share that came in each thirty days after. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Finding, TooEarly, titleId } from "./finding.js";
import { Heat } from "./heat.js";
import { AsFile } from "./rows.js";
import { FEWEST, month, outOf, percent, rounded, sum } from "./saying.js";

// Half a year says most; a younger shop tells what it can.
const SAID = [6, 5, 4, 3, 2, 1];

export function Cohorts({ cohorts }) {
  const of = "cohorts";
  const found = cohorts && SAID.map((window) => ({ window, ...later(cohorts, window) }))
    .find(({ cards }) => cards >= FEWEST);
  if (!found) {
    return html`
      <${Finding} of=${of} title=${t("insight.cohorts.none")}>
        <${TooEarly} text=${t("insight.cohorts.missing", { fewest: FEWEST })} /></${Finding}>`;
  }
  const rows = cohorts.months.map((name, i) => ({ name, cards: cohorts.cards[i], shares: cohorts.shares[i] }));
  const windows = cohorts.shares[0].map((_, i) => i + 1);
  const { n, of: all } = outOf(found.share);
  return html`
    <${Finding} of=${of} title=${t("insight.cohorts.title", { n, of: all, months: found.window })}
      under=${t("insight.n_cards", { n: found.cards, from: month(cohorts.months[0]), to: month(found.last) })}>
      <${Heat} labelledBy=${titleId(of)}
        heads=${[t("insight.cohorts.month"), t("insight.head.cards"),
          ...windows.map((window) => t("console.number", { n: window }))]}
        over=${{ skip: 2, span: windows.length, text: t("insight.cohorts.windows") }}
        rows=${rows.map(({ name, cards, shares }) => ({
          head: month(name),
          cells: [{ value: null, text: t("console.number", { n: cards }) }, ...shares.map((share) => ({
            value: share, text: share === null ? "" : t("insight.percent", { n: percent(share) }) }))],
        }))} />
      <div class="row end">
        <${AsFile} name="cohorts" rows=${rows} columns=${[
          { head: t("insight.cohorts.month"), of: ({ name }) => name },
          { head: t("insight.head.cards"), of: ({ cards }) => cards },
          ...windows.map((window, i) => ({ head: t("insight.cohorts.window", { n: window }),
            of: ({ shares }) => (shares[i] === null ? null : rounded(shares[i], 4)) })),
        ]} />
      </div>
    </${Finding}>`;
}

/** Over all months whose window is over: how many cards, what share of them came in it, and the last month. */
function later({ months, cards, shares }, window) {
  const over = months.map((_, i) => i).filter((i) => shares[i][window - 1] !== null && cards[i] > 0);
  const all = sum(over.map((i) => cards[i]));
  const came = sum(over.map((i) => cards[i] * shares[i][window - 1]));
  return { cards: all, share: came / all, last: months[over.at(-1)] };
}
