/** The terms of a programme as the fields of a form: the promise first, and what few shops need behind "More". */
import { html } from "../static/js/html.js";
import { duration } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Fold } from "./fold.js";
import { Choice, Input, MoneyInput, among } from "./form.js";
import { PromiseSentence } from "./promise.js";
import { stampForText } from "./terms-text.js";
import { Choices, Tiers } from "./tiers.js";

export const TERMS_OF_A_NEW_ONE = {
  stamps_needed: 10, reward: "", welcome_stamps: 0, max_per_visit: 6, cooldown_seconds: 0, daily_limit: 0,
  unit_cost: 0, unit_price: 0, stamps_expire_days: 0, rewards_expire_days: 0, stamp_for: "item",
  spend_per_stamp: 0, birthday_stamps: 0, choices: [], tiers: [],
};
// Pauses a shop would choose; one that is set otherwise is offered too.
const PAUSES = [0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];
const STAMP_FOR = ["item", "visit", "spend"];
const FURTHER = ["tiers", "choices", "birthday", "stamp_for", "spend"].map((name) => `terms.${name}`);
// Five of the currency, to begin with.
const USUAL_SPEND = 500;

/** Terms as the fields of a form. */
export const termsValues = (terms) =>
  Object.fromEntries(Object.entries(terms).map(([name, value]) => [`terms.${name}`, value]));

/**
 * `children` stand right below the promise, which is what owners change most. known: the tiers of every version
 * there is; none: the programme is new.
 */
export function TermsFields({ form, currency, known = [], isNew = false, children }) {
  const terms = form.body.terms;
  const number = (name, limits) => html`
    <${Input} form=${form} at=${`terms.${name}`} class="short" type="number" inputmode="numeric" required
      min="0" hint=${t(`console.terms.${name}_hint`)} ...${limits} label=${t(`console.terms.${name}`)} />`;
  const most = Math.max(0, (terms.stamps_needed ?? 1) - 1);
  const headStart = terms.welcome_stamps > 0 && t("console.terms.head_start", {
    n: terms.welcome_stamps, needed: terms.stamps_needed ?? 0,
  });
  return html`
    <fieldset class="panel stack">
      <legend>${t("console.terms.promise")}</legend>
      <${PromiseSentence} form=${form} stamps="terms.stamps_needed" reward="terms.reward" />
      ${terms.stamp_for !== "item" && !isNew && html`<p class="soft">${stampForText(terms, currency)}</p>`}
      ${number("welcome_stamps", { max: most, ...(headStart && { hint: headStart }) })}
      ${children}
    </fieldset>
    <fieldset class="panel stack">
      <legend>${t("console.terms.limits")}</legend>
      <div class="pair">
        ${terms.stamp_for !== "visit" && number("max_per_visit", { min: 1, max: 20 })}
        ${number("daily_limit", { max: 100 })}
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
    </fieldset>
    <${Further} form=${form} currency=${currency} known=${known} isNew=${isNew} number=${number} most=${most} />`;
}

/** What few shops need; open where something of it is in use. */
function Further({ form, currency, known, isNew, number, most }) {
  const { tiers, choices, birthday_stamps: birthday, stamp_for: stampFor, reward } = form.body.terms;
  const summary = html`
    <summary class="panel"><strong>${t("console.terms.more")}</strong>
      <span class="soft">${t("console.terms.more_hint")}</span></summary>`;
  return html`
    <${Fold} class="further" form=${form} start=${FURTHER} summary=${summary}
      isOpen=${tiers.length + choices.length + birthday > 0 || stampFor === "spend"}>
      <div class="stack">
        <${Tiers} form=${form} currency=${currency} known=${known} />
        <fieldset class="panel stack">
          <legend>${t("console.choice.legend")}</legend>
          <p class="soft">${t("console.choice.hint")}</p>
          <${Choices} form=${form} list="terms.choices" currency=${currency} reward=${reward} />
        </fieldset>
        ${(isNew || stampFor === "spend") && html`
          <${StampFor} form=${form} currency=${currency} isNew=${isNew} />`}
        <fieldset class="panel stack">
          <legend>${t("console.terms.birthday")}</legend>
          ${number("birthday_stamps", { max: most })}
        </fieldset>
      </div>
    </${Fold}>`;
}

/** Chosen once: cards that count stamps cannot begin to count money. What a stamp costs may change. */
function StampFor({ form, currency, isNew }) {
  const chosen = form.values["terms.stamp_for"];
  const choose = (name) => {
    form.set("terms.stamp_for", name);
    form.set("terms.spend_per_stamp", name === "spend" ? USUAL_SPEND : 0);
  };
  return html`
    <fieldset class="panel stack">
      <legend>${t("console.terms.stamp_for")}</legend>
      ${isNew && html`<p class="soft">${t("console.terms.stamp_for_hint")}</p>`}
      ${isNew && STAMP_FOR.map((name) => html`
        <${Choice} key=${name} type="radio" name="stamp_for" checked=${chosen === name}
          label=${t(`console.terms.for_${name}`)} onChange=${() => choose(name)} />`)}
      ${chosen === "spend" && html`
        <${MoneyInput} form=${form} at="terms.spend_per_stamp" currency=${currency} class="short"
          label=${t("console.terms.spend_per_stamp")} hint=${t("console.terms.spend_per_stamp_hint")} />`}
    </fieldset>`;
}

function pauses(current) {
  const text = (seconds) => (seconds === 0 ? t("console.terms.no_pause") : duration(seconds));
  return among(PAUSES, current).map((seconds) => [seconds, text(seconds)]);
}
