/** The foot of the page: the language. Light and dark follow the phone. */
import { html } from "../static/js/html.js";
import { language, languages, t } from "../static/js/words.js";

export function Settings({ speak }) {
  const onChange = (event) => speak(event.target.value, { chosen: true });
  const option = ([code, name]) => html`<option key=${code} value=${code} lang=${code}>${name}</option>`;
  return html`<footer class="field settings">
    <label for="language">${t("common.language")}</label>
    <select id="language" value=${language()} onChange=${onChange}>
      ${Object.entries(languages).map(option)}
    </select>
  </footer>`;
}
