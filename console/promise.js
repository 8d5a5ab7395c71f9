/** "Every 10 stamps earn a free sandwich": the promise as a sentence to fill in, and the card it makes. */
import { html } from "../static/js/html.js";
import { punchCard } from "../static/js/punch-card.js";
import { oneOf } from "../static/js/rewards.js";
import { t } from "../static/js/words.js";
import { sentence } from "./sentence.js";

const FEWEST = 2;
const MOST = 50;

/** The promise of a whole card; `stamps` and `reward` are the names the two fields have in the form. */
export const PromiseSentence = ({ form, stamps, reward }) => html`
  <${StampsAndReward} form=${form} stamps=${stamps} reward=${reward} words="console.promise.fill"
    fewest=${FEWEST} most=${MOST} labels=${["console.promise.stamps_label", "console.promise.reward_label"]} />`;

/** Two fields inside a sentence of the language file: so many stamps, and what they earn. */
export function StampsAndReward({ form, stamps, reward, words, fewest, most, labels: [many, what] }) {
  const needed = form.values[stamps];
  const count = html`
    <input class="input inline-number" id=${idOf(stamps)} type="number" inputmode="numeric" required
      min=${fewest} max=${most} value=${needed ?? ""} aria-label=${t(many)} ...${blamed(form, stamps)}
      onInput=${({ target }) => form.set(stamps, target.value === "" ? null : Number(target.value))} />`;
  const thing = html`
    <input class="input inline-text" id=${idOf(reward)} required maxlength="80"
      value=${form.values[reward]} aria-label=${t(what)}
      placeholder=${t("console.promise.reward_example")} ...${blamed(form, reward)}
      onInput=${({ target }) => form.set(reward, target.value)} />`;
  return html`
    <div class="field">
      <div class="sentence">${sentence(words, { n: needed ?? 0 }, { stamps: count, reward: thing })}</div>
      ${[stamps, reward].filter((name) => form.faults[name]).map((name) => html`
        <p key=${name} class="error" id=${`${idOf(name)}-error`}>${form.faults[name]}</p>`)}
    </div>`;
}

/** What the customer will see; the picture stops at the most stamps a card can have. */
export function CardPicture({ name, needed, reward, stamps = 0, choices = [], tiers = [] }) {
  const places = Math.min(MOST, Math.max(FEWEST, needed || FEWEST));
  const thing = named(reward || t("console.promise.reward_example"), choices);
  return html`
    <figure class="card-picture">
      <figcaption class="unseen">${t("console.promise.picture")}</figcaption>
      <div class="row apart"><strong>${name || t("console.promise.your_business")}</strong></div>
      ${punchCard({ stamps, needed: places, gifts: tiers.map(({ at }) => at) })}
      ${inOrder(tiers).filter((tier) => tier.at && tier.reward).map((tier) => html`
        <p key=${tier.key}>${tierText(tier)}</p>`)}
      <p>${t("console.promise.sentence", { n: places, stamps: places, reward: thing })}</p>
    </figure>`;
}

/** The card that these terms make. */
export const TermsPicture = ({ name, terms }) => html`
  <${CardPicture} name=${name} needed=${terms.stamps_needed} reward=${terms.reward}
    stamps=${terms.welcome_stamps ?? 0} choices=${terms.choices} tiers=${terms.tiers} />`;

/** The first one on the way first. */
export const inOrder = (tiers) => [...tiers].sort((one, other) => one.at - other.at);

/** "At 5 stamps: a free coffee or a free tea." */
export function tierText({ at, reward, once, choices }) {
  const words = once ? "console.tier.is_once" : "console.tier.is";
  return t(words, { n: at, reward: named(reward, choices) });
}

const named = (reward, choices) => oneOf([reward, ...choices.map((choice) => choice.name).filter(Boolean)]);
const idOf = (name) => `promise-${name.replaceAll(".", "-")}`;
const blamed = (form, name) =>
  form.faults[name] && { "aria-invalid": "true", "aria-describedby": `${idOf(name)}-error` };
