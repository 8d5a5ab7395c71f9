/** Smaller gifts on the way to the reward, and what may be picked instead of each, as fields of a programme's terms. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { Fold } from "./fold.js";
import { add, drop, itemOf } from "./form-list.js";
import { Choice, Input, MoneyInput } from "./form.js";
import { StampsAndReward } from "./promise.js";

const LIST = "terms.tiers";
const MOST_TIERS = 4;
const MOST_CHOICES = 6;
const MONEY = ["unit_cost", "unit_price"];
const HIDDEN = [...MONEY, "choices"];
const NOTHING = { reward: "", unit_cost: 0, unit_price: 0, once: false, choices: [] };

export function Tiers({ form, currency, known }) {
  const tiers = form.values[LIST];
  const needed = form.values["terms.stamps_needed"] ?? 2;
  // Half the way, or half of what is left behind the last one.
  const last = Math.max(0, ...tiers.map((tier) => tier.at ?? 0));
  const at = Math.min(needed - 1, Math.max(1, Math.floor((last + needed) / 2)));
  const key = highestKey([...known, ...tiers]) + 1;
  return html`
    <fieldset class="panel stack">
      <legend>${t("console.tier.title")}</legend>
      <p class="soft">${t("console.tier.hint")}</p>
      ${tiers.map((tier, nth) => html`
        <${Tier} key=${tier.key} form=${itemOf(form, LIST, nth)} start=${`${LIST}.${nth}`}
          most=${needed - 1} currency=${currency} onDrop=${() => drop(form, LIST, nth)} />`)}
      ${tiers.length < MOST_TIERS && html`
        <button type="button" class="button quiet" onClick=${() => add(form, LIST, { ...NOTHING, key, at })}>
          ${t("console.tier.add")}</button>`}
    </fieldset>`;
}

function Tier({ form, start, most, currency, onDrop }) {
  const reward = form.values[`${start}.reward`];
  const once = `${start}.once`;
  return html`
    <div class="tier stack" role="group" aria-label=${reward || t("console.tier.new")}>
      <${StampsAndReward} form=${form} stamps=${`${start}.at`} reward=${`${start}.reward`} fewest=${1} most=${most}
        words="console.tier.fill" labels=${["console.tier.at_label", "console.tier.reward_label"]} />
      <${Fold} class="tier-more" form=${form} start=${HIDDEN.map((name) => `${start}.${name}`)}
        summary=${html`<summary>${t("console.tier.details")}</summary>`}>
        <${Choice} checked=${form.values[once]} label=${t("console.tier.once")} hint=${t("console.tier.once_hint")}
          onChange=${({ target }) => form.set(once, target.checked)} />
        <div class="pair">${moneyFields(form, start, currency)}</div>
        <${Choices} form=${form} list=${`${start}.choices`} currency=${currency} reward=${reward} />
      </${Fold}>
      <button type="button" class="button quiet" onClick=${onDrop}>
        ${t("console.tier.drop")}<span class="unseen">: ${reward}</span></button>
    </div>`;
}

/** Further items, any of which a customer may pick instead. */
export function Choices({ form, list, currency, reward }) {
  const choices = form.values[list];
  return html`
    <div class="stack tight" role="group" aria-label=${t("console.choice.title", { reward })}>
      ${choices.map((_, nth) => html`
        <${PickOne} key=${nth} form=${itemOf(form, list, nth)} start=${`${list}.${nth}`} currency=${currency}
          onDrop=${() => drop(form, list, nth)} />`)}
      ${choices.length < MOST_CHOICES && html`
        <button type="button" class="button plain"
          onClick=${() => add(form, list, { name: "", unit_cost: 0, unit_price: 0 })}>
          ${t("console.choice.add")}</button>`}
    </div>`;
}

const PickOne = ({ form, start, currency, onDrop }) => html`
  <div class="pick">
    <${Input} form=${form} at=${`${start}.name`} label=${t("console.choice.name")} required maxlength="80" />
    ${moneyFields(form, start, currency)}
    <button type="button" class="button plain" onClick=${onDrop}>
      ${t("common.remove")}<span class="unseen">: ${form.values[`${start}.name`]}</span></button>
  </div>`;

const moneyFields = (form, start, currency) => MONEY.map((name) => html`
  <${MoneyInput} key=${name} form=${form} at=${`${start}.${name}`} currency=${currency}
    label=${t(`console.terms.${name}`)} />`);

/**
 * These tiers under the keys they are known by: a key stands for one reward for ever, so another reward gets the
 * next free one, and a reward that was there before its old one. known: the tiers of every version there is.
 */
export function keyed(tiers, known) {
  const used = new Set();
  let last = highestKey([...known, ...tiers]);
  return tiers.map((tier) => {
    const own = known.filter((one) => one.key === tier.key);
    const before = [...own, ...known].find((one) => isSame(one, tier) && !used.has(one.key));
    const key = before?.key ?? (own.length > 0 ? (last += 1) : tier.key);
    used.add(key);
    return { ...tier, key };
  });
}

const isSame = (one, other) => one.reward === other.reward.trim() && one.once === other.once;
const highestKey = (tiers) => Math.max(0, ...tiers.map((tier) => tier.key));
