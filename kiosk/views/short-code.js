/** The field for a typed code: says at once when a symbol is wrong, opens the card when all are right. */
import { html, useEffect, useRef, useState } from "../../static/js/html.js";
import { cardCodeIn, readShortCode } from "../../static/js/short-code.js";
import { t } from "../../static/js/words.js";

// A hand scanner may be typing into this field: only what stays for a moment was typed by a person.
const SETTLED_MS = 160;

export function ShortCode({ id = "short-code", label = t("kiosk.short_code"), focused = false, onCode }) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const timer = useRef();
  const field = useRef(null);
  useEffect(() => {
    if (focused) field.current.focus();
    return () => clearTimeout(timer.current);
  }, []);

  function open(code) {
    setTyped("");
    setWrong(false);
    field.current.blur(); // so that the keyboard of a tablet goes away
    onCode(code);
  }

  function judge(text) {
    const { code, complete, valid } = readShortCode(text);
    if (complete && valid) return open(code);
    const long = cardCodeIn(text);
    if (long && long.length > 9) return open(long);
    setWrong(code.length >= 8);
  }

  function onInput(event) {
    const text = event.target.value;
    const { code, shown } = readShortCode(text);
    const next = code.length <= 8 && !text.endsWith("-") ? shown : text;
    setTyped(next);
    setWrong(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => judge(next), SETTLED_MS);
  }

  const onSubmit = (event) => {
    event.preventDefault();
    const { complete, valid, code } = readShortCode(typed);
    if (complete && valid) open(code);
    else setWrong(typed !== "");
  };

  return html`<form class="field short-code" onSubmit=${onSubmit}>
    <label for=${id}>${label}</label>
    <input id=${id} ref=${field} class="code" value=${typed} onInput=${onInput} placeholder="7K4M-9QXT"
      enterkeyhint="go" autocomplete="off" autocapitalize="characters" spellcheck="false"
      aria-invalid=${wrong ? "true" : undefined} aria-describedby="${id}-error" />
    <span class="error" id="${id}-error" role="alert">${wrong ? t("kiosk.short_code_wrong") : ""}</span>
  </form>`;
}
