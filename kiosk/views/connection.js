/** Connected, or saved here: how many wait, and since when. */
import { html } from "../../static/js/html.js";
import { moment } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { zone } from "../state.js";

export function Connection({ state }) {
  const { connected, waiting, since, alarm, held } = state;
  const away = connected === false;
  const tone = alarm ? "bad" : away || held ? "warn" : connected ? "good" : "";
  return html`<p class="chip dot ${tone} connection" role="status">
    ${t(keyOf({ away, connected, waiting, held }), { n: waiting, when: since && moment(since, zone()) })}
  </p>`;
}

function keyOf({ away, connected, waiting, held }) {
  if (held) return "kiosk.held";
  if (waiting > 0) return away ? "kiosk.saved_waiting" : "kiosk.sending";
  if (away) return "kiosk.away";
  return connected ? "kiosk.connected" : "kiosk.connecting";
}
