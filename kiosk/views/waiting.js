/** What stands there until the service has answered. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

export const Waiting = () => html`
  <p class="waiting" role="status"><span class="unseen">${t("common.loading")}</span></p>`;
