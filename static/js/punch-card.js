/** The punch card: filled places, empty places, and the last one that is the reward. */
import { html } from "./html.js";
import { t } from "./words.js";

// A rosette of nine petals round a ring of nine holes: nine bought, and the whole of it is the tenth. Drawn in a box of 100.
export const STAMP_PATH = rosette();
const GIFT_PATH = "M3 8h8v4H3zM13 8h8v4h-8zM4.5 13.5H11V21H4.5zM13 13.5h6.5V21H13zM12 7C5 7 4 3 7 2s4 2 5 5c1-3 2-6 5-5s2 5-5 5z";

/**
 * @param {{stamps: number, needed: number, fresh?: number}} card fresh: how many of the stamps have just come down
 */
export function punchCard({ stamps, needed, fresh = 0 }) {
  const places = Array.from({ length: needed }, (_, index) => place(index + 1, { stamps, needed, fresh }));
  return html`<div class="punch-card" role="img" aria-label=${t("common.stamps_of", { stamps, needed })} style=${{ "--columns": columns(needed) }}>
    ${places}
  </div>`;
}

function place(number, { stamps, needed, fresh }) {
  const stamped = number <= stamps;
  const isFresh = stamped && number > stamps - fresh;
  const isReward = number === needed;
  const names = [stamped && "stamped", isFresh && "fresh", isReward && "reward-place"].filter(Boolean).join(" ");
  // Hand-held stamps never land straight; the angle belongs to the place, so that it stays between paints.
  const style = { "--tilt": `${((number * 47) % 31) - 15}deg`, "--nth": isFresh ? number - (stamps - fresh) - 1 : 0 };
  return html`<span key=${number} class=${names} style=${style}>
    ${stamped && !isReward && html`<svg viewBox="0 0 100 100"><path fill-rule="evenodd" d=${STAMP_PATH} /></svg>`}
    ${isReward ? html`<svg class="gift" viewBox="0 0 24 24"><path fill-rule="evenodd" d=${GIFT_PATH} /></svg>` : html`<span class="number">${number}</span>`}
  </span>`;
}

/** Rows that come out even where they can: 10 → 5, 8 → 4, 12 → 4, 7 → 4. */
export function columns(needed) {
  if (needed <= 5) return needed;
  const even = [5, 4, 6, 3].find((width) => needed % width === 0);
  if (needed <= 20) return even ?? (needed < 9 ? 4 : 5);
  return needed <= 30 ? 6 : 8;
}

function rosette() {
  const at = (angle, radius) => `${(50 + radius * Math.sin(angle)).toFixed(2)} ${(50 - radius * Math.cos(angle)).toFixed(2)}`;
  const turn = (2 * Math.PI) / 9;
  let path = `M${at(-turn / 2, 42)}`;
  for (let petal = 0; petal < 9; petal++) path += `Q${at(petal * turn, 56)} ${at((petal + 0.5) * turn, 42)}`;
  path += "Z";
  for (let hole = 0; hole < 9; hole++) path += circle(50 + 32 * Math.sin(hole * turn), 50 - 32 * Math.cos(hole * turn), 4.2);
  return path + circle(50, 50, 18) + circle(50, 50, 12);
}

function circle(x, y, radius) {
  return `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
}
