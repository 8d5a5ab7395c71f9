/** A year of visits, week by week, with the customers who came for the first time. */
import { html } from "../../static/js/html.js";
import { calendarDay } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { Finding, TooEarly, titleId } from "./finding.js";
import { Legend, Plot } from "./plot.js";
import { Rows } from "./rows.js";
import { day, sum } from "./saying.js";

// Four weeks are held against the four before.
const HELD = 4;
const WIDTH = 0.8; // of a bar, where a week is 1

export function Weeks({ weeks }) {
  const of = "weeks";
  if (weeks.length === 0) {
    return html`
      <${Finding} of=${of} title=${t("insight.weeks.none")}>
        <${TooEarly} text=${t("insight.weeks.missing")} /></${Finding}>`;
  }
  const visits = weeks.map((week) => week.visits);
  const number = (n) => t("console.number", { n });
  return html`
    <${Finding} of=${of} title=${finding(visits)}
      under=${t("insight.n_visits", { n: sum(visits), from: day(weeks[0].monday), to: day(lastDay(weeks)) })}>
      <${Plot} labelledBy=${titleId(of)} x=${[0, weeks.length]} y=${[0, Math.max(4, ...visits)]}
        xTicks=${weeks.map((week, i) => [i + WIDTH / 2, calendarDay(week.monday)])} yText=${number}
        xName=${t("insight.weeks.from")} yName=${t("insight.weeks.a_week")}>
        ${({ x, y }) => weeks.map((week, i) => html`
          <g key=${week.monday} class="bar">
            <title>${t("insight.weeks.week", { n: week.visits, day: day(week.monday), fresh: week.new })}</title>
            <rect class="reach" x=${x(i)} width=${x(1) - x(0)} y=${y(y.domain()[1])}
              height=${y(0) - y(y.domain()[1])} />
            <rect class="fill stamps" x=${x(i)} width=${x(WIDTH) - x(0)} y=${y(week.visits)}
              height=${y(0) - y(week.visits)} />
            <rect class="fill new_cards" x=${x(i)} width=${x(WIDTH) - x(0)} y=${y(week.new)}
              height=${y(0) - y(week.new)} />
          </g>`)}
      </${Plot}>
      <${Legend} keys=${[["stamps", t("insight.weeks.visits")], ["new_cards", t("insight.weeks.new")]]} />
      <${Rows} name="weeks" labelledBy=${titleId(of)} rows=${[...weeks].reverse()} columns=${[
        { head: t("insight.weeks.from"), of: ({ monday }) => monday, write: ({ monday }) => day(monday) },
        { head: t("insight.head.visits"), of: (week) => week.visits },
        { head: t("insight.head.cards"), of: ({ cards }) => cards },
        { head: t("insight.weeks.new"), of: (week) => week.new },
      ]} />
    </${Finding}>`;
}

/** Steady is what chance alone could make of such counts: less than twice its standard error apart. */
function finding(visits) {
  const last = sum(visits.slice(-HELD));
  const before = sum(visits.slice(-2 * HELD, -HELD));
  if (visits.length < 2 * HELD || before === 0) return t("insight.weeks.count", { n: sum(visits) });
  const difference = Math.abs(last - before);
  if (difference < 2 * Math.sqrt(last + before)) return t("insight.weeks.steady", { n: last, before });
  const percent = Math.round((100 * difference) / before);
  return t(last > before ? "insight.weeks.more" : "insight.weeks.less", { n: last, before, percent });
}

function lastDay(weeks) {
  const sunday = new Date(`${weeks.at(-1).monday}T12:00:00Z`);
  sunday.setUTCDate(sunday.getUTCDate() + 6);
  return sunday.toISOString().slice(0, 10);
}
