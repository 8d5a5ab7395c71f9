/** What is said where price and cost of a reward are not filled in: without them nobody knows what it earns. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

export const Unpriced = ({ programme = "" }) => html`
  <p class="notice warn"><span>${t("insight.unpriced")}</span>
    <a href=${`#/programmes/${programme}`}>${t("insight.to_programme")}</a></p>`;
