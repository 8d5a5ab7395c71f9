/** The card in hand: how far it is, how many stamps to add, the reward, and what just happened to it. */
import { html, useState } from "../../static/js/html.js";
import { punchCard } from "../../static/js/punch-card.js";
import { showShortCode } from "../../static/js/short-code.js";
import { moment } from "../../static/js/time.js";
import { whyText } from "../../static/js/why.js";
import { t } from "../../static/js/words.js";
import { Close } from "./counter.js";
import { icon } from "./icons.js";
import { NewCard } from "./new-card.js";
import { NoAnswer, Problem, Refused } from "./refusals.js";

const FIRST_BUTTONS = 6;

export function CardWork({ state, act }) {
  const { work } = state;
  const { face, doing } = work;
  const isReward = doing?.stage === "done" && doing.claim.kind === "redeem";
  const isOffered = face?.rewards_ready > 0 && !work.rewardLater && (!doing || work.turned);
  const mood = isReward || (work.turned && !work.rewardLater) ? "gold" : doing?.stage === "refused" || work.known === "no" ? "no" : "";
  return html`<article class="card-work ${mood}">
    <header class="row apart">
      <p class="row">
        ${face && html`<strong>${face.programme.name}</strong>`}
        ${(face || work.code.length === 8) && html`<span class="chip code">${face?.short_code ?? showShortCode(work.code)}</span>`}
        <${Known} work=${work} zone=${state.till.business.time_zone} />
      </p>
      <${Close} act=${act} />
    </header>
    ${face && !(work.key && !doing) && html`<${Count} work=${work} isOffered=${isOffered} isAway=${state.connected === false} />`}
    <div class="act">${actOf(state, act)}</div>
    ${!doing && !work.key && html`<${Recent} lines=${work.recent} zone=${state.till.business.time_zone} />`}
  </article>`;
}

/** What there is to press or to read, by where we are with this card. */
function actOf(state, act) {
  const { work } = state;
  const { doing, face } = work;
  if (work.known === "no") return html`<${Problem} problem=${work.problem} act=${act} />`;
  if (doing?.stage === "refused") return html`<${Refused} state=${state} act=${act} />`;
  if (doing?.stage === "no_answer") return html`<${NoAnswer} act=${act} />`;
  if (doing?.claim.kind === "redeem") return html`<${HandedOver} work=${work} act=${act} />`;
  if (work.moving) return html`<${Moving} work=${work} connected=${state.connected} act=${act} />`;
  if (work.turned && !work.rewardLater) return html`<${Reward} state=${state} act=${act} turned />`;
  return html`
    ${work.key && html`<${NewCard} face=${face} cardKey=${work.key} />`}
    ${face?.rewards_ready > 0 && !work.rewardLater && !doing && html`<${Reward} state=${state} act=${act} />`}
    ${doing ? html`<${Happened} state=${state} act=${act} />` : html`<${HowMany} state=${state} act=${act} />`}`;
}

function Known({ work, zone }) {
  if (work.known === "last") return html`<span class="chip warn">${t("kiosk.as_of", { when: moment(work.face.seen_at ?? Date.now(), zone) })}</span>`;
  if (work.known === "unknown") return html`<span class="chip warn">${t("kiosk.not_seen_yet")}</span>`;
  return null;
}

/** Readable at arm's length. What is saved here and not yet counted by the service is shown as added. */
function Count({ work, isOffered, isAway }) {
  const { face, doing, saved } = work;
  const stamps = Math.min(face.stamps + saved, face.needed);
  const fresh = doing?.claim.kind === "stamp" && ["checking", "saved", "done"].includes(doing.stage) ? doing.claim.quantity : 0;
  return html`<div class="count-and-card">
    <p class="count" aria-live="polite"><span class="big">${stamps}</span> <span class="of">${t("kiosk.of", { needed: face.needed })}</span></p>
    ${punchCard({ stamps, needed: face.needed, fresh: Math.min(fresh, stamps) })}
    ${isAway && saved > 0 && html`<span class="chip warn">${t("kiosk.of_which_here", { n: saved })}</span>`}
    ${face.rewards_ready > (isOffered ? 1 : 0) && html`<span class="chip warn">${t("common.rewards_ready", { n: face.rewards_ready })}</span>`}
  </div>`;
}

function HowMany({ state, act }) {
  const { work, till } = state;
  const [showsAll, showAll] = useState(false);
  const programme = till.programmes.find(({ id }) => id === work.face?.programme.id);
  const max = work.max ?? programme?.max_per_visit ?? FIRST_BUTTONS;
  const count = showsAll ? max : Math.min(FIRST_BUTTONS, max);
  const isShort = !work.face && work.code.length === 8; // nothing can be written on a card we only know the short code of
  return html`<div class="how-many stack">
    <h2 id="how-many" class=${work.again ? "again" : ""}>${work.again
      ? t("kiosk.same_again", { n: work.again.quantity, when: moment(work.again.at, till.business.time_zone) })
      : t("kiosk.how_many")}</h2>
    <div class="quantities" role="group" aria-labelledby="how-many">
      ${Array.from({ length: count }, (_, i) => i + 1).map((n) => html`<button type="button" class="button" key=${n} disabled=${isShort}
        aria-label=${t("common.stamps", { n })} onClick=${() => act.stamp(n)}>${n}</button>`)}
      ${!showsAll && max > FIRST_BUTTONS && html`<button type="button" class="button quiet" onClick=${() => showAll(true)}>${t("common.more")}</button>`}
    </div>
  </div>`;
}

/** A reward waits. On a card that has just become full it is all there is to see. */
function Reward({ state, act, turned = false }) {
  const { face } = state.work;
  const away = state.connected === false;
  return html`<div class="prize ${turned ? "turned" : ""}">
    ${turned && html`<p class="cheer">${t("kiosk.full")}</p>`}
    <h2>${face.programme.reward}</h2>
    ${away && html`<p>${t("kiosk.reward_offline")}</p>`}
    <div class="row">
      ${!away && html`<button type="button" class="button reward big" onClick=${act.redeem}>${t("kiosk.hand_over")}</button>`}
      ${(!away || turned) && html`<button type="button" class="button quiet big" onClick=${act.saveForLater}>${t("kiosk.save_for_later")}</button>`}
    </div>
  </div>`;
}

function HandedOver({ work, act }) {
  const { stage } = work.doing;
  if (stage !== "done") return html`<p class="waiting" role="status"><span class="unseen">${t("kiosk.asking")}</span></p>`;
  return html`<div class="stack handed" role="status">
    <p class="tick">${icon("tick", 88)}</p>
    <h2>${t("kiosk.hand_it", { reward: work.face.programme.reward })}</h2>
    <div class="row">
      ${work.face.rewards_ready > 0 && html`<button type="button" class="button reward big" onClick=${act.redeem}>${t("kiosk.hand_over_next")}</button>`}
      <button type="button" class="button big" onClick=${act.again}>${t("kiosk.stamp_this")}</button>
    </div>
  </div>`;
}

/** What was just done, in one sentence, with its tick. */
function Happened({ state, act }) {
  const { doing, rewardLater, turned } = state.work;
  const { stage, claim, result } = doing;
  if (stage === "saving") return html`<p class="unseen" role="status">${t("common.loading")}</p>`;
  const zone = state.till.business.time_zone;
  const sentence =
    stage === "saved" ? t(claim.kind === "void" ? "kiosk.saved_undo_here" : "kiosk.saved_here", { n: claim.quantity })
      : stage === "checking" ? t("common.saved")
        : result.status === "duplicate" && claim.kind === "stamp" ? t("kiosk.counted", { n: claim.quantity })
          : whyText(result.why, zone);
  return html`<div class="stack happened" role="status" data-stage=${stage}>
    <p class="row"><span class="tick">${icon(claim.kind === "void" ? "undo" : "tick", 48)}</span> <strong>${sentence}</strong></p>
    ${turned && rewardLater && html`<p>${t("kiosk.kept_for_later")}</p>`}
    ${result?.status === "flagged" && html`<p class="notice warn">${t("kiosk.flagged")}</p>`}
    <button type="button" class="button quiet" disabled=${stage === "checking"} onClick=${act.again}>${t("kiosk.same_card_again")}</button>
  </div>`;
}

function Moving({ work, connected, act }) {
  return html`<div class="stack">
    <h2>${t("kiosk.move_title")}</h2>
    <p>${t("kiosk.move_help")}</p>
    ${connected === false && html`<p class="notice warn">${t("kiosk.move_offline")}</p>`}
    <div class="row">
      <button type="button" class="button big" disabled=${!work.face || connected === false} aria-busy=${work.making} onClick=${act.replace}>${t("kiosk.move")}</button>
      <button type="button" class="button quiet big" onClick=${act.close}>${t("common.cancel")}</button>
    </div>
  </div>`;
}

function Recent({ lines, zone }) {
  if (!lines?.length) return null;
  return html`<details class="recent">
    <summary>${t("kiosk.recent")}</summary>
    <ul class="lines">${lines.map((line) => html`<li key=${line.id} class=${line.voided ? "voided" : ""}>${whyText(line.why, zone)}</li>`)}</ul>
  </details>`;
}
