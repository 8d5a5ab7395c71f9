/** QR codes drawn on the page, so that they show without a network, and the white screen for the scanner. */
import { html, useEffect, useMemo, useRef } from "../static/js/html.js";
import { qrPath } from "../static/js/qr.js";
import { t } from "../static/js/words.js";

/** A card's address is drawn in upper case, as on paper; a private link must be kept as it is. */
export function Qr({ text, label }) {
  const { size, d } = useMemo(() => qrPath(text.includes("#") ? text : text.toUpperCase()), [text]);
  const box = `-4 -4 ${size + 8} ${size + 8}`;
  return html`<svg class="qr" role="img" aria-label=${label} viewBox=${box} shape-rendering="crispEdges">
    <rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff" />
    <path d=${d} fill="#000" />
  </svg>`;
}

/** The whole screen white with the code on it, and kept awake: bright enough under a counter lamp. */
export function ScanMode({ face, onClose }) {
  const dialog = useRef(null);
  const title = t("customer.scan_title");
  useEffect(() => {
    dialog.current.showModal();
    return keepAwake();
  }, []);
  const closing = { onClose, onClick: onClose };
  return html`<dialog class="scan-mode" ref=${dialog} aria-label=${title} ...${closing}>
    <p class="title">${title}</p>
    <${Qr} text=${face.url} label=${t("customer.qr_label", { short_code: face.short_code })} />
    <p class="short-code">${face.short_code}</p>
    <p>${face.business.name}, ${t("common.stamps_of", face)}</p>
    <button class="button quiet" onClick=${onClose}>${t("common.close")}</button>
  </dialog>`;
}

/** Asks the phone not to dim; phones that cannot simply do not. Returns how to let go. */
function keepAwake() {
  const lock = navigator.wakeLock?.request("screen").catch(() => null);
  return () => lock?.then((given) => given?.release());
}
