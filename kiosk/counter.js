/** What is done at the counter: look at a card, stamp it, hand over a reward, take the last thing back. */
import { connect } from "../static/js/api.js";
import { cardCodeIn, slipCodeIn } from "../static/js/short-code.js";
import { uuid7 } from "../static/js/uuid7.js";
import { whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { objection } from "./alone.js";
import { choices } from "./choices.js";
import { keepFace, lastSeen } from "./faces.js";
import { ANSWER_TIMEOUT_MS } from "./line.js";
import { mark, markPainted } from "./marks.js";
import * as outbox from "./outbox.js";
import { play } from "./sound.js";
import { say, set, state, zone } from "./state.js";

const api = connect({ principal: "till", timeoutMs: ANSWER_TIMEOUT_MS });

// The same card within this time is more likely a slip than a second visit: ask first.
const AGAIN_MS = 120_000;
const DONE_CLOSES_MS = 12_000;
const UNDO_MS = 90_000;
// By then the cashier should hear something, even if the service has not answered.
const SOUND_AFTER_MS = 700;

let line;
let closing;
let undoing;
let making = {};
const done = new Map(); // card code → when this till stamped it last, and how many

export const useLine = (made) => (line = made);

/** A code came from the camera or a scanner. `at` is the moment of the frame or key. */
export function scanned(text, at) {
  mark("frame", at);
  const slip = slipCodeIn(text);
  if (slip) return openSlip(slip);
  const code = cardCodeIn(text);
  if (!code) {
    play("refused");
    return say(t("kiosk.not_a_card"), { bad: true });
  }
  const { work } = state;
  if (work.kind === "card" && work.code === code && !work.moving && !isOver(work)) return;
  mark("read");
  if (work.kind === "case" && !work.isTold && !work.case) {
    patchWork({ card: { code } });
    return play("seen");
  }
  openCard(code);
  if (choices.onScan === "stamp" && !isAgain(code) && !countsMoney()) return void stamp(1);
  play("seen");
}

/** Show a card: at once as last seen here, then as the service knows it. */
export async function openCard(code, { moving = false, made = null } = {}) {
  leaveRedemption();
  // What another customer bought.
  if (state.work.kind === "card" && state.work.code !== code) set({ bought: null });
  const spent = { card: 0, all: 0, tiers: [] };
  const opened = { kind: "card", code, moving, known: "asking", saved: 0, spent };
  Object.assign(opened, { face: made?.card ?? null, key: made?.key ?? null });
  opened.again = isAgain(code) ? done.get(code) : null;
  setWork(opened);
  markPainted("card-painted");
  const isStill = () => state.work.kind === "card" && state.work.opened === opened.opened;
  const seen = await lastSeen(code);
  if (!isStill()) return;
  if (seen && !state.work.face) patchWork({ face: seen, code: seen.code, vouchers: seen.vouchers });
  await countSaved();
  if (!isStill()) return;
  const known = () => (state.work.face ? "last" : "unknown");
  if (state.connected === false) patchWork({ known: known() });
  try {
    const { card, max_per_visit: max, stamp_for: stampFor, recent, vouchers } =
      await api.get(`/till/cards/${code}`);
    const face = keepFace({ ...card, vouchers });
    if (!isStill()) return;
    const isNewer = !state.work.doing?.result; // an answer to what was done here knows more
    patchWork({ known: "now", code: card.code, max, stampFor, recent, vouchers, ...(isNewer && { face }) });
  } catch (problem) {
    if (!isStill()) return;
    if (problem.passing) return patchWork({ known: known() });
    play("refused");
    patchWork({ known: "no", problem, face: problem.status === 404 ? null : state.work.face });
  }
}

/** amount: what was paid, on a card that counts money. item: what was bought, if it is that of the month. */
export async function stamp(quantity, { reason = null, amount, item = state.bought } = {}) {
  const { code, doing } = state.work;
  if (doing && !isOver(state.work)) return;
  const claim = claimOf("stamp", code, { quantity, reason, ...(amount && { amount }), ...(item && { item }) });
  set({ bought: null });
  done.set(code, { at: claim.happened_at, quantity, amount });
  patchWork({ again: null });
  const outcome = await carryOut(claim, { asking: line.isConnected() !== false });
  if (outcome.result?.status === "refused") done.delete(code);
}

/** With the service away it is a fact at once, as far as the owner allows. what: the tier and item, if not plain. */
export async function redeem(what) {
  const { code, doing } = state.work;
  if (doing && !isOver(state.work)) return;
  const asking = line.isConnected() !== false;
  if (!asking && objection(state.work)) return line.tell(); // the line broke just now: the screen says why
  await carryOut(claimOf("redeem", code, what), { asking });
}

/** The answer was lost: send the same question again. Asking twice is harmless, it has one id. */
export async function askAgain() {
  const { claim } = state.work.doing;
  patchDoing(claim.id, { stage: "checking" });
  const answer = line.answerTo(claim.id);
  line.send();
  showOutcome(claim, await answer);
}

/** The answer was lost and the reward is handed over: a fact, under the id it was asked with. */
export async function handOver() {
  const { claim } = state.work.doing;
  await outbox.handOver(claim.id);
  await countSaved();
  if (state.work.doing?.stage !== "no_answer") return; // the answer came after all
  showSaved(claim);
  line.send();
}

/** The answer was lost and nobody waits for it: whatever became of the redemption, it is undone. */
export async function later() {
  const { claim } = state.work.doing;
  patchWork({ doing: null, rewardLater: true });
  await outbox.withdraw(claim.id, { staff: state.staff?.id ?? null });
  line.send();
}

export function saveForLater() {
  patchWork({ rewardLater: true });
  closeSoon();
}

export async function undo() {
  const { claim: last, run } = state.undo;
  if (run) return run();
  const claim = claimOf("void", last.card, { ref: last.id, quantity: last.quantity });
  undone();
  done.delete(last.card);
  if (state.work.kind !== "card" || state.work.code !== last.card) openCard(last.card);
  patchWork({ doing: null, rewardLater: true });
  await carryOut(claim, { asking: line.isConnected() !== false });
}

/** What could be taken back cannot be any more. */
export function undone() {
  clearTimeout(undoing);
  set({ undo: null });
}

export function close() {
  leaveRedemption();
  setWork({ kind: "idle" });
  set({ bought: null });
}

/** This customer buys the item of the month; the same once more, and it was a slip. */
export const buys = (item) => set({ bought: state.bought === item ? null : item });

/** The same card once more, on purpose. */
export function again() {
  const { stage, claim } = state.work.doing;
  if (stage === "refused") set({ bought: claim.item ?? null });
  clearTimeout(closing);
  patchWork({ doing: null, again: null });
}

/** The till was cut off: what it remembers of its shop is gone too. */
export function forget() {
  done.clear();
  close();
  set({ undo: null });
}

export const showLost = () => (close(), setWork({ kind: "lost" }));

/** The voucher on a slip, unless it is before the camera already. */
export function openSlip(code) {
  const { kind, code: here, using } = state.work;
  if (kind === "slip" && here === code && !["done", "refused"].includes(using?.stage)) return;
  close();
  setWork({ kind: "slip", code });
  play("seen");
}

/** Something was wrong, mostly for whoever has the card in hand. id, card: of a case told before. */
export function openCase({ id, card = cardInHand() } = {}) {
  close();
  setWork({ kind: "case", card, case: id });
}

function cardInHand() {
  const { kind, face, code, known } = state.work;
  return kind === "card" && known !== "no" ? (face ?? { code }) : null;
}

export const showCases = () => (close(), set({ settings: false }), setWork({ kind: "cases" }));

/** A new card, of the only programme or of the one chosen. */
export async function newCard(programme = null) {
  const { programmes } = state.till;
  leaveRedemption();
  if (!programme && programmes.length > 1) return setWork({ kind: "choose", programmes });
  await makeCard("/cards", { programme: programme ?? programmes[0]?.id });
}

/** Everything on this card moves to a new one and the old code dies. */
export async function replace() {
  await makeCard(`/cards/${state.work.code}/replacements`, { reason: "lost" });
}

async function makeCard(path, body) {
  const what = JSON.stringify([path, body]);
  // The same key when the same is tried again, so that no card is made twice.
  if (making.what !== what) making = { what, key: uuid7() };
  patchWork({ making: true });
  try {
    const made = await api.post(path, body, { idempotencyKey: making.key });
    making = {};
    keepFace(made.card);
    openCard(made.card.code, { made });
    play("stamped");
  } catch (problem) {
    patchWork({ making: false });
    play("refused");
    say(problem.words, { bad: true });
  }
}

/** Write it down, show the tick, send it, show what became of it. */
async function carryOut(claim, { asking }) {
  clearTimeout(closing);
  const answer = asking ? line.answerTo(claim.id) : null;
  patchWork({ doing: { claim, stage: "saving", before: state.work.face } });
  try {
    await outbox.add(claim, { asking });
  } catch {
    play("refused");
    if (state.work.doing?.claim === claim) patchWork({ doing: null });
    say(t("kiosk.not_saved"), { bad: true });
    return {};
  }
  mark("on-disk");
  patchDoing(claim.id, { stage: asking ? "checking" : "saved" });
  if (claim.kind === "stamp") patchWork({ saved: state.work.saved + outbox.stampsOf(claim) });
  else countSaved();
  markPainted("tick-painted");
  if (claim.kind !== "void" && claim.kind !== "redeem") offerUndo(claim);
  // An answer mostly comes before anyone could read "sending".
  setTimeout(line.tell, asking ? SOUND_AFTER_MS : 0);
  line.send();
  if (!asking) return (showSaved(claim), {});
  const impatient = setTimeout(() => claim.kind === "stamp" && play("stamped"), SOUND_AFTER_MS);
  const outcome = await answer;
  clearTimeout(impatient);
  await showOutcome(claim, outcome);
  return outcome;
}

async function showOutcome(claim, { result }) {
  if (result) return showResult(claim, result);
  if (claim.kind === "redeem") {
    play("refused");
    return patchDoing(claim.id, { stage: "no_answer" });
  }
  await outbox.stampsAreFacts();
  showSaved(claim);
}

/** Done, as far as this till can tell. */
function showSaved(claim) {
  play("stamped");
  if (state.work.doing?.claim.id !== claim.id) return;
  if (claim.kind === "redeem") offerUndo(claim);
  patchDoing(claim.id, { stage: "saved" });
  closeSoon();
}

/** An answer of the service to something done here, now or long ago. */
export function showResult(claim, result) {
  const { work } = state;
  const isShown = work.kind === "card" && work.doing?.claim.id === claim.id;
  const isSame = work.kind === "card" && result.card?.code === work.code;
  const isNo = result.status === "refused" || result.status === "kept";
  if (isNo && state.undo?.claim.id === claim.id) set({ undo: null });
  if (isShown && work.doing.result) return;
  // Handed over while the question was on its way: it goes out again, as a fact.
  if (isShown && work.doing.stage === "saved" && result.status === "refused") return;
  const counted = claim.kind === "stamp" ? outbox.stampsOf(claim) : 0;
  if (isSame) {
    patchWork({ face: { ...result.card, seen_at: Date.now() }, saved: Math.max(0, work.saved - counted) });
    if (claim.kind === "redeem") countSaved();
  }
  if (isShown) showDone(claim, result, { isNo });
  else if (isNo && claim.kind !== "void") {
    play("refused");
    say(whyText(result.why, zone()), { bad: true });
  }
}

function showDone(claim, result, { isNo }) {
  const isFull = claim.kind === "stamp" && !isNo && hasFilled(result, state.work.doing.before);
  if (claim.kind === "redeem" && !isNo) offerUndo(claim);
  play(isNo ? "refused" : isFull ? "full" : "stamped");
  patchDoing(claim.id, { stage: isNo ? "refused" : "done", result });
  if (isFull) patchWork({ rewardLater: false, turned: true });
  else if (claim.kind !== "stamp" || !isNo) patchWork({ turned: false });
  if (!isFull && !isNo) closeSoon();
}

/** What was done to the card in hand that the service has not counted yet. */
async function countSaved() {
  const { opened, code } = state.work;
  const [saved, spent] = await Promise.all([outbox.stampsFor(code), outbox.offlineRedemptions(code)]);
  if (state.work.opened === opened) patchWork({ saved, spent });
}

const hasFilled = ({ why, card }, before) =>
  ["reward_earned", "tier_earned"].includes(why?.code) || (before && card?.rewards_ready > before.rewards_ready);

/** Nobody can say before it is looked up whether a card of this shop counts stamps. */
const countsMoney = () => state.till.programmes.some((programme) => programme.stamp_for === "spend");

function claimOf(kind, card, { quantity = 1, ref = null, reason = null, ...more }) {
  const happened_at = new Date().toISOString();
  const staff = state.staff?.id ?? null;
  return { id: uuid7(), kind, card, quantity, happened_at, staff, order_ref: null, ref, reason, ...more };
}

/** run: how it is taken back, if not by a claim. */
export function offerUndo(claim, run) {
  clearTimeout(undoing);
  set({ undo: { claim, run, shortCode: state.work.face?.short_code ?? "" } });
  undoing = setTimeout(() => state.undo?.claim === claim && set({ undo: null }), UNDO_MS);
}

const isAgain = (code) => done.has(code) && Date.now() - Date.parse(done.get(code).at) < AGAIN_MS;

/** Has what was being done come to an end? */
const isOver = ({ doing }) => Boolean(doing) && ["saved", "done", "refused"].includes(doing.stage);

/** Walking away from an unanswered redemption means "later". */
function leaveRedemption() {
  const { work } = state;
  if (work.using && ["asking", "no_answer"].includes(work.using.stage)) work.using.leave();
  if (work.kind !== "card" || work.doing?.claim.kind !== "redeem" || isOver(work)) return;
  outbox.withdraw(work.doing.claim.id, { staff: state.staff?.id ?? null }).then(line.send);
}

/** Not while a customer's phone may still be looking at the new card's code. */
export function closeSoon() {
  const { opened, key } = state.work;
  if (key) return;
  clearTimeout(closing);
  closing = setTimeout(() => state.work.opened === opened && close(), DONE_CLOSES_MS);
}

/** From what was just done back to the card. */
export function goOn() {
  clearTimeout(closing);
  patchWork({ using: null, doing: null });
}

let openings = 0;

function setWork(work) {
  clearTimeout(closing);
  work.opened = ++openings;
  set({ work, message: null });
}

export const patchWork = (patch) => set({ work: { ...state.work, ...patch } });

function patchDoing(id, patch) {
  const { doing } = state.work;
  if (doing?.claim.id === id) patchWork({ doing: { ...doing, ...patch } });
}
