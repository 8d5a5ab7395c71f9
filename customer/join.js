/** From the poster to an own card: one tap, nothing asked. */
import { connect, idempotencyKey, problemIn } from "../static/js/api.js";
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { punchCard } from "../static/js/punch-card.js";
import { oneOf, wayOf } from "../static/js/rewards.js";
import { t } from "../static/js/words.js";
import { Masthead, Trouble, Waiting } from "./masthead.js";
import * as wallet from "./wallet.js";
import { Way } from "./way.js";

const api = connect();

export function JoinPage({ shop, speak }) {
  const [place, setPlace] = useState(null);
  const [programme, setProgramme] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const attempt = useRef(idempotencyKey());

  const look = async () => {
    try {
      const found = await api.get(`/join/${encodeURIComponent(shop)}`);
      await speak(found.business.language);
      setPlace(found);
      setProgramme(found.programmes[0]);
    } catch (trouble) {
      setProblem(problemIn(trouble));
    }
  };
  useEffect(() => void look(), [shop]);

  const take = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const wish = { shop, programme: programme.id };
      const { card, key } = await api.post("/cards", wish, { idempotencyKey: attempt.current });
      wallet.keep(card.code, { key, face: card, seen_at: new Date().toISOString() });
      location.assign(`/c/${card.code}`);
    } catch (trouble) {
      setProblem(problemIn(trouble));
      setBusy(false);
    }
  };

  if (!place) return problem ? html`<${Trouble} problem=${problem} />` : html`<${Waiting} />`;
  const mine = programme && cardOf(programme);
  return html`<div class="phone join">
    <${Masthead} business=${place.business} shop=${place.shop.name} />
    <main class="stack">
      <h1>${t("customer.join_title")}</h1>
      ${place.programmes.length > 1 && html`
        <${Choice} programmes=${place.programmes} chosen=${programme} onChoose=${setProgramme} />`}
      ${programme
        ? html`<${Promised} programme=${programme} currency=${place.business.currency} />`
        : html`<p class="notice warn">${t("customer.join_none")}</p>`}
      ${problem && html`<p class="notice bad" role="alert">${problem.words}</p>`}
      ${mine && html`<a class="button big wide" href="/c/${mine}">${t("customer.join_open_mine")}</a>`}
      ${programme && html`
        <button
          class="button big wide ${mine ? "quiet" : ""}" onClick=${take}
          disabled=${isBusy} aria-busy=${isBusy}
        >
          ${t(mine ? "customer.join_another" : "customer.join_take")}
        </button>`}
      <p class="soft centre">${t("customer.join_why")}</p>
    </main>
  </div>`;
}

/** All that a card of this programme gives, for which stamps. */
function Promised({ programme, currency }) {
  const { welcome_stamps: welcome, stamps_needed: needed, spend_per_stamp: price, name } = programme;
  const way = wayOf({ programme, stamps: 0, needed, reward: programme, tiers: programme.tiers });
  return html`<section class="loyalty">
    <h2 class="programme">${name}</h2>
    ${punchCard({ stamps: welcome, needed, gifts: way.map(({ at }) => at) })}
    <p class="to-go">${t("customer.join_promise", { needed, reward: oneOf(way.at(-1).names) })}</p>
    ${price && html`<p>${t("customer.join_spend", { money: money(price, currency) })}</p>`}
    <${Way} way=${way} stamps=${welcome} />
    ${welcome > 0 && html`<p class="soft">${t("customer.join_welcome", { welcome })}</p>`}
  </section>`;
}

function Choice({ programmes, chosen, onChoose }) {
  const option = (programme) => html`<label key=${programme.id} class="choice">
    <input
      type="radio" name="programme"
      checked=${programme.id === chosen.id} onChange=${() => onChoose(programme)}
    />
    <span>${programme.name}</span>
  </label>`;
  return html`<fieldset class="stack choices">
    <legend>${t("customer.join_choose")}</legend>
    ${programmes.map(option)}
  </fieldset>`;
}

/** The code of a card of this programme that is on this phone already. */
const cardOf = (programme) =>
  wallet.cards().find(([, { face, key }]) =>
    key && [programme.id, ...programme.treatments].includes(face.programme.id))?.[0];
