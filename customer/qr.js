/** The card's QR code, drawn here so that it also shows without a network, and the white screen for the scanner. */
import { html, useEffect, useMemo, useRef } from "../static/js/html.js";
import { qrPath } from "../static/js/qr.js";
import { t } from "../static/js/words.js";

export function Qr({ text, label }) {
  const { size, d } = useMemo(() => qrPath(text.split("#").length > 1 ? text : text.toUpperCase()), [text]);
  return html`<svg class="qr" role="img" aria-label=${label} viewBox="-4 -4 ${size + 8} ${size + 8}" shape-rendering="crispEdges">
    <rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff" /><path d=${d} fill="#000" />
  </svg>`;
}

/** The whole screen white with the code on it, kept awake: bright enough for a scanner under a counter lamp. */
export function ScanMode({ face, onClose }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current.showModal();
    return keepAwake();
  }, []);
  return html`<dialog class="scan-mode" ref=${dialog} aria-label=${t("customer.scan_title")} onClose=${onClose} onClick=${onClose}>
    <p class="title">${t("customer.scan_title")}</p>
    <${Qr} text=${face.url} label=${t("customer.qr_label", { short_code: face.short_code })} />
    <p class="short-code">${face.short_code}</p>
    <p>${face.business.name}, ${t("common.stamps_of", face)}</p>
    <button class="button quiet" onClick=${onClose}>${t("common.close")}</button>
  </dialog>`;
}

/** Asks the phone not to dim; phones that cannot simply do not. */
function keepAwake() {
  let lock = null;
  let isDone = false;
  navigator.wakeLock?.request("screen").then((given) => (isDone ? given.release() : (lock = given)), () => {});
  return () => {
    isDone = true;
    lock?.release();
  };
}
