/** The words of the page in the reader's language: load one file, then t("part.key", {…}) says it. */
import urls, { names } from "tenth:langs";

let code = "en";
let words = {};
let region = "en";
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");

/** Every language there is: {en: "English", pl: "Polski"}. */
export const languages = names;

/** The language in use, such as "pl". */
export const language = () => code;

/** The language with the reader's own country, where the device tells it ("en-GB"): for dates and money. */
export const locale = () => region;

/** "rtl" for Arabic, Hebrew and the like, else "ltr". */
const dir = () => (/^(ar|fa|he|ur)\b/.test(code) ? "rtl" : "ltr");

/** What this reader chose on this page ("kiosk", "customer", "console"), or null. */
export const chosenLanguage = (page) => localStorage.getItem(`tenth.${page}.language`);

/** Remember the reader's choice for next time. Load it with loadWords. */
export const chooseLanguage = (page, chosen) => localStorage.setItem(`tenth.${page}.language`, chosen);

/**
 * Load the words of the first of these languages we have, else English. Resolves to the code loaded.
 * @param {(string|null|undefined)[]} wanted best first: chosen, the business's, the device's
 */
export async function loadWords(wanted) {
  code = firstWeHave(wanted) ?? "en";
  region = navigator.languages.find((tag) => tag.split("-")[0] === code) ?? code;
  plurals = new Intl.PluralRules(code);
  numbers = new Intl.NumberFormat(region);
  document.documentElement.lang = code;
  document.documentElement.dir = dir();
  const answer = await fetch(urls[code]);
  if (!answer.ok) throw new Error(`words ${code}: ${answer.status}`);
  words = await answer.json();
  return code;
}

/** Is there a sentence for this key? */
export const has = (key) => key in words;

/**
 * One sentence. Numbers are written the reader's way. A plural entry chooses its form by the number its "by"
 * names, else by "n".
 * A key without words shows itself: ugly, but the page lives.
 */
export function t(key, params = {}) {
  const entry = words[key];
  if (entry === undefined) return key;
  const text = typeof entry === "string" ? entry : form(entry, params);
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers.format(value) : String(value ?? "");
  });
}

function form(entry, params) {
  const amount = Number(params[entry.by ?? "n"] ?? 0);
  return entry[plurals.select(amount)] ?? entry.other;
}

/** The first of these languages that we have words in, or null. */
export function firstWeHave(wanted) {
  for (const tag of wanted) {
    if (!tag) continue;
    if (tag in urls) return tag;
    const base = tag.split("-")[0].toLowerCase();
    if (base in urls) return base;
  }
  return null;
}
