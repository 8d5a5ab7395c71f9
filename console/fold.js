/** Part of a form that is folded away, until somebody opens it or a field in it is at fault. */
import { html, useEffect, useRef, useState } from "../static/js/html.js";

/** start: how the names of its fields begin. isOpen: how it stands at first. */
export function Fold({ form, start, isOpen = false, class: name, summary, children }) {
  const details = useRef(null);
  const [open] = useState(isOpen);
  const isAtFault = Object.keys(form.faults).some((at) => start.some((beginning) => at.startsWith(beginning)));
  const unfold = () => (details.current.open = true);
  useEffect(() => {
    if (isAtFault) unfold();
  }, [isAtFault]);
  // What the browser itself minds it could not show either.
  return html`
    <details ref=${details} class=${name} open=${open} onInvalidCapture=${unfold}>
      ${summary}${children}
    </details>`;
}
