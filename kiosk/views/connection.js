/** Connected, or saved here: how many wait. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

export function Connection({ connected, waiting }) {
  const away = connected === false;
  const tone = away ? "warn" : connected ? "good" : "";
  return html`<p class="chip dot ${tone} connection" role="status">
    ${t(`kiosk.${keyOf({ away, connected, waiting })}`, { n: waiting })}
  </p>`;
}

function keyOf({ away, connected, waiting }) {
  if (waiting > 0) return away ? "saved_waiting" : "sending";
  if (away) return "away";
  return connected ? "connected" : "connecting";
}
