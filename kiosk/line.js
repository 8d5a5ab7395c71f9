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
const HEARTBEAT_MS = 45_000;

/**
 * @param api       a connection of the till's
 * @param onState   {connected: true|false|null, waiting: number}
 * @param onResult  one result of the service, with its claim
 * @param onTill    what GET /till said
 * @param onUnpaired  the service does not know this till any more
 */
export function createLine({ api, onState, onResult, onTill, onUnpaired }) {
  const answers = new Map(); // claim id → resolve
  let connected = null;
  let batch = LARGEST_BATCH;
  let failures = 0;
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
    let rows = await outbox.oldest(batch);
    if (rows.length === 0) return onTill(await api.get("/till"));
    while (rows.length > 0) {
      const { results } = await api.post(
        "/sync",
        { sent_at: new Date().toISOString(), events: rows.map(outbox.toSend) },
        { timeoutMs: ANSWER_TIMEOUT_MS + rows.length * EACH_CLAIM_MS },
      );
      const claims = new Map(rows.map(({ claim }) => [claim.id, claim]));
      const own = results.filter(({ id }) => claims.has(id));
      // Nothing of ours in the answer: whoever answered was not our service.
      if (own.length === 0) throw new Error("an answer without results");
      await outbox.settle(own);
      heard();
      for (const result of own) {
        onResult(result, claims.get(result.id));
        resolve(result.id, { result });
      }
      rows = await outbox.oldest(batch);
      if (rows.length > 0) await tell();
    }
  }

  function heard() {
    failures = 0;
    batch = LARGEST_BATCH;
    if (connected !== true) {
      connected = true;
      tell();
    }
  }

  async function missed(problem) {
    if (problem.status === 401 || problem.code === "csrf_missing") {
      isPaired = false;
      return onUnpaired();
    }
    if (!(problem instanceof Problem)) console.error(problem); // ours, not the network's
    failures += 1;
    batch = Math.max(1, batch >> 1); // a batch that is too much for a slow line gets smaller until it fits
    connected = false;
    await outbox.stampsAreFacts();
    for (const id of answers.keys()) resolve(id, { noAnswer: true });
  }

  function plan() {
    const wait = connected ? HEARTBEAT_MS : RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0];
    clearTimeout(timer);
    timer = setTimeout(send, wait * (0.7 + 0.6 * Math.random()));
  }

  async function tell() {
    onState({ connected, waiting: await outbox.count() });
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
