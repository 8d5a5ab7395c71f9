/** How are we doing? Who comes, who comes back, how cards fill, and when the shop is busy. */
import { html } from "../../static/js/html.js";
import { dayOf } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { Screen } from "../frame.js";
import { Answer, useAnswer } from "./answer.js";
import { Busy } from "./busy.js";
import { Cohorts } from "./cohorts.js";
import { Completion } from "./completion.js";
import { Fact, Finding, OnPaper, TooEarly, titleId } from "./finding.js";
import { MonthlyReport } from "./monthly.js";
import { Rows } from "./rows.js";
import { FEWEST, behind, day, decimal, outOf, percent, rounded } from "./saying.js";
import { Weeks } from "./weeks.js";

export function Doing({ session }) {
  const doing = useAnswer("/insight/retention");
  const zone = session.business.time_zone;
  return html`
    <${Screen} wide title=${t("console.place.doing")} actions=${html`<${OnPaper} />`}
      under=${session.business.name}>
      <${Answer} of=${doing}>${(data) => data.enrolled === 0
        ? html`<${TooEarly} text=${t("insight.no_cards")} />`
        : html`
          <${Facts} doing=${data} zone=${zone} />
          <${Weeks} weeks=${data.weeks} />
          <div class="halves">
            <${SecondVisit} figure=${data.second_visit} zone=${zone} />
            <${Gradients} gradients=${data.gradients} />
          </div>
          <${Cohorts} cohorts=${data.cohorts} />
          <div class="halves">
            <${Completion} completion=${data.completion} zone=${zone} />
            <${Busy} busy=${data.busy} zone=${zone} />
          </div>
          <${MonthlyReport} zone=${zone} />`}
      </${Answer}>
    </${Screen}>`;
}

/** Each figure: what counts as n, and how its value is written. */
const FACTS = {
  active: ["cards", (value) => t("console.number", { n: value })],
  visits_per_active: ["cards", decimal],
  visits_per_enrolled: ["cards", decimal],
  redemption: ["rewards", (value) => t("insight.percent", { n: percent(value) })],
};

function Facts({ doing, zone }) {
  const figures = Object.entries(FACTS).map(([of, [counted, write]]) => ({ of, counted, write, ...doing[of] }));
  const known = (figure) => figure.value !== undefined;
  const date = (at) => dayOf(at, zone);
  return html`
    <section class="stack tight">
      <h2 id="facts" class="unseen">${t("insight.facts")}</h2>
      <dl class="facts-row">${figures.map((figure) => html`
        <${Fact} key=${figure.of} of=${figure.of} value=${known(figure) ? figure.write(figure.value) : "–"}
          under=${known(figure) ? behind(figure, zone, figure.counted) : t("insight.too_early")} />`)}</dl>
      <${Rows} name="figures" labelledBy="facts" rows=${figures.filter(known)} columns=${[
        { head: t("insight.head.figure"), of: ({ of }) => t(`insight.${of}.name`) },
        { head: t("insight.head.value"), of: ({ value }) => rounded(value, 4),
          write: ({ value, write }) => write(value) },
        { head: t("insight.head.low"), of: ({ interval }) => interval && rounded(interval[0], 4),
          write: ({ interval, write }) => (interval ? write(interval[0]) : "–") },
        { head: t("insight.head.high"), of: ({ interval }) => interval && rounded(interval[1], 4),
          write: ({ interval, write }) => (interval ? write(interval[1]) : "–") },
        { head: t("insight.head.n"), of: ({ n }) => n },
        { head: t("insight.head.from"), of: ({ since }) => date(since), write: ({ since }) => day(date(since)) },
        { head: t("insight.head.to"), of: ({ until }) => date(until), write: ({ until }) => day(date(until)) },
      ]} />
    </section>`;
}

function SecondVisit({ figure, zone }) {
  const of = "second_visit";
  if (!figure || figure.n < FEWEST) {
    return html`
      <${Finding} of=${of} title=${t("insight.second_visit.none")}>
        <${TooEarly} text=${t("insight.fewer_than", { n: figure?.n ?? 0, fewest: FEWEST })} />
      </${Finding}>`;
  }
  return html`
    <${Finding} of=${of} title=${t("insight.second_visit.title", outOf(figure.value))}
      under=${behind(figure, zone, "cards")}>
      <${Tens} share=${figure.value} />
      ${figure.interval && html`<p>${t("insight.likely", {
        low: percent(figure.interval[0]), high: percent(figure.interval[1]) })}</p>`}
      <${Rows} name="second-visit" labelledBy=${titleId(of)} rows=${[figure]} columns=${[
        { head: t("insight.head.figure"), of: () => t("insight.second_visit.name") },
        { head: t("insight.head.value"), of: ({ value }) => rounded(value, 4),
          write: ({ value }) => t("insight.percent", { n: percent(value) }) },
        { head: t("insight.head.low"), of: ({ interval }) => interval && rounded(interval[0], 4) },
        { head: t("insight.head.high"), of: ({ interval }) => interval && rounded(interval[1], 4) },
        { head: t("insight.head.n"), of: ({ n }) => n },
      ]} />
    </${Finding}>`;
}

/** Twenty people, of whom some are filled in: a share one can see. */
function Tens({ share }) {
  const filled = Math.round(20 * share);
  return html`
    <div class="people" aria-hidden="true">${Array.from({ length: 20 }, (_, i) => html`
      <span key=${i} class=${i < filled ? "person here" : "person"}></span>`)}</div>`;
}

/** Do customers hurry towards the reward? Said plainly either way, for each programme that can tell. */
const Gradients = ({ gradients: found }) => {
  const gradients = found.map((one) => ({ ...one, name: nameAmong(one, found) }));
  const claimed = gradients.filter((one) => one.claimed).length;
  const title = t(gradients.length === 0 ? "insight.gradient.unknown"
    : claimed ? "insight.gradient.some" : "insight.gradient.none");
  return html`
    <${Finding} of="gradient" title=${title}>
      ${gradients.length === 0 && html`<${TooEarly} text=${t("insight.gradient.missing")} />`}
      ${gradients.map((one) => html`
        <div key=${one.name} class="stack tight">
          <p>${hurry(one)}</p>
          <p class="soft">${t("insight.gradient.n", { n: one.n, rounds: one.rounds })}</p>
        </div>`)}
      ${gradients.length > 0 && html`
        <${Rows} name="goal-gradient" labelledBy=${titleId("gradient")} rows=${gradients} columns=${[
          { head: t("console.programme.one"), of: ({ name }) => name },
          { head: t("insight.head.faster"), of: ({ acceleration }) => rounded(acceleration, 4),
            write: ({ acceleration }) => t("insight.percent", { n: percent(acceleration) }) },
          { head: t("insight.head.low"), of: ({ interval }) => rounded(interval[0], 4),
            write: ({ interval }) => t("insight.percent", { n: percent(interval[0]) }) },
          { head: t("insight.head.high"), of: ({ interval }) => rounded(interval[1], 4),
            write: ({ interval }) => t("insight.percent", { n: percent(interval[1]) }) },
          { head: t("insight.head.n"), of: ({ n }) => n },
        ]} />`}
    </${Finding}>`;
};

/** Another goal that is tried goes by its programme's name: then the goal tells them apart. */
function nameAmong({ programme, stamps_needed: n }, all) {
  const isAlone = all.filter((one) => one.programme === programme).length === 1;
  return isAlone ? programme : t("insight.gradient.which", { programme, n });
}

/** What one programme shows: a hurry, one that does not end, the contrary, or nothing that can be told. */
function hurry({ name, claimed, acceleration, interval: [low, high] }) {
  const [n, least, most] = [acceleration, low, high].map((share) => Math.abs(percent(share)));
  const kind = claimed ? "claimed" : low > 0 ? "no_reset" : high < 0 ? "longer" : "open";
  // Of gaps that grow, the larger number comes first from the other end.
  const [from, to] = kind === "longer" ? [most, least] : [least, most];
  return t(`insight.gradient.${kind}`, { programme: name, n, low: from, high: to });
}
