/** The cards this phone knows: their private keys and how they looked last, kept on the phone only. */

const NAME = "tenth.cards";

const read = () => JSON.parse(localStorage.getItem(NAME) ?? "{}");

/**
 * telling: what is on its way to the shop; read: the ids of answers that need nothing more.
 * @returns {{key?: string, offered?: string, face?: object, seen_at?: string, telling?: object,
 *   read?: string[]}|undefined}
 */
export const card = (code) => read()[code];

/** Every card known that still lives, the one seen last first: [[code, {key, face, seen_at}], …]. */
export const cards = () =>
  Object.entries(read())
    .filter(([, { face }]) => face && !face.replaced)
    .sort(([, one], [, other]) => other.seen_at.localeCompare(one.seen_at));

/** Keep something about a card: {key}, or {face, seen_at}. */
export function keep(code, what) {
  const all = read();
  localStorage.setItem(NAME, JSON.stringify({ ...all, [code]: { ...all[code], ...what } }));
}

/**
 * A private link ends in #key. Take the key out of the address, where a glance would give it away. Over a key
 * we have, it is kept as offered until the service accepts it: a wrong link must not push out a right key.
 */
export function adoptKeyFromAddress(code) {
  const given = decodeURIComponent(location.hash.slice(1));
  if (!code || !given) return;
  history.replaceState(null, "", location.pathname + location.search);
  keep(code, card(code)?.key ? { offered: given } : { key: given });
}
