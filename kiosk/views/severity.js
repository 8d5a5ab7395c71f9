/** How bad it was, as a face: 1, a small thing; 2, annoying; 3, it spoiled the day. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

const MOUTHS = { 1: "M8 15.5h8", 2: "M8 16.5q4-3 8 0", 3: "M7.5 17.5q4.5-5 9 0M7 7l3 1.5M17 7l-3 1.5" };

export const Face = ({ of, size = 28 }) => html`
  <span class="face severity-${of}" title=${t(`kiosk.severity_${of}`)}>
    <svg width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"
      stroke-width="1.8" stroke-linecap="round">
      <circle cx="12" cy="12" r="9.5" /><path d="M9 10.2v.1M15 10.2v.1${MOUTHS[of]}" />
    </svg></span>`;
