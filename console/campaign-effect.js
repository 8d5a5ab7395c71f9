/** Did it work? Visits a card of those who could get something, against those held out by chance. */
import { html } from "../static/js/html.js";
import { dayText } from "../static/js/time.js";
import { locale, t } from "../static/js/words.js";
import { signed } from "./insight/saying.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

const WIDTH = 320;
const MARGIN = 24;

export function CampaignEffect({ id, zone }) {
  const effect = useLoad(() => service.get(`/campaigns/${id}/effect`), [id]);
  return html`
    <section class="panel stack">
      <${Loaded} of=${effect}>${(data) => html`
        <h2 id="effect">${finding(data)}</h2>
        ${data.difference !== null && data.finding !== "uneven" && html`<${Range} effect=${data} />`}
        ${data.finding !== "none_held_out" && html`
          <p class="soft">${t(data.is_over ? "console.effect.over" : "console.effect.so_far",
            { from: dayText(data.since, zone), to: dayText(data.until, zone) })}</p>
          <${Sides} effect=${data} />`}`}
      </${Loaded}>
    </section>`;
}

function finding({ finding: name, difference, low, high, could_get: could }) {
  const visits = Math.round(Math.abs(difference ?? 0) * could.cards);
  return t(`console.effect.${name}`, { n: visits, low: signed(low), high: signed(high) });
}

/** The difference and how far off it may be, with nothing at all marked. */
function Range({ effect: { low, high, difference } }) {
  const [first, last] = [Math.min(0, low), Math.max(0, high)];
  const x = (value) => MARGIN + ((value - first) / (last - first || 1)) * (WIDTH - 2 * MARGIN);
  const mark = (value, y) => html`
    <text x=${x(value)} y=${y} text-anchor="middle">${signed(value)}</text>`;
  return html`
    <svg class="range" viewBox=${`0 0 ${WIDTH} 84`} role="img" aria-labelledby="effect">
      <line class="grid" x1=${x(0)} x2=${x(0)} y1="24" y2="60" />
      <line class="reach" x1=${x(low)} x2=${x(high)} y1="42" y2="42" />
      <circle cx=${x(difference)} cy="42" r="7" />
      ${mark(difference, 18)}${mark(0, 78)}
    </svg>`;
}

const Sides = ({ effect }) => html`
  <div class="table-scroll" tabindex="0" role="region" aria-labelledby="effect">
    <table class="table watch-table wraps">
      <thead><tr>
        <th scope="col"><span class="unseen">${t("console.effect.side")}</span></th>
        ${["cards", "visits", "mean"].map((name) => html`
          <th key=${name} scope="col" class="number">${t(`console.effect.${name}`)}</th>`)}
      </tr></thead>
      <tbody>${["could_get", "held_out"].map((side) => html`
        <tr key=${side}>
          <th scope="row">${t(`console.effect.${side}`)}</th>
          <td class="number">${t("console.number", { n: effect[side].cards })}</td>
          <td class="number">${t("console.number", { n: effect[side].visits })}</td>
          <td class="number">${plain(effect[side].mean)}</td>
        </tr>`)}</tbody>
    </table>
  </div>`;

const plain = (n) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(n ?? 0);
