/** A text to take along, with a button that copies it. */
import { html, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";

export function Copy({ text, label }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return html`
    <div class="copy">
      <input class="input" readonly aria-label=${label} value=${text}
        onFocus=${({ target }) => target.select()} />
      <button type="button" class="button quiet" onClick=${copy}>
        ${isCopied ? t("common.copied") : t("common.copy")}</button>
    </div>`;
}
