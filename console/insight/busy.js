/** When the shop is busy: an average week, hour by hour. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { WEEKDAYS, weekday } from "../campaign-text.js";
import { minuteText } from "../watch-form.js";
import { Finding, TooEarly, titleId } from "./finding.js";
import { Heat } from "./heat.js";
import { AsFile } from "./rows.js";
import { behind, rounded } from "./saying.js";

export function Busy({ busy, zone }) {
  const of = "busy";
  if (!busy) {
    return html`
      <${Finding} of=${of} title=${t("insight.busy.none")}>
        <${TooEarly} text=${t("insight.busy.missing")} /></${Finding}>`;
  }
  const most = Math.max(...busy.visits.flat());
  const day = busy.visits.findIndex((hours) => hours.includes(most));
  const hour = busy.visits[day].indexOf(most);
  const hours = Array.from({ length: 24 }, (_, i) => ({ hour: i, visits: busy.visits.map((each) => each[i]) }));
  const isOpen = ({ visits }) => visits.some(Boolean);
  const shown = hours.slice(hours.findIndex(isOpen), hours.findLastIndex(isOpen) + 1);
  const when = { day: weekday(day + 1), hour: minuteText(60 * hour), n: rounded(most) };
  return html`
    <${Finding} of=${of} title=${t(hour >= 11 && hour < 14 ? "insight.busy.lunch" : "insight.busy.title", when)}
      under=${behind(busy, zone, "visits")}>
      <${Heat} labelledBy=${titleId(of)}
        heads=${[t("insight.busy.hour"), ...WEEKDAYS.map((n) => weekday(n, "short").replace(/\.$/, ""))]}
        rows=${shown.map((each) => ({
          head: minuteText(60 * each.hour),
          cells: each.visits.map((visits) => ({ value: visits / most, text: number(visits) })),
        }))} />
      <div class="row end">
        <${AsFile} name="busy-hours" rows=${hours} columns=${[
          { head: t("insight.busy.hour"), of: (each) => minuteText(60 * each.hour) },
          ...WEEKDAYS.map((n) => ({ head: weekday(n), of: ({ visits }) => rounded(visits[n - 1], 2) })),
        ]} />
      </div>
    </${Finding}>`;
}

const number = (visits) => (visits === 0 ? "" : t("console.number", { n: Math.round(visits) }));
