/** What every plot of figures is drawn on: as wide as its place, both axes named, no labels on top of each other. */
import { scaleLinear } from "d3-scale";
import { html, useRef } from "../../static/js/html.js";
import { useWidth } from "../day-plot.js";

const HEIGHT = 300;
const MARGIN = { top: 36, right: 16, bottom: 56 };
const LABEL_WIDTH = 76; // what "30 Nov" takes at 1rem, with air
const LETTER_WIDTH = 8;
const Y_TICKS = 4;

/**
 * `x`, `y`: the domains. `xTicks`: [value, text] pairs, of which as many are written as there is room for;
 * `labelWidth` is what one takes in pixels; `yText` writes a value. `xName`, `yName` name the axes.
 * `children({x, y})` draws, with the scales.
 */
export function Plot(what) {
  const frame = useRef(null);
  const width = useWidth(frame);
  return html`<div ref=${frame} class="plot">${width > 0 && drawing({ ...what, width })}</div>`;
}

function drawing({ x: across, y: upwards, width, ...what }) {
  const { labelledBy, xTicks, yText, xName, yName, children, labelWidth = LABEL_WIDTH } = what;
  const y = scaleLinear(upwards, [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(Y_TICKS);
  const yTicks = y.ticks(Y_TICKS).map((tick) => [tick, yText(tick)]);
  const left = 16 + LETTER_WIDTH * Math.max(...yTicks.map(([, text]) => text.length));
  const x = scaleLinear(across, [left, width - MARGIN.right]);
  return html`
    <svg width=${width} height=${HEIGHT} viewBox=${`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby=${labelledBy}>
      <text class="axis-title" x="0" y="16">${yName}</text>
      ${yTicks.map(([tick, text]) => html`
        <g key=${tick} transform=${`translate(0 ${y(tick)})`}>
          <line class=${tick === 0 ? "grid zero" : "grid"} x1=${left} x2=${width - MARGIN.right} />
          <text class="tick" x=${left - 8} dy="0.35em" text-anchor="end">${text}</text>
        </g>`)}
      ${children({ x, y })}
      ${thinned(xTicks, x, labelWidth).map(([value, text]) => html`
        <text key=${value} class="tick" x=${x(value)} y=${HEIGHT - MARGIN.bottom + 26}
          text-anchor="middle">${text}</text>`)}
      <text class="axis-title" x=${width - MARGIN.right} y=${HEIGHT - 8} text-anchor="end">${xName}</text>
    </svg>`;
}

/** Of these labels, which are equally far apart, so many that none touches the next. */
function thinned(ticks, x, labelWidth) {
  if (ticks.length < 2) return ticks;
  const every = Math.ceil(labelWidth / (x(ticks[1][0]) - x(ticks[0][0])));
  return ticks.filter((_, i) => i % every === 0);
}

/** What each colour or line of a plot stands for: [class of its key, text] pairs. */
export const Legend = ({ keys }) => html`
  <p class="legend soft">${keys.map(([kind, text]) => html`
    <span key=${kind}><span class=${`key ${kind}`}></span>${text}</span>`)}</p>`;
