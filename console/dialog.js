/** Asking before what cannot be taken back, and the short message at the foot of the page. */
import { html, useEffect, useState } from "../static/js/html.js";
import { Dialog, Toast } from "../static/js/parts.js";
import { t } from "../static/js/words.js";

/** "Are you sure?" `act` may fail; what went wrong is said in the dialog, which stays. */
export function Confirm({ title, text, verb, act, onClose, children }) {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState(null);
  const sure = async () => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      onClose();
    } catch (problem) {
      setFault(problem.words);
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <p>${text}</p>
      ${children}
      ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
      <div class="row end">
        <button type="button" class="button quiet" onClick=${onClose}>${t("common.cancel")}</button>
        <button type="button" class="button danger" disabled=${isBusy} aria-busy=${isBusy} onClick=${sure}>
          ${verb}</button>
      </div>
    </${Dialog}>`;
}

let say = () => {};

/** Tell that something was done; screen readers hear it too. */
export function toast(text) {
  say({ text });
}

export function Toasts() {
  const [message, setMessage] = useState(null);
  useEffect(() => {
    say = setMessage;
  }, []);
  return html`<${Toast} message=${message} onDone=${() => setMessage(null)} />`;
}
