/** Who is at the till: tap a name, type the PIN; with the service away the name alone. */
import { problemWords } from "../../static/js/api.js";
import { html, useEffect, useRef, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Button, icon } from "./buttons.js";

const LONGEST_PIN = 8;
const SHORTEST_PIN = 4;

export function SignOn({ till, connected, onSignOn, onPerson }) {
  const { staff, business, shop } = till;
  const [person, setPerson] = useState(staff.length === 1 ? staff[0] : null);
  const away = connected === false;
  const pick = (chosen) => {
    setPerson(chosen);
    onPerson(chosen);
    if (away) onSignOn(chosen);
  };
  const onBack = staff.length > 1 && (() => pick(null));
  return html`<main class="door">
    <section class="panel stack sign-on">
      <header class="centre">
        <p class="soft">${business.name} · ${shop.name}</p>
        <h1>${person && !away ? t("kiosk.hello", { name: person.name }) : t("kiosk.who")}</h1>
      </header>
      ${person && !away
        ? html`<${PinPad} key=${person.id} person=${person} onSignOn=${onSignOn} onBack=${onBack} />`
        : html`<ul class="people" role="list">${staff.map((one) => html`<li key=${one.id}>
            <${Button} class="quiet big wide" onClick=${() => pick(one)}>${one.name}<//>
          </li>`)}</ul>`}
      ${away && html`<p class="notice warn">${t("kiosk.sign_on_offline")}</p>`}
    </section>
  </main>`;
}

function PinPad({ person, onSignOn, onBack }) {
  const [pin, setPin] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const pad = useRef(null);
  const typed = useRef();

  const press = (digit) => {
    setError("");
    setPin((before) => (before + digit).slice(0, LONGEST_PIN));
  };
  const rub = () => setPin((before) => before.slice(0, -1));

  async function enter() {
    if (busy || pin.length < SHORTEST_PIN) return;
    setBusy(true);
    try {
      await onSignOn(person, pin);
    } catch (problem) {
      setError(problem.words ?? problemWords(problem.code, problem.body));
      setPin("");
      setBusy(false);
    }
  }

  typed.current = (event) => {
    if (/^\d$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") rub();
    else if (event.key === "Enter" && !event.target.closest("button")) enter();
    else if (event.key === "Escape" && onBack) onBack();
  };
  useEffect(() => {
    const listen = (event) => typed.current(event);
    addEventListener("keydown", listen);
    pad.current.focus();
    return () => removeEventListener("keydown", listen);
  }, []);

  const dots = Array.from({ length: Math.max(SHORTEST_PIN, pin.length) }, (_, i) => i < pin.length);
  return html`<div class="stack pin" ref=${pad} tabindex="-1">
    <p class="dots" role="status" aria-label=${t("kiosk.pin_typed", { n: pin.length })}>
      ${dots.map((on) => html`<span class=${on ? "on" : ""}></span>`)}
    </p>
    <p class="error" role="alert">${error}</p>
    <div class="keypad">
      ${[..."123456789"].map((digit) => html`
        <${Button} class="quiet" onClick=${() => press(digit)}>${digit}<//>`)}
      <${Button} class="plain" aria-label=${t("kiosk.rub_out")} onClick=${rub}>${icon("back", 30)}<//>
      <${Button} class="quiet" onClick=${() => press("0")}>0<//>
      <${Button} aria-label=${t("kiosk.sign_on")} disabled=${pin.length < SHORTEST_PIN} aria-busy=${busy}
        onClick=${enter}>${busy ? "" : icon("tick", 30)}<//>
    </div>
    ${onBack && html`<${Button} class="plain" onClick=${onBack}>${t("kiosk.someone_else")}<//>`}
  </div>`;
}
