/** The gifts of a round by the stamps that earn them, where there are more than the one at its end. */
import { html } from "../static/js/html.js";
import { oneOf } from "../static/js/rewards.js";
import { t } from "../static/js/words.js";

export const Way = ({ way, stamps }) => way.length > 1 && html`<ol class="way" role="list">
  ${way.map(({ at, names, once }) => html`<li key=${at + names[0]} class=${at <= stamps ? "passed" : ""}>
    <b>${at}</b>${" "}
    <span>${once ? t("customer.way_once", { reward: oneOf(names) }) : oneOf(names)}</span>
  </li>`)}
</ol>`;
