/** The terms of a programme in plain language: as fields, and as sentences of what they say. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { duration } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Input, MoneyInput, among } from "./form.js";
import { PromiseSentence } from "./promise.js";

export const TERMS_OF_A_NEW_ONE = {
  stamps_needed: 10, reward: "", welcome_stamps: 0, max_per_visit: 6, cooldown_seconds: 0, daily_limit: 0,
  unit_cost: 0, unit_price: 0, stamps_expire_days: 0, rewards_expire_days: 0,
};
// Pauses a shop would choose; one that is set otherwise is offered too.
const PAUSES = [0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];
const PROMISE = ["stamps_needed", "reward"]; // the two that one sentence says

/** Terms as the fields of a form. */
export const termsValues = (terms) =>
  Object.fromEntries(Object.entries(terms).map(([name, value]) => [`terms.${name}`, value]));

/** `children` stand right below the promise, which is what owners change most. */
export function TermsFields({ form, currency, children }) {
  const number = (name, limits) => html`
    <${Input} form=${form} at=${`terms.${name}`} class="short" type="number" inputmode="numeric" required
      min="0" ...${limits} label=${t(`console.terms.${name}`)} hint=${t(`console.terms.${name}_hint`)} />`;
  return html`
    <fieldset class="panel stack">
      <legend>${t("console.terms.promise")}</legend>
      <${PromiseSentence} form=${form} stamps="terms.stamps_needed" reward="terms.reward" />
      ${number("welcome_stamps", { max: Math.max(0, (form.values["terms.stamps_needed"] ?? 1) - 1) })}
      ${children}
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.limits")}</legend>
      <div class="pair">
        ${number("max_per_visit", { min: 1, max: 20 })}${number("daily_limit", { max: 100 })}
      </div>
      <${Input} form=${form} at="terms.cooldown_seconds" label=${t("console.terms.cooldown_seconds")}
        hint=${t("console.terms.cooldown_seconds_hint")}
        options=${pauses(form.values["terms.cooldown_seconds"])} />
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.money")}</legend>
      <p class="soft">${t("console.terms.money_hint")}</p>
      <div class="pair">
        ${["unit_cost", "unit_price"].map((name) => html`
          <${MoneyInput} key=${name} form=${form} at=${`terms.${name}`} currency=${currency}
            label=${t(`console.terms.${name}`)} />`)}
      </div>
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.expiry")}</legend>
      <div class="pair">
        ${number("stamps_expire_days", { max: 3650 })}${number("rewards_expire_days", { max: 3650 })}
      </div>
    </fieldset>`;
}

/** One sentence for each term that `before` had otherwise; where there is no before, for each that is on. */
export const Changes = ({ terms, before, currency }) => html`
  <ul class="changes">
    ${changesOf(terms, before, currency).map((text) => html`<li key=${text}>${text}</li>`)}
  </ul>`;

function changesOf(terms, before, currency) {
  const isSaid = (name) => terms[name] !== null && terms[name] !== "";
  const isNew = (name) => (before ? terms[name] !== before[name] : terms[name] !== 0);
  const changed = Object.keys(terms).filter((name) => isSaid(name) && isNew(name));
  const { stamps_needed: needed, reward } = terms;
  const promise = t("console.promise.sentence", { n: needed, stamps: needed, reward });
  const text = (name) => (PROMISE.includes(name) ? promise : termText(name, terms[name], currency));
  return [...new Set(changed.map(text))];
}

function termText(name, value, currency) {
  if (name.startsWith("unit_")) return t(`console.terms.${name}_is`, { money: money(value, currency) });
  if (value === 0) return t(`console.terms.${name}_off`);
  return t(`console.terms.${name}_is`, { n: value, time: duration(value) });
}

function pauses(current) {
  const text = (seconds) => (seconds === 0 ? t("console.terms.no_pause") : duration(seconds));
  return among(PAUSES, current).map((seconds) => [seconds, text(seconds)]);
}
