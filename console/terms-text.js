/** The terms of a programme in words: a sentence for each that counts, and for each that changed. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { oneOf } from "../static/js/rewards.js";
import { duration } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { inOrder, tierText } from "./promise.js";

// What one sentence says together.
const PROMISE = ["stamps_needed", "reward"];
const STAMP_FOR = ["stamp_for", "spend_per_stamp"];
// What a programme does where nothing was chosen.
const PLAIN = { stamp_for: "item", choices: [], tiers: [] };

/** One sentence for each term that `before` had otherwise; where there is no before, for each that is on. */
export const Changes = ({ terms, before, currency }) => html`
  <ul class="changes">
    ${changesOf(terms, before, currency).map((text) => html`<li key=${text}>${text}</li>`)}
  </ul>`;

function changesOf(terms, before, currency) {
  const isSaid = (name) => terms[name] !== null && terms[name] !== "";
  const isNew = (name) => !isEqual(terms[name], before ? before[name] : PLAIN[name] ?? 0);
  const changed = Object.keys(terms).filter((name) => isSaid(name) && isNew(name));
  return [...new Set(changed.flatMap((name) => texts(name, terms, before, currency)))];
}

export const isEqual = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function texts(name, terms, before, currency) {
  const { stamps_needed: needed, reward, choices } = terms;
  if (PROMISE.includes(name)) return t("console.promise.sentence", { n: needed, stamps: needed, reward });
  if (STAMP_FOR.includes(name)) return stampForText(terms, currency);
  if (name === "choices") return choicesText(reward, choices);
  if (name === "tiers") return tiersTexts(terms.tiers, before?.tiers ?? [], currency);
  return termText(name, terms[name], currency);
}

function termText(name, value, currency) {
  if (name.startsWith("unit_")) return t(`console.terms.${name}_is`, { money: money(value, currency) });
  if (value === 0) return t(`console.terms.${name}_off`);
  return t(`console.terms.${name}_is`, { n: value, time: duration(value) });
}

/** "A stamp for every €5.00 spent." */
export function stampForText({ stamp_for: what, spend_per_stamp: price }, currency) {
  return t(`console.terms.stamp_for_${what}`, { money: money(price ?? 0, currency) });
}

function choicesText(reward, choices) {
  const names = choices.map(({ name }) => name).filter(Boolean);
  return names.length > 0
    ? t("console.choice.is", { reward, choices: oneOf(names) }) : t("console.choice.off", { reward });
}

function tiersTexts(tiers, before, currency) {
  const gone = before.filter(({ key }) => !tiers.some((tier) => tier.key === key));
  const changed = inOrder(tiers).filter((tier) => tier.reward && tier.at).flatMap((tier) => {
    const was = before.find(({ key }) => key === tier.key);
    const isOther = (name) => !isEqual(tier[name], was?.[name] ?? 0);
    const costs = ["unit_cost", "unit_price"].filter(isOther).map((name) =>
      t(`console.tier.${name}`, { reward: tier.reward, money: money(tier[name] ?? 0, currency) }));
    return !was || isOther("at") || isOther("choices") ? [tierText(tier), ...costs] : costs;
  });
  return [...changed, ...gone.map(({ reward }) => t("console.tier.gone", { reward }))];
}
