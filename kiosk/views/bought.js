/** The item of the month, while a campaign runs for one: a tap says that this customer buys it. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Button, icon } from "./buttons.js";

export function Bought({ state, act }) {
  const names = itemsAt(new Date().toISOString(), state.till.items);
  if (names.length === 0) return null;
  return html`<div class="bought row">
    ${names.map((item) => html`
      <${Button} key=${item} class="quiet" aria-pressed=${state.bought === item}
        onClick=${() => act.buys(item)}>
        ${icon(state.bought === item ? "tick" : "plus")} ${t("kiosk.with_item", { item })}<//>`)}
  </div>`;
}

/** What there is a campaign for now, as far as is known here: a till may have kept what is older than this list. */
function itemsAt(now, items = []) {
  const running = items.filter(({ starts_at: from, ends_at: until }) => from <= now && !(until <= now));
  return [...new Set(running.map(({ item }) => item))];
}
