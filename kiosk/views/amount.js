/** How much was paid: a pad of digits that fill the amount from the right, as on a card terminal. */
import { html, useRef, useState } from "../../static/js/html.js";
import { money } from "../../static/js/money.js";
import { t } from "../../static/js/words.js";
import { Button, icon } from "./buttons.js";

const MOST_DIGITS = 9;

export function Amount({ currency, disabled, onAmount }) {
  const typed = useRef(""); // Enter may follow a digit before that is drawn
  const [, draw] = useState("");
  const write = (digits) => draw((typed.current = digits.replace(/^0+/, "").slice(0, MOST_DIGITS)));
  const digit = (name) => html`
    <${Button} class="quiet" data-key=${name} onClick=${() => write(typed.current + name)}>${name}<//>`;
  return html`<div class="amount">
    <output class="sum">${money(Number(typed.current), currency)}</output>
    <div class="keypad">
      ${[..."123456789"].map(digit)}${digit("00")}${digit("0")}
      <${Button} class="plain" data-key="Backspace" aria-label=${t("kiosk.rub_out")}
        onClick=${() => write(typed.current.slice(0, -1))}>${icon("back", 30)}<//>
    </div>
    <${Button} class="big wide" data-key="Enter" disabled=${disabled || !typed.current}
      onClick=${() => onAmount(Number(typed.current))}>${t("kiosk.count_amount")}<//>
  </div>`;
}
