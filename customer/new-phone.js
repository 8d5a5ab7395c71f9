/** Moving the card to another phone: the private link as a QR code here, and "this is my new phone" there. */
import { problemIn } from "../static/js/api.js";
import { html, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { Qr } from "./qr.js";

export function NewPhone({ face, api, cardKey, onKey }) {
  const [isShown, setShown] = useState(false);
  const [said, setSaid] = useState(null);
  const [problem, setProblem] = useState(null);
  const link = `${location.origin}/c/${face.code}#${cardKey}`;

  const takeOver = async () => {
    setProblem(null);
    try {
      const { key } = await api.post(`/cards/${face.code}/key`);
      onKey(key);
      setShown(false);
      setSaid(t("customer.phone_taken"));
    } catch (trouble) {
      setProblem(problemIn(trouble));
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText(link);
    setSaid(t("common.copied"));
  };

  return html`<details class="fold" onToggle=${(event) => !event.target.open && setShown(false)}>
    <summary>${t("customer.phone")}</summary>
    <p class="soft">${t("customer.phone_why")}</p>
    <ol class="steps">
      <li>
        <p>${t("customer.phone_scan")}</p>
        ${isShown && html`<${Qr} text=${link} label=${t("customer.phone_qr")} />`}
        <div class="row">
          <button class="button quiet" onClick=${() => setShown(!isShown)}>
            ${t(isShown ? "customer.phone_hide" : "customer.phone_show")}
          </button>
          ${isShown && html`
            <button class="button plain" onClick=${copy}>${t("customer.phone_copy")}</button>`}
        </div>
      </li>
      <li>
        <p>${t("customer.phone_then")}</p>
        <button class="button" onClick=${takeOver}>${t("customer.phone_take")}</button>
      </li>
    </ol>
    ${problem && html`<p class="notice bad" role="alert">${problem.words}</p>`}
    <p role="status">${said && html`<span class="chip good">${said}</span>`}</p>
  </details>`;
}
