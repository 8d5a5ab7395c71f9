/** The rewards that wait, by name, with what they cost at the very most. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";

export function Waiting({ rows, currency }) {
  const isOfMany = new Set(rows.map(({ programme }) => programme)).size > 1;
  return html`
    <ul class="lines" role="list">${rows.map(({ programme, reward, n, cost }) => html`
      <li key=${`${programme}/${reward}`} class="row apart">
        <span class="grow">${reward}${isOfMany && html`${" "}<span class="soft">${programme}</span>`}</span>
        <span>${cost > 0 ? t("console.waiting.priced", { n, cost: money(cost, currency) })
          : t("console.number", { n })}</span>
      </li>`)}</ul>`;
}
