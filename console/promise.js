/** "Every 10 stamps earn a free sandwich": the promise as a sentence to fill in, and the card it makes. */
import { html } from "../static/js/html.js";
import { punchCard } from "../static/js/punch-card.js";
import { t } from "../static/js/words.js";
import { sentence } from "./sentence.js";

const FEWEST = 2;
const MOST = 50;

/** The two fields inside their sentence; `stamps` and `reward` are the names they have in the form. */
export function PromiseSentence({ form, stamps, reward }) {
  const needed = form.values[stamps];
  const count = html`
    <input class="input inline-number" id="promise-stamps" type="number" inputmode="numeric" required
      min=${FEWEST} max=${MOST} value=${needed ?? ""} aria-label=${t("console.promise.stamps_label")}
      ...${blamed(form, stamps)}
      onInput=${({ target }) => form.set(stamps, target.value === "" ? null : Number(target.value))} />`;
  const thing = html`
    <input class="input inline-text" id="promise-reward" required maxlength="80"
      value=${form.values[reward]} aria-label=${t("console.promise.reward_label")}
      placeholder=${t("console.promise.reward_example")} ...${blamed(form, reward)}
      onInput=${({ target }) => form.set(reward, target.value)} />`;
  return html`
    <div class="field">
      <div class="sentence">
        ${sentence("console.promise.fill", { n: needed ?? 0 }, { stamps: count, reward: thing })}</div>
      ${[stamps, reward].filter((name) => form.faults[name]).map((name) => html`
        <p key=${name} class="error" id=${errorId(name)}>${form.faults[name]}</p>`)}
    </div>`;
}

/** What the customer will see; the picture stops at the most stamps a card can have. */
export function CardPicture({ name, needed, reward, stamps = 0 }) {
  const places = Math.min(MOST, Math.max(FEWEST, needed || FEWEST));
  const thing = reward || t("console.promise.reward_example");
  return html`
    <figure class="card-picture">
      <figcaption class="unseen">${t("console.promise.picture")}</figcaption>
      <div class="row apart"><strong>${name || t("console.promise.your_business")}</strong></div>
      ${punchCard({ stamps, needed: places })}
      <p>${t("console.promise.sentence", { n: places, stamps: places, reward: thing })}</p>
    </figure>`;
}

const errorId = (name) => `promise-${name.replaceAll(".", "-")}-error`;
const blamed = (form, name) =>
  form.faults[name] && { "aria-invalid": "true", "aria-describedby": errorId(name) };
