/** The card in hand: how far it is, how many stamps or how much money to add, and what just happened to it. */
import { html, useState } from "../../static/js/html.js";
import { money } from "../../static/js/money.js";
import { punchCard } from "../../static/js/punch-card.js";
import { wayOf } from "../../static/js/rewards.js";
import { showShortCode } from "../../static/js/short-code.js";
import { moment } from "../../static/js/time.js";
import { whyText } from "../../static/js/why.js";
import { t } from "../../static/js/words.js";
import { objection } from "../alone.js";
import { nameOf, rewardsOf, rewardsOn } from "../rewards.js";
import { currency } from "../state.js";
import { Amount } from "./amount.js";
import { Bought } from "./bought.js";
import { Button, Close, icon } from "./buttons.js";
import { Later } from "./later.js";
import { Picks, Prize } from "./prize.js";
import { NoAnswer, Problem, Refused } from "./refusals.js";

const FIRST_BUTTONS = 6;
const QUESTIONS = { spend: "kiosk.how_much", visit: "kiosk.this_visit" };

export function CardWork({ state, act }) {
  const { work } = state;
  const { face, doing, code } = work;
  const zone = state.till.business.time_zone;
  const away = state.connected === false;
  const isOffered = rewardsOn(work) > 0 && !work.rewardLater && (!doing || work.turned);
  const shortCode = face?.short_code ?? (code.length === 8 && showShortCode(code));
  return html`<article class="card-work ${moodOf(work)}">
    <header class="row apart">
      <p class="row">
        ${face && html`<strong>${face.programme.name}</strong>`}
        ${shortCode && html`<span class="chip code">${shortCode}</span>`}
        ${face?.initials && html`<span class="chip">${face.initials}</span>`}
        ${face && (away || work.known === "last") && html`<span class="chip warn">
          ${t("kiosk.as_of", { when: moment(face.seen_at, zone) })}</span>`}
        ${work.known === "unknown" && html`<span class="chip warn">${t("kiosk.not_seen_yet")}</span>`}
      </p>
      <${Close} act=${act} />
    </header>
    ${face && !(work.key && !doing) && html`
      <${Count} work=${work} isOffered=${isOffered} away=${away} />`}
    <div class="act">${actOf(state, act)}</div>
    ${!doing && !work.key && !work.using && html`<footer class="row apart">
      <${Recent} lines=${work.recent} zone=${zone} />
      <${Button} class="plain" onClick=${() => act.openCase()}>${t("kiosk.something_wrong")}<//>
    </footer>`}
  </article>`;
}

function moodOf({ doing, turned, rewardLater, known, using }) {
  const stage = using?.stage;
  if (doing?.stage === "refused" || stage === "refused" || known === "no") return "no";
  if (stage === "done") return "gold";
  const isHandedOver = doing?.claim.kind === "redeem" && ["saved", "done"].includes(doing.stage);
  return isHandedOver || (turned && !rewardLater) ? "gold" : "";
}

/** What there is to press or to read, by where we are with this card. */
function actOf(state, act) {
  const { work } = state;
  const { doing, face } = work;
  if (work.known === "no") return html`<${Problem} problem=${work.problem} act=${act} />`;
  if (doing?.stage === "refused") return html`<${Refused} state=${state} act=${act} />`;
  if (doing?.stage === "no_answer") return html`<${NoAnswer} state=${state} act=${act} />`;
  if (doing?.claim.kind === "redeem") return html`<${HandedOver} state=${state} act=${act} />`;
  const vouchers = html`<${Later} view="CardVouchers" state=${state} act=${act} />`;
  if (work.using && work.using.stage !== "asking") return vouchers;
  if (work.moving) return html`<${Moving} state=${state} act=${act} />`;
  if (work.turned && !work.rewardLater && rewardsOn(work) > 0) return html`<${Prize} state=${state} act=${act} turned />`;
  return html`
    ${work.key && html`<${Later} view="NewCard" face=${face} cardKey=${work.key} />`}
    ${rewardsOn(work) > 0 && !work.rewardLater && !doing && html`<${Prize} state=${state} act=${act} />`}
    ${work.vouchers?.length > 0 && vouchers}
    <${doing ? Happened : HowMany} state=${state} act=${act} />`;
}

/** Readable at arm's length. What is saved here and not yet counted by the service is shown as added. */
function Count({ work, isOffered, away }) {
  const { face, doing, saved, spent } = work;
  const { needed } = face;
  const ready = rewardsOn(work);
  const stamps = Math.min(face.stamps + saved, needed);
  const isStamped = doing?.claim.kind === "stamp" && ["checking", "saved", "done"].includes(doing.stage);
  const added = isStamped && (doing.claim.amount ? stamps - (doing.before?.stamps ?? 0) : doing.claim.quantity);
  const fresh = Math.max(0, Math.min(added, stamps));
  const gifts = wayOf(face).map(({ at }) => at);
  return html`<div class="count-and-card">
    <p class="count" aria-live="polite">
      <span class="big">${stamps}</span> <span class="of">${t("kiosk.of", { needed })}</span>
    </p>
    ${punchCard({ stamps, needed, fresh, gifts })}
    ${face.spend_per_stamp && html`<span class="chip">${toNextStamp(face)}</span>`}
    ${away && saved > 0 && html`<span class="chip warn">${t("kiosk.of_which_here", { n: saved })}</span>`}
    ${spent.card > 0 && !doing && html`
      <span class="chip warn">${t("kiosk.spent_here", { n: spent.card })}</span>`}
    ${ready > (isOffered ? 1 : 0) && html`
      <span class="chip warn">${t("common.rewards_ready", { n: ready })}</span>`}
  </div>`;
}

const toNextStamp = ({ spend_per_stamp: price, remainder }) =>
  t("kiosk.to_next_stamp", { money: money(price - remainder, currency()) });

/** What is there to count: money, one visit, or so many. */
function HowMany({ state, act }) {
  const { work, till } = state;
  const { programmes } = till;
  const programme = programmes.find(({ id }) => id === work.face?.programme.id)
    ?? (programmes.length === 1 ? programmes[0] : {}); // a card that nobody can look up
  const stampFor = work.stampFor ?? programme.stamp_for;
  const isShort = !work.face && work.code.length === 8; // nothing can be written on a card of unknown code
  return html`<div class="how-many stack">
    <h2 id="how-many" class=${work.again ? "again" : ""}>
      ${question(work.again, stampFor, till.business.time_zone)}</h2>
    <${Bought} state=${state} act=${act} />
    ${stampFor === "spend"
      ? html`<${Amount} currency=${currency()} disabled=${isShort}
          onAmount=${(amount) => act.stamp(1, { amount })} />`
      : html`<${Quantities} max=${work.max ?? programme.max_per_visit ?? FIRST_BUTTONS} disabled=${isShort}
          onStamp=${(n) => act.stamp(n)} />`}
  </div>`;
}

function Quantities({ max, disabled, onStamp }) {
  const [showsAll, showAll] = useState(false);
  const count = showsAll ? max : Math.min(FIRST_BUTTONS, max);
  return html`<div class="quantities" role="group" aria-labelledby="how-many">
    ${Array.from({ length: count }, (_, i) => i + 1).map((n) => html`
      <${Button} key=${n} data-key=${n} disabled=${disabled} aria-label=${t("common.stamps", { n })}
        onClick=${() => onStamp(n)}>${n}<//>`)}
    ${count < max && html`<${Button} class="quiet" onClick=${() => showAll(true)}>${t("common.more")}<//>`}
  </div>`;
}

function question(again, stampFor, zone) {
  if (!again) return t(QUESTIONS[stampFor] ?? "kiosk.how_many");
  const { at, quantity: n, amount } = again;
  const when = moment(at, zone);
  if (!amount) return t("kiosk.same_again", { n, when });
  return t("kiosk.same_again_amount", { money: money(amount, currency()), when });
}

function HandedOver({ state, act }) {
  const { work, till } = state;
  const { face, doing, spent } = work;
  const isSaved = doing.stage === "saved";
  if (!isSaved && doing.stage !== "done")
    return html`<p class="waiting" role="status"><span class="unseen">${t("kiosk.asking")}</span></p>`;
  return html`<div class="stack handed" role="status">
    <p class="tick">${icon("tick", 88)}</p>
    <h2>${t("kiosk.hand_it", { reward: nameOf(doing.claim, face) })}</h2>
    ${isSaved && html`<p>
      ${t("kiosk.saved_redeem", { n: till.offline.per_till - spent.all, of: till.offline.per_till })}</p>`}
    ${doing.result?.status === "flagged" && html`<p class="notice warn">${t("kiosk.flagged")}</p>`}
    <div class="row">
      ${rewardsOn(work) > 0 && !(isSaved && objection(work)) && html`<${Next} work=${work} act=${act} />`}
      <${Button} class="big" onClick=${act.again}>${t("kiosk.stamp_this")}<//>
    </div>
  </div>`;
}

/** Another one: the same again with one tap, or which of those there are. */
function Next({ work, act }) {
  const kinds = rewardsOf(work);
  const isPlain = kinds.length === 1 && kinds[0].names.length === 1 && kinds[0].tier === null;
  if (!isPlain) return html`<${Picks} kinds=${kinds} act=${act} />`;
  return html`<${Button} class="reward big" onClick=${() => act.redeem({})}>${t("kiosk.hand_over_next")}<//>`;
}

/** What was just done, in one sentence, with its tick. */
function Happened({ state, act }) {
  const { doing, rewardLater, turned } = state.work;
  const { stage, claim, result } = doing;
  if (stage === "saving") return html`<p class="unseen" role="status">${t("common.loading")}</p>`;
  return html`<div class="stack happened" role="status" data-stage=${stage}>
    <p class="row">
      <span class="tick">${icon(claim.kind === "void" ? "undo" : "tick", 48)}</span>
      <strong>${sentence(doing, state.till.business.time_zone)}</strong>
    </p>
    ${result?.why.gifts?.map((gift) => html`<p key=${gift.campaign}>${whyText(gift)}</p>`)}
    ${turned && rewardLater && html`<p>${t("kiosk.kept_for_later")}</p>`}
    ${result?.status === "flagged" && html`<p class="notice warn">${t("kiosk.flagged")}</p>`}
    <${Button} class="quiet" disabled=${stage === "checking"} onClick=${act.again}>
      ${t("kiosk.same_card_again")}<//>
  </div>`;
}

function sentence({ stage, claim, result }, zone) {
  const { quantity: n, amount } = claim;
  if (stage === "saved" && amount) return t("kiosk.saved_amount", { money: money(amount, currency()) });
  if (stage === "saved") return t(`kiosk.saved_${claim.kind}`, { n });
  if (stage === "checking") return t("common.saved");
  // Sent twice because the first answer was lost: the cashier did it once.
  if (result.status === "duplicate" && claim.kind === "stamp" && !amount) return t("kiosk.counted", { n });
  return whyText(result.why, zone);
}

function Moving({ state, act }) {
  const { work, connected } = state;
  const away = connected === false;
  return html`<div class="stack">
    <h2>${t("kiosk.move_title")}</h2>
    <p>${t("kiosk.move_help")}</p>
    ${away && html`<p class="notice warn">${t("kiosk.move_offline")}</p>`}
    <div class="row">
      <${Button} class="big" disabled=${!work.face || away} aria-busy=${work.making} onClick=${act.replace}>
        ${t("kiosk.move")}<//>
      <${Button} class="quiet big" onClick=${act.close}>${t("common.cancel")}<//>
    </div>
  </div>`;
}

function Recent({ lines, zone }) {
  if (!lines?.length) return null;
  return html`<details class="recent">
    <summary>${t("kiosk.recent")}</summary>
    <ul class="lines">
      ${lines.map(({ id, voided, why }) => html`
        <li key=${id} class=${voided ? "voided" : ""}>${whyText(why, zone)}</li>`)}
    </ul>
  </details>`;
}
