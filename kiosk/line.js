/**
 * The line to the service: sends the outbox, one batch at a time and in order, finds out whether anybody
 * answers, and tells whoever waits what became of their claim.
 */
import { Problem } from "../static/js/api.js";
import * as outbox from "./outbox.js";

// Long enough for shop wifi, short enough that nobody in the queue looks up.
export const ANSWER_TIMEOUT_MS = 3000;
// What many claims may take more, each.
const EACH_CLAIM_MS = 20;
const LARGEST_BATCH = 500;
// Back in touch within five seconds of the service's return; chance keeps a street of tills from asking
// all at once.
const RETRY_MS = [500, 1000, 2000, 3500];
const LONGEST_PAUSE_SECONDS = 5;
const HEARTBEAT_MS = 45_000;
// So many of those that failed by themselves are tried again with each heartbeat.
const TRIED_AGAIN = 10;

/**
 * @param api       a connection of the till's
 * @param onState   {connected: true|false|null, waiting: number, since: string|undefined, alarm: boolean, held: number}
 * @param onResult  one result of the service, with its claim
 * @param onTill    what GET /till said
 * @param onUnpaired  the service takes nothing from this till any more; true: because it was cut off, and not
 *   because nobody has heard of it
 */
export function createLine({ api, onState, onResult, onTill, onUnpaired }) {
  const answers = new Map(); // claim id → resolve
  const withheld = new Set(); // sequence numbers of what the service stumbles over, each by itself
  let connected = null;
  let batch = LARGEST_BATCH;
  let failures = 0;
  let pause = 0; // what the service asked for, in seconds
  let timer;
  let running = null;
  let isWanted = false;
  let isPaired = true;

  /** Send what there is now; resolves when the outbox is empty or the service did not answer. */
  function send() {
    isWanted = isPaired = true;
    running ??= run().finally(() => (running = null));
    return running;
  }

  async function run() {
    clearTimeout(timer);
    while (isWanted) {
      isWanted = false;
      try {
        await navigator.locks.request("tenth-outbox", sendAll);
        heard();
      } catch (problem) {
        await missed(problem);
      }
    }
    await tell();
    if (isPaired) plan();
  }

  async function sendAll() {
    let isAnswered = false;
    for (;;) {
      const { rows, numbers } = await outbox.next(batch, withheld);
      if (rows.length > 0) {
        if (isAnswered) await tell();
        isAnswered = (await sendOne(rows, numbers)) || isAnswered;
      } else if (isAnswered) return;
      else {
        const till = await api.get(`/till?epoch=${await outbox.knownEpoch()}`);
        await outbox.heardEpoch(till.epoch);
        onTill(till);
        isAnswered = true;
      }
    }
  }

  /** Send a batch: was it answered? One the service stumbles over gets smaller, down to what it is about. */
  async function sendOne(rows, numbers) {
    try {
      await settle(rows, await post(rows, numbers));
      heard();
      return true;
    } catch (problem) {
      if (!isAboutContent(problem)) throw problem;
      batch = Math.max(1, rows.length >> 1);
      if (rows.length > 1) return false;
      await post([]); // does it take anything at all? If not, this one is not to blame
      withheld.add(rows[0].sequence);
      await outbox.stampsAreFacts(rows);
      resolve(rows[0].claim.id, { noAnswer: true });
    }
  }

  const post = (rows, numbers) =>
    api.post(
      "/sync",
      { sent_at: new Date().toISOString(), events: rows.map(outbox.toSend), ...numbers },
      { timeoutMs: ANSWER_TIMEOUT_MS + rows.length * EACH_CLAIM_MS },
    );

  async function settle(rows, { results, epoch }) {
    const found = new Map(results.map((result) => [result.id, result]));
    const told = rows.map((row) => ({ ...row, result: found.get(row.claim.id) }));
    const own = told.filter(({ result }) => result);
    // Nothing of ours in the answer: whoever answered was not our service.
    if (own.length === 0) throw new Error("an answer without results");
    await outbox.heardEpoch(epoch);
    await outbox.settle(own);
    for (const { claim, result, again } of own) {
      if (!again) onResult(result, claim);
      resolve(claim.id, { result });
      if (result.reason === "revoked_till") isWanted = true; // ask at once: the screen clears when it is told so
    }
  }

  function heard() {
    failures = pause = 0;
    batch = Math.min(LARGEST_BATCH, batch * 2);
    if (connected !== true) {
      connected = true;
      tell();
    }
  }

  async function missed(problem) {
    if (["sign_in_needed", "csrf_missing"].includes(problem.code)) {
      const { epoch } = problem.body; // named to one that was cut off: if it is another, there is more to hand in
      isWanted = Boolean(epoch) && (await outbox.heardEpoch(epoch));
      isPaired = isWanted;
      return isWanted || onUnpaired(Boolean(epoch));
    }
    if (!(problem instanceof Problem)) console.error(problem); // ours, not the network's
    failures += 1;
    batch = Math.max(1, batch >> 1); // a batch that is too much for a slow line gets smaller until it fits
    pause = Math.min(problem.retryAfterSeconds ?? 0, LONGEST_PAUSE_SECONDS);
    connected = false;
    withheld.clear();
    await outbox.stampsAreFacts();
    for (const id of answers.keys()) resolve(id, { noAnswer: true });
  }

  function plan() {
    const wait = connected ? HEARTBEAT_MS : RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];
    clearTimeout(timer);
    timer = setTimeout(beat, Math.max(pause * 1000, wait * (0.7 + 0.6 * Math.random())));
  }

  function beat() {
    [...withheld].slice(0, TRIED_AGAIN).forEach((number) => withheld.delete(number));
    send();
  }

  async function tell() {
    onState({ connected, ...(await outbox.waiting(withheld)) });
  }

  /** What becomes of this claim: {result}, or {noAnswer: true}. */
  function answerTo(id) {
    return new Promise((done) => answers.set(id, done));
  }

  function resolve(id, outcome) {
    answers.get(id)?.(outcome);
    answers.delete(id);
  }

  // Hints only: what counts is whether anybody answers.
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());

  return { send, answerTo, tell, isConnected: () => connected };
}

/** Did the service (or what stands before it) answer, and dislike what it was sent? */
const isAboutContent = ({ status, code }) =>
  status >= 400 && status <= 500 && status !== 401 && status !== 429 && code !== "csrf_missing";
