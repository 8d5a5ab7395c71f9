/** The reader's own choice of language and of light or dark, kept in this browser. */
import { html, useState } from "../static/js/html.js";
import { chooseLanguage, language, languages, t } from "../static/js/words.js";

const THEME = "tenth.console.theme";
const THEMES = { auto: "like_device", light: "bright", dark: "dark" };
let onLanguage = () => {};

/** `listener` loads the words of the language that was chosen and shows the page again. */
export function whenLanguageChosen(listener) {
  onLanguage = listener;
}

export function applyTheme(theme = localStorage.getItem(THEME) ?? "auto") {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function Look() {
  const [theme, setTheme] = useState(localStorage.getItem(THEME) ?? "auto");
  const chooseTheme = ({ target }) => {
    localStorage.setItem(THEME, target.value);
    applyTheme(target.value);
    setTheme(target.value);
  };
  const choose = ({ target }) => {
    chooseLanguage("console", target.value);
    onLanguage(target.value);
  };
  return html`
    <div class="look">
      <label class="unseen" for="look-language">${t("common.language")}</label>
      <select class="input" id="look-language" onChange=${choose}>
        ${Object.entries(languages).map(([code, name]) => html`
          <option key=${code} value=${code} lang=${code} selected=${code === language()}>${name}</option>`)}
      </select>
      <label class="unseen" for="look-theme">${t("common.theme")}</label>
      <select class="input" id="look-theme" value=${theme} onChange=${chooseTheme}>
        ${Object.entries(THEMES).map(([name, word]) => html`
          <option key=${name} value=${name} selected=${name === theme}>${t(`common.${word}`)}</option>`)}
      </select>
    </div>`;
}
