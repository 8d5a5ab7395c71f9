/** What the screen shows, in one object; `set` changes it, and the page is drawn again before the next frame. */

export const state = {
  screen: "starting", // starting, insecure, elsewhere, pair, sign-on, counter
  till: null, // what GET /till said last
  staff: null, // who is signed on: {id, name, unproved: by name alone, with the service away}
  connected: null, // true, false, or null while nobody knows
  waiting: 0, // claims in the outbox
  since: null, // when the oldest of them happened
  alarm: false, // they are too many, or wait for too long
  held: 0, // of these nothing else waits: the service stumbles over each of them
  camera: "off",
  work: { kind: "idle" }, // what the larger half shows: idle, card, choose, lost, slip, case, cases
  bought: null, // the item of the month, if this customer buys it: said before the stamp, and by it no more
  undo: null, // the last thing done, while it can be taken back
  message: null, // the strip at the foot
  settings: false, // is the drawer open
};

let draw = () => {};
let isDue = false;

export const onChange = (callback) => (draw = callback);

/** Several changes in a row are drawn once, and a write to disk begun among them does not wait for that. */
export function set(patch) {
  Object.assign(state, patch);
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    draw();
  });
}

export const say = (text, { bad = false } = {}) => set({ message: { text, bad } });

/** The business's time zone, for every time on the screen. */
export const zone = () => state.till?.business.time_zone;

export const currency = () => state.till?.business.currency;
