/** Whether a till is there, in one chip. */
import { html } from "../static/js/html.js";
import { ago } from "../static/js/time.js";
import { t } from "../static/js/words.js";

// A till in use speaks at least this often; one that has been quiet for longer is asleep or switched off.
const HERE_FOR_MS = 5 * 60_000;

export function TillState({ till }) {
  if (till.revoked_at) return html`<span class="chip bad dot">${t("console.till.revoked")}</span>`;
  const seenAt = till.last_seen_at ?? till.paired_at; // pairing is the first word it says
  if (Date.now() - new Date(seenAt) < HERE_FOR_MS) return html`<span class="chip good dot">
    ${t("console.till.here")}</span>`;
  return html`<span class="chip dot">${t("console.till.seen", { ago: ago(seenAt) })}</span>`;
}
