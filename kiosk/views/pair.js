/** The first screen of a new till: type the one-use code from the owner's page. */
import { html, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Language } from "./select.js";

export function Pair({ waiting, onPair, onLanguage }) {
  const [code, setCode] = useState(codeInAddress);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);

  async function submit(event) {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await onPair(code.trim());
    } catch (trouble) {
      setProblem(trouble);
    }
    setBusy(false);
  }

  return html`<main class="door">
    <form class="panel stack" onSubmit=${submit}>
      <img src="/static/icons/mark.svg" alt="" width="64" height="64" />
      <h1>${t("kiosk.pair_title")}</h1>
      <p class="soft">${t("kiosk.pair_help")}</p>
      ${waiting > 0 && html`<p class="notice warn">${t("kiosk.pair_waiting", { n: waiting })}</p>`}
      <div class="field">
        <label for="pairing-code">${t("kiosk.pair_code")}</label>
        <input id="pairing-code" class="code" required autofocus maxlength="20" autocomplete="off"
          autocapitalize="characters" spellcheck="false" aria-describedby="pairing-error"
          aria-invalid=${problem ? "true" : undefined}
          value=${code} onInput=${(event) => setCode(event.target.value.toUpperCase())} />
        <span class="error" id="pairing-error" role="alert">${problem?.words ?? ""}</span>
      </div>
      <button class="button big wide" disabled=${busy} aria-busy=${busy}>${t("kiosk.pair_button")}</button>
      <${Language} onLanguage=${onLanguage} />
    </form>
  </main>`;
}

/** The owner's page may open this one with the code already in the address. */
const codeInAddress = () => new URLSearchParams(location.hash.slice(1)).get("pair") ?? "";
