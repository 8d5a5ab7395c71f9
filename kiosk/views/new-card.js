/** A card that was just made: the customer's phone takes it over from the screen, or it is printed. */
import { html, useMemo } from "../../static/js/html.js";
import { qrPath } from "../../static/js/qr.js";
import { t } from "../../static/js/words.js";
import { Button, icon } from "./buttons.js";

export function NewCard({ face, cardKey }) {
  const { business, programme, url } = face;
  return html`<div class="new-card">
    <div class="qr"><${Qr} text="${url}#${cardKey}" label=${t("kiosk.take_over")} /></div>
    <div class="stack">
      <h2>${t("kiosk.take_over")}</h2>
      <p>${t("kiosk.take_over_help")}</p>
      <p><${Button} class="quiet" onClick=${() => print()}>
        ${icon("printer")} ${t("kiosk.print")}<//></p>
    </div>
    <div class="paper" aria-hidden="true">
      <strong>${business.name}</strong>
      <span>${t("kiosk.promise", { n: programme.stamps_needed, reward: programme.reward })}</span>
      <${Qr} text=${url.toUpperCase()} />
      <span class="code">${face.short_code}</span>
    </div>
  </div>`;
}

/** Drawn here, because the private link must not travel to any picture service, not even ours. */
export function Qr({ text, label }) {
  const { size, d } = useMemo(() => qrPath(text), [text]);
  return html`<svg viewBox="-4 -4 ${size + 8} ${size + 8}" shape-rendering="crispEdges"
    role=${label && "img"} aria-label=${label}><path d=${d} /></svg>`;
}
