/** A card as it changes: the live stream where it works, asking every five seconds where it does not. */
import { connect } from "./api.js";

const ASK_EVERY_MS = 5000;
// A stream that says nothing for four seconds sits behind a proxy that hoards it: ask meanwhile.
const FIRST_WORD_MS = 4000;
// A stream that was refused (the service is full) is tried again after this.
const TRY_AGAIN_MS = 30_000;

/**
 * Follow one card until the returned function is called. The stream is let go while the page is away.
 * @param {string} code
 * @param {{onCard: (card: object) => void, onState?: (state: "live"|"asking"|"away") => void,
 *   onGone?: (problem: Error) => void}} news onGone: the service knows no such card
 */
export function watchCard(code, { onCard, onState = () => {}, onGone = () => {} }) {
  const api = connect();
  let stream = null;
  let etag = null;
  let state = null;
  let asking = null;
  let patience = null;
  let again = null;

  const say = (next) => {
    if (next !== state) onState((state = next));
  };

  function open() {
    close();
    stream = new EventSource(`/api/v1/cards/${code}/live`);
    patience = setTimeout(ask, FIRST_WORD_MS);
    stream.addEventListener("card", (event) => {
      stopAsking();
      say("live");
      onCard(JSON.parse(event.data));
    });
    stream.addEventListener("error", () => {
      // The browser reconnects by itself unless it was refused; either way, ask until the stream speaks.
      if (stream?.readyState === EventSource.CLOSED) again = setTimeout(open, TRY_AGAIN_MS);
      ask();
    });
  }

  async function ask() {
    if (asking) return;
    asking = setInterval(askOnce, ASK_EVERY_MS);
    await askOnce();
  }

  async function askOnce() {
    try {
      const answer = await api.fresh(`/cards/${code}`, etag);
      if (!asking) return;
      say("asking");
      if (answer.status === 304) return;
      etag = answer.etag;
      onCard(answer.body);
    } catch (problem) {
      if (problem.status === 404 || problem.status === 410) {
        close();
        onGone(problem);
      } else if (asking) say("away");
    }
  }

  function stopAsking() {
    clearTimeout(patience);
    clearInterval(asking);
    asking = null;
  }

  function close() {
    stopAsking();
    clearTimeout(again);
    stream?.close();
    stream = null;
  }

  // A phone that was asleep, or away from its network, has a dead line it does not know of: call anew.
  const back = () => document.visibilityState === "visible" && open();
  const listeners = [
    [window, "pagehide", close],
    [window, "pageshow", (event) => event.persisted && open()],
    [window, "online", back],
    [window, "offline", ask],
    [document, "visibilitychange", back],
  ];
  for (const [where, name, listener] of listeners) where.addEventListener(name, listener);
  open();

  return () => {
    for (const [where, name, listener] of listeners) where.removeEventListener(name, listener);
    close();
  };
}
