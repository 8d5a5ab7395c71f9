/** Who is at this till: pairing it with a shop, signing on, locking the screen. */
import { connect } from "../static/js/api.js";
import { forgetSent, recall, remember } from "./store.js";
import { set, state } from "./state.js";

const api = connect({ principal: "till" });

export async function pair(code) {
  const till = await api.post("/pairings", { code });
  // What one business's customers did is not another's to hear.
  if (till.business.id !== (await recall("business"))) await forgetSent();
  await heardTill(till);
}

/** Take over what the service says about this till; show the screen that fits. */
export async function heardTill(till) {
  const news = (told) => JSON.stringify({ ...told, server_time: null });
  if (news(till) !== news(state.till)) await remember("till", till);
  const still = till.staff.some(({ id }) => id === state.staff?.id);
  set({ till, staff: still ? state.staff : null });
  if (["starting", "pair"].includes(state.screen) || (!still && state.screen === "counter")) await showTill();
}

/** After a start or a pairing: straight to the counter if someone is signed on, or nobody has to. */
export async function showTill() {
  const { staff: people } = state.till;
  const kept = await recall("signed_on");
  const staff = people.some(({ id }) => id === kept?.id) ? kept : null;
  set({ staff, screen: staff || people.length === 0 ? "counter" : "sign-on" });
}

/**
 * Sign on. With the service away the name alone will do: nothing made from a PIN is kept on this device, and
 * the PIN is asked for as soon as somebody can judge it. Throws the Problem that says why not.
 */
export async function signOn({ id, name }, pin) {
  const staff = { id, name, unproved: !(await isRight(id, pin)) };
  await remember("signed_on", staff);
  set({ staff, screen: "counter", work: { kind: "idle" } });
}

/** Did the service say so? False when it cannot be asked. */
async function isRight(staff, pin) {
  if (!pin) return false;
  try {
    await api.post("/till/sign-ons", { staff, pin }, { timeoutMs: 4000 });
    return true;
  } catch (problem) {
    if (!problem.passing || problem.status === 429) throw problem;
    return false;
  }
}

/** Kept here first: a reload must not open a locked screen. */
export async function lock() {
  if (state.screen !== "counter" || state.till.staff.length === 0) return;
  set({ staff: null, screen: "sign-on", settings: false, undo: null });
  await remember("signed_on", null);
  await api.delete("/till/sign-ons/current").catch(() => {}); // the lock that counts is ours
}
