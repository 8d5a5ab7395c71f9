/** A card that was just made: the customer's phone takes it over from the screen, or it is printed. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { icon } from "./icons.js";

export function NewCard({ face, cardKey }) {
  const [qr, setQr] = useState(null);
  useEffect(() => {
    // Drawn here, because the private link must not travel to any picture service, not even ours.
    import("../../static/js/qr.js").then(({ qrPath }) =>
      setQr({ own: qrPath(`${face.url}#${cardKey}`), printed: qrPath(face.url.toUpperCase()) }));
  }, []);
  return html`<div class="new-card">
    <div class="qr">${qr && html`<${Qr} ...${qr.own} label=${t("kiosk.take_over")} />`}</div>
    <div class="stack">
      <h2>${t("kiosk.take_over")}</h2>
      <p>${t("kiosk.take_over_help")}</p>
      <p><button type="button" class="button quiet" disabled=${!qr} onClick=${() => print()}>${icon("printer")} ${t("kiosk.print")}</button></p>
    </div>
    <div class="paper" aria-hidden="true">
      <strong>${face.business.name}</strong>
      <span>${t("kiosk.promise", { n: face.programme.stamps_needed, reward: face.programme.reward })}</span>
      ${qr && html`<${Qr} ...${qr.printed} />`}
      <span class="code">${face.short_code}</span>
    </div>
  </div>`;
}

function Qr({ size, d, label }) {
  return html`<svg viewBox="-4 -4 ${size + 8} ${size + 8}" role=${label ? "img" : undefined} aria-label=${label} shape-rendering="crispEdges"><path d=${d} /></svg>`;
}
