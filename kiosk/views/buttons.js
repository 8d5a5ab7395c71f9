/** The counter's buttons and the few pictures on them, drawn with one pen. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

/** A button that does something here; `class` says which kind: quiet, plain, reward, big, wide. */
export const Button = ({ class: kind = "", ...rest }) =>
  html`<button type="button" class="button ${kind}" ...${rest} />`;

/** A button that shows a picture and says its name to ears and to a resting pointer. */
export const IconButton = ({ class: kind = "plain", picture, name, size, ...rest }) =>
  html`<${Button} class="${kind} icon" aria-label=${name} title=${name} ...${rest}>
    ${icon(picture, size)}<//>`;

export const Close = ({ act }) => html`
  <${IconButton} class="plain close" picture="cross" size=${28} name=${t("common.close")}
    onClick=${act.close} />`;

const PATHS = {
  gear:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 2v3M12 19v3M2 12h3M19 12h3" +
    "M4.9 4.9 7 7M17 17l2.1 2.1M4.9 19.1 7 17M17 7l2.1-2.1",
  loud: "M4 9v6h4l5 4V5L8 9zM16.5 8.5a5 5 0 0 1 0 7M19 6a8.5 8.5 0 0 1 0 12",
  mute: "M4 9v6h4l5 4V5L8 9zM17 9.5l5 5M22 9.5l-5 5",
  lock: "M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  flip: "M4 8h11a4 4 0 0 1 4 4M7.5 4.5 4 8l3.5 3.5M20 16H9a4 4 0 0 1-4-4M16.5 19.5 20 16l-3.5-3.5",
  plus: "M12 5v14M5 12h14",
  cross: "M6 6l12 12M18 6 6 18",
  tick: "M4.5 12.5 10 18 20 6.5",
  back: "M20 6H10L3.5 12 10 18h10zM12 9.5l5 5M17 9.5l-5 5",
  undo: "M8 5 3.5 9.5 8 14M4 9.5h10a5.5 5.5 0 0 1 0 11h-4",
  printer: "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7z",
};

export const icon = (name, size = 24) => html`
  <svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
    <path d=${PATHS[name]} />
  </svg>`;
