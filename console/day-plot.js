/** Thirty days as bars, with the finding as the title and the same figures as a table. */
import { scaleBand, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { calendarDay } from "../static/js/time.js";
import { t } from "../static/js/words.js";

const MEASURES = ["stamps", "new_cards", "redemptions"];
const HEIGHT = 280;
const MARGIN = { top: 36, right: 8, bottom: 36, left: 48 };
const LABEL_WIDTH = 76; // what "30 Nov" takes at 1rem, with air
const WINDOW_DAYS = 14;
const MEAN_DAYS = 7;
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" };
const LONG_DAY = { weekday: "long", day: "numeric", month: "long" };

/** `days` are {day, stamps, new_cards, redemptions}, oldest first; the last one is today. */
export function DayPlot({ days, zone }) {
  const [measure, setMeasure] = useState("stamps");
  const [asTable, setAsTable] = useState(false);
  const values = days.map((day) => day[measure]);
  return html`
    <figure class="stack day-plot" aria-labelledby="plot-title">
      <figcaption class="stack tight">
        <h2 id="plot-title">${finding(values, measure)}</h2>
        <p class="soft">${t(`console.plot.${measure}_n`, { n: sum(values), days: days.length, zone })}</p>
      </figcaption>
      <div class="row apart">
        <div class="tabs" role="group" aria-label=${t("console.plot.what")}>
          ${MEASURES.map((name) => html`
            <button key=${name} type="button" aria-current=${name === measure ? "true" : "false"}
              onClick=${() => setMeasure(name)}>${t(`console.plot.${name}`)}</button>`)}
        </div>
        <button type="button" class="button plain" aria-pressed=${asTable}
          onClick=${() => setAsTable(!asTable)}>${t("console.plot.table")}</button>
      </div>
      ${!asTable && html`<${Bars} days=${days} values=${values} measure=${measure} />`}
      <div class=${asTable ? "table-scroll days-table" : "unseen"} tabindex=${asTable ? 0 : undefined}
        role="region" aria-label=${t("console.plot.table")}>
        <table class="table">
          <thead><tr>
            <th scope="col">${t("console.plot.day")}</th>
            ${MEASURES.map((name) => html`
              <th key=${name} scope="col" class="number">${t(`console.plot.${name}`)}</th>`)}
          </tr></thead>
          <tbody>${[...days].reverse().map((day) => html`
            <tr key=${day.day}>
              <th scope="row">${calendarDay(day.day, SHORT_DAY)}</th>
              ${MEASURES.map((name) => html`
                <td key=${name} class="number">${t("console.number", { n: day[name] })}</td>`)}
            </tr>`)}</tbody>
        </table>
      </div>
    </figure>`;
}

function Bars({ days, values, measure }) {
  const frame = useRef(null);
  const width = useWidth(frame);
  return html`<div ref=${frame} class="plot">${width > 0 && drawing({ days, values, measure, width })}</div>`;
}

function drawing({ days, values, measure, width }) {
  const across = [MARGIN.left, width - MARGIN.right];
  const x = scaleBand().domain(days.map(({ day }) => day)).range(across).paddingInner(0.25);
  const upwards = [HEIGHT - MARGIN.bottom, MARGIN.top];
  const y = scaleLinear().domain([0, Math.max(4, ...values)]).nice(4).range(upwards);
  const every = Math.ceil(LABEL_WIDTH / x.step());
  const today = days.length - 1;
  const edge = x(days[today].day);
  const isLabelled = (i) => i === today
    || ((today - i) % every === 0 && x(days[i].day) > LABEL_WIDTH / 2 && edge - x(days[i].day) > LABEL_WIDTH);
  // Today is not over yet: it would pull the average down, so the line ends yesterday.
  const mean = line((_, i) => x(days[i].day) + x.bandwidth() / 2, y).defined((value) => value !== null);
  return html`
    <svg width=${width} height=${HEIGHT} role="img" aria-labelledby="plot-title">
      <text class="axis-title" x="0" y="16">${t(`console.plot.${measure}_a_day`)}</text>
      ${y.ticks(4).filter(Number.isInteger).map((tick) => html`
        <g key=${tick} transform=${`translate(0 ${y(tick)})`}>
          <line class="grid" x1=${MARGIN.left} x2=${width - MARGIN.right} />
          <text class="tick" x=${MARGIN.left - 8} dy="0.35em" text-anchor="end">
            ${t("console.number", { n: tick })}</text>
        </g>`)}
      ${days.map(({ day }, i) => html`
        <g key=${day} class=${i === today ? "bar so-far" : "bar"}>
          <title>${t(`console.plot.${measure}_on`, { n: values[i], day: calendarDay(day, LONG_DAY) })}</title>
          <rect class="reach" x=${x(day)} width=${x.step()} y=${MARGIN.top}
            height=${HEIGHT - MARGIN.top - MARGIN.bottom} />
          <rect class=${`fill ${measure}`} x=${x(day)} width=${x.bandwidth()} y=${y(values[i])}
            height=${y(0) - y(values[i])} rx=${Math.min(4, x.bandwidth() / 3)} />
        </g>`)}
      ${days.map(({ day }, i) => isLabelled(i) && html`
        <text key=${day} class="tick" y=${HEIGHT - 10}
          x=${i === today ? width - MARGIN.right : x(day) + x.bandwidth() / 2}
          text-anchor=${i === today ? "end" : "middle"}>
          ${i === today ? t("console.plot.today") : calendarDay(day)}</text>`)}
      ${values.some(Boolean) && html`<path class="mean" d=${mean(rollingMean(values).slice(0, -1))} />`}
    </svg>
    <p class="legend soft">
      <span><span class="mean-key"></span>${t("console.plot.mean")}</span>
      <span><span class="so-far-key"></span>${t("console.plot.so_far")}</span>
    </p>`;
}

/** The average of each day and the six before it; null where there are not yet seven. */
function rollingMean(values) {
  return values.map((_, i) => {
    if (i < MEAN_DAYS - 1) return null;
    return sum(values.slice(i - MEAN_DAYS + 1, i + 1)) / MEAN_DAYS;
  });
}

/**
 * What the plot says, in one sentence. Two weeks are held against the two before them, so that weekends
 * weigh the same; a difference smaller than twice what chance alone makes of such counts is called steady.
 */
function finding(values, measure) {
  const full = values.slice(0, -1);
  const last = sum(full.slice(-WINDOW_DAYS));
  const before = sum(full.slice(-2 * WINDOW_DAYS, -WINDOW_DAYS));
  const say = (kind, params) => t(`console.plot.${measure}_${kind}`, params);
  if (sum(values) === 0) return say("none", { days: values.length });
  if (before === 0 || last + before < 20) return say("count", { n: sum(values), days: values.length });
  if (Math.abs(last - before) < 2 * Math.sqrt(last + before)) return say("steady", { n: last, before });
  const percent = Math.round((100 * Math.abs(last - before)) / before);
  return say(last > before ? "more" : "less", { n: last, before, percent });
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** How wide an element is, in pixels; 0 until it is known. */
export function useWidth(element) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return width;
}
