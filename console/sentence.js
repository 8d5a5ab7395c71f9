/** A sentence of the language file with fields in it, in whatever order that language wants them. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";

// Private-use characters stand in the sentence where the elements go; no language file has them.
const FIRST_MARK = 0xe000;

/** `places` are elements by the name they have in the sentence: {stamps: html`<input>`}. */
export function sentence(key, params, places) {
  const names = Object.keys(places);
  const marks = names.map((_, i) => String.fromCharCode(FIRST_MARK + i));
  const text = t(key, { ...params, ...Object.fromEntries(names.map((name, i) => [name, marks[i]])) });
  return text.split(/([\ue000-\ue0ff])/).map((piece) => {
    const name = names[marks.indexOf(piece)];
    return name ? places[name] : html`<span>${piece}</span>`;
  });
}
