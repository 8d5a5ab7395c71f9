/** Small parts with behaviour that more than one page needs: a field with its error, a dialog, a toast. */
import { html, useEffect, useRef } from "./html.js";
import { t } from "./words.js";

/**
 * A labelled input with a hint and the service's answer under it. Everything else is handed to the input.
 * `as` may be "select" or "textarea"; children are the options.
 */
export function Field({ id, label, hint, error, as = "input", class: name = "", children, ...rest }) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return html`<div class="field ${name}">
    <label for=${id}>${label}</label>
    ${hint && html`<span class="hint" id="${id}-hint">${hint}</span>`}
    <${as}
      id=${id} name=${id} aria-describedby=${described} aria-invalid=${error ? "true" : undefined} ...${rest}
    >${children}</${as}>
    <span class="error" id="${id}-error" role="alert">${error ?? ""}</span>
  </div>`;
}

/**
 * A dialog over the page: focus goes in, Escape and the backdrop close it, focus comes back. A slip of the hand
 * onto the backdrop throws nothing away that was filled in.
 */
export function Dialog({ title, onClose, class: name = "", children }) {
  const dialog = useRef(null);
  const isFilled = useRef(false);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => before?.focus?.();
  }, []);
  const fill = (box) => (isFilled.current ||= Boolean(box?.form));
  const onInput = ({ target }) => fill(target);
  const onClick = ({ target }) => {
    if (target !== dialog.current) fill(target.closest("button"));
    else if (!isFilled.current) onClose();
  };
  const listeners = { onClose, onClick, onInput };
  return html`<dialog class="dialog ${name}" ref=${dialog} aria-label=${title} ...${listeners}>
    <div class="stack">
      <div class="row apart">
        <h2>${title}</h2>
        <button type="button" class="button plain icon" aria-label=${t("common.close")} onClick=${onClose}>
          <${Cross} />
        </button>
      </div>
      ${children}
    </div>
  </dialog>`;
}

const Cross = () => html`<svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" />
</svg>`;

/**
 * The strip at the foot of the page, which is also read out.
 * @param {{message: {text: string, bad?: boolean, action?: {label: string, onClick: () => void}}|null}} what
 */
export function Toast({ message, onDone, seconds = 5 }) {
  useEffect(() => {
    if (!message) return undefined;
    const timer = setTimeout(onDone, seconds * 1000);
    return () => clearTimeout(timer);
  }, [message]);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${message && html`<div class="toast ${message.bad ? "bad" : ""}">
      <span>${message.text}</span>
      ${message.action && html`
        <button type="button" onClick=${message.action.onClick}>${message.action.label}</button>`}
    </div>`}
  </div>`;
}
