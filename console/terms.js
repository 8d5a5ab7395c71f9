/** The terms of a programme in plain language: as fields, and as sentences of what they say. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { duration } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Input, MoneyInput } from "./form.js";
import { PromiseSentence } from "./promise.js";

export const TERMS_OF_A_NEW_ONE = {
  stamps_needed: 10, reward: "", welcome_stamps: 0, max_per_visit: 6, cooldown_seconds: 0, daily_limit: 0, unit_cost: 0, unit_price: 0,
  stamps_expire_days: 0, rewards_expire_days: 0,
};
// Pauses a shop would choose; one that is set otherwise is offered too.
const PAUSES = [0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** Terms as the fields of a form. */
export const termsValues = (terms) => Object.fromEntries(Object.entries(terms).map(([name, value]) => [`terms.${name}`, value]));

export function TermsFields({ form, currency }) {
  const number = (name, limits) => html`
    <${Input} form=${form} at=${`terms.${name}`} class="short" type="number" inputmode="numeric" required min="0" ...${limits}
      label=${t(`console.terms.${name}`)} hint=${t(`console.terms.${name}_hint`)} />`;
  return html`
    <fieldset class="panel stack">
      <legend>${t("console.terms.promise")}</legend>
      <${PromiseSentence} form=${form} stamps="terms.stamps_needed" reward="terms.reward" />
      ${number("welcome_stamps", { max: Math.max(0, (form.values["terms.stamps_needed"] ?? 1) - 1) })}
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.limits")}</legend>
      <div class="pair">${number("max_per_visit", { min: 1, max: 20 })}${number("daily_limit", { max: 100 })}</div>
      <${Input} form=${form} at="terms.cooldown_seconds" label=${t("console.terms.cooldown_seconds")} hint=${t("console.terms.cooldown_seconds_hint")}
        options=${pauses(form.values["terms.cooldown_seconds"])} />
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.money")}</legend>
      <p class="soft">${t("console.terms.money_hint")}</p>
      <div class="pair">
        ${["unit_cost", "unit_price"].map((name) => html`
          <${MoneyInput} key=${name} form=${form} at=${`terms.${name}`} currency=${currency} label=${t(`console.terms.${name}`)} />`)}
      </div>
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.expiry")}</legend>
      <div class="pair">${number("stamps_expire_days", { max: 3650 })}${number("rewards_expire_days", { max: 3650 })}</div>
    </fieldset>`;
}

/** One sentence for each term that `before` had otherwise; all that are switched on when there is no before. */
export function termsText(terms, before, currency) {
  const isSaid = (name) => terms[name] !== null && terms[name] !== "";
  const changed = Object.keys(terms).filter(isSaid).filter((name) => (before ? terms[name] !== before[name] : terms[name] !== 0));
  const isPromise = (name) => name === "stamps_needed" || name === "reward";
  const texts = changed.filter((name) => !isPromise(name)).map((name) => termText(name, terms[name], currency));
  const promise = changed.some(isPromise) && t("console.promise.sentence", { n: terms.stamps_needed, stamps: terms.stamps_needed, reward: terms.reward });
  return promise ? [promise, ...texts] : texts;
}

function termText(name, value, currency) {
  if (value === 0 && !name.startsWith("unit_")) return t(`console.terms.${name}_off`);
  return t(`console.terms.${name}_is`, { n: value, money: name.startsWith("unit_") && money(value, currency), time: name === "cooldown_seconds" && duration(value) });
}

function pauses(current) {
  const all = PAUSES.includes(current) || current === null ? PAUSES : [...PAUSES, current].sort((a, b) => a - b);
  return all.map((seconds) => [seconds, seconds === 0 ? t("console.terms.no_pause") : duration(seconds)]);
}
