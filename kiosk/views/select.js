/** A choice among a few, with its label; the language among them. */
import { html } from "../../static/js/html.js";
import { language, languages, t } from "../../static/js/words.js";

export const Select = ({ id, label, value, onChoice, options }) => html`<div class="field">
  <label for=${id}>${label}</label>
  <select id=${id} onChange=${(event) => onChoice(event.target.value)}>
    ${options.map(([key, name]) => html`<option value=${key} selected=${key === value}>${name}</option>`)}
  </select>
</div>`;

export const Language = ({ onLanguage }) => html`
  <${Select} id="language" label=${t("common.language")} options=${Object.entries(languages)}
    value=${language()} onChoice=${onLanguage} />`;
