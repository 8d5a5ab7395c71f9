/** The cards this phone knows: their private keys and how they looked last, kept on the phone only. */

const NAME = "tenth.cards";

const read = () => JSON.parse(localStorage.getItem(NAME) ?? "{}");
const write = (cards) => localStorage.setItem(NAME, JSON.stringify(cards));

/** @returns {{key?: string, face?: object, seen_at?: string}|undefined} */
export const card = (code) => read()[code];

/** Every card known that still lives, the one seen last first: [[code, {key, face, seen_at}], …]. */
export const cards = () =>
  Object.entries(read()).filter(([, { face }]) => face && !face.replaced).sort(([, one], [, other]) => (other.seen_at ?? "").localeCompare(one.seen_at ?? ""));

/** Keep something about a card: {key}, or {face, seen_at}. */
export function keep(code, what) {
  const all = read();
  write({ ...all, [code]: { ...all[code], ...what } });
}

/**
 * A private link ends in #key. Take the key out of the address, where a glance or a screenshot would give it away,
 * and keep it as offered until the service has accepted it: a wrong link must not push out a key that works.
 */
export function adoptKeyFromAddress(code) {
  const offered = decodeURIComponent(location.hash.slice(1));
  if (!code || !offered) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (card(code)?.key) keep(code, { offered });
  else keep(code, { key: offered });
}
