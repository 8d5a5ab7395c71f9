/** Stands where something goes that is fetched once the counter is open; the service worker keeps it. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Button } from "./buttons.js";

let part = null;

export const fetchLater = async () => (part ??= await import("../later.js"));

/** view: its name there; everything else is handed to it. */
export function Later({ view, ...rest }) {
  const [isMissing, setMissing] = useState(false);
  const load = () => fetchLater().then(() => setMissing(null), () => setMissing(true));
  useEffect(() => void (part || load()), []);
  if (part) return html`<${part[view]} ...${rest} />`;
  return isMissing && html`<div class="notice warn row">
    ${t("kiosk.not_fetched")} <${Button} class="quiet" onClick=${load}>${t("common.retry")}<//></div>`;
}
