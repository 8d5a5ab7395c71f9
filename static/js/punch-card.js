/** The punch card: filled places, empty places, smaller gifts on the way, and the last one that is the reward. */
import { html } from "./html.js";
import { t } from "./words.js";

/** The stamp, in a box of 100: nine petals round nine holes. Nine are bought; the whole is the tenth. */
export const STAMP_PATH = rosette();
const GIFT_PATH =
  "M3 8h8v4H3zM13 8h8v4h-8zM4.5 13.5H11V21H4.5zM13 13.5h6.5V21H13z" +
  "M12 7C5 7 4 3 7 2s4 2 5 5c1-3 2-6 5-5s2 5-5 5z";

/**
 * @param {{stamps: number, needed: number, fresh?: number, gifts?: number[]}} card
 *   fresh: how many have just come down; gifts: the places of smaller rewards
 */
export function punchCard({ stamps, needed, fresh = 0, gifts = [] }) {
  const places = Array.from({ length: needed }, (_, i) => place(i + 1, { stamps, needed, fresh, gifts }));
  const label = t("common.stamps_of", { stamps, needed });
  const style = { "--columns": columns(needed) };
  return html`<div class="punch-card" role="img" aria-label=${label} style=${style}>${places}</div>`;
}

function place(number, { stamps, needed, fresh, gifts }) {
  const nth = number - (stamps - fresh) - 1;
  const isStamped = number <= stamps;
  const isFresh = isStamped && nth >= 0;
  const isLast = number === needed;
  const isReward = isLast || gifts.includes(number);
  const names = [isStamped && "stamped", isFresh && "fresh", isReward && (isLast ? "reward-place" : "reward-place small")];
  // Hand-held stamps never land straight; the angle belongs to the place, so that it stays between paints.
  const style = { "--tilt": `${((number * 47) % 31) - 15}deg`, "--nth": isFresh ? nth : 0 };
  return html`<span key=${number} class=${names.filter(Boolean).join(" ")} style=${style}>
    ${isReward ? gift() : isStamped ? stamp() : html`<span class="number">${number}</span>`}
  </span>`;
}

const gift = () => html`<svg class="gift" viewBox="0 0 24 24"><path d=${GIFT_PATH} /></svg>`;
const stamp = () => html`<svg viewBox="0 0 100 100"><path fill-rule="evenodd" d=${STAMP_PATH} /></svg>`;

/** Rows that come out even where they can: 10 → 5, 8 → 4, 12 → 4, 7 → 4. */
function columns(needed) {
  if (needed <= 5) return needed;
  if (needed > 20) return needed <= 30 ? 6 : 8;
  return [5, 4, 6, 3].find((width) => needed % width === 0) ?? (needed < 9 ? 4 : 5);
}

function rosette() {
  const turn = (2 * Math.PI) / 9;
  const at = (angle, radius) => [50 + radius * Math.sin(angle), 50 - radius * Math.cos(angle)];
  const point = (angle, radius) => at(angle, radius).map((number) => number.toFixed(1)).join(" ");
  let path = `M${point(-turn / 2, 42)}`;
  let holes = "";
  for (let nth = 0; nth < 9; nth++) {
    path += `Q${point(nth * turn, 56)} ${point((nth + 0.5) * turn, 42)}`;
    holes += circle(at(nth * turn, 32), 4.2);
  }
  return `${path}Z${holes}${circle([50, 50], 18)}${circle([50, 50], 12)}`;
}

function circle([x, y], radius) {
  const arc = `a${radius} ${radius} 0 1 0 `;
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}${arc}${2 * radius} 0${arc}${-2 * radius} 0Z`;
}
