/** Who is at this till: pairing it with a shop, signing on with a PIN, locking the screen. */
import { connect } from "../static/js/api.js";
import { recall, remember } from "./store.js";
import { set, state } from "./state.js";

const api = connect({ principal: "till" });

const PIN_ROUNDS = 150_000;
const OFFLINE_TRIES = 5;
const OFFLINE_WAIT_MS = 60_000;

let offlineTries = 0;
let offlineUntil = 0;

export async function pair(code) {
  const till = await api.post("/pairings", { code });
  await remember("signed_on", null);
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
  const staff = people.find(({ id }) => id === kept?.id) ?? null;
  set({ staff, screen: staff || people.length === 0 ? "counter" : "sign-on" });
}

/**
 * Sign on. With no service in reach, a PIN that was right here before is right again: the shop goes on.
 * Throws the Problem that says why not.
 */
export async function signOn(person, pin) {
  try {
    await api.post("/till/sign-ons", { staff: person.id, pin }, { timeoutMs: 4000 });
    await remember(`pin ${person.id}`, await digestOf(pin));
  } catch (problem) {
    if (!problem.passing || problem.status === 429) throw problem;
    await checkOffline(person, pin, problem);
  }
  const staff = { id: person.id, name: person.name };
  await remember("signed_on", staff);
  set({ staff, screen: "counter", work: { kind: "idle" } });
}

/** Kept here first: a reload must not open a locked screen. */
export async function lock() {
  if (state.screen !== "counter" || state.till.staff.length === 0) return;
  set({ staff: null, screen: "sign-on", settings: false, undo: null });
  await remember("signed_on", null);
  await api.delete("/till/sign-ons/current").catch(() => {}); // the lock that counts is ours
}

async function checkOffline(person, pin, problem) {
  if (Date.now() < offlineUntil) throw refusal("locked_out");
  const kept = await recall(`pin ${person.id}`);
  if (!kept) throw problem;
  const digest = await digestOf(pin, kept.salt);
  if (digest.hash.every((byte, i) => byte === kept.hash[i])) {
    offlineTries = 0;
    return;
  }
  offlineTries += 1;
  if (offlineTries >= OFFLINE_TRIES) offlineUntil = Date.now() + OFFLINE_WAIT_MS;
  throw refusal(offlineTries >= OFFLINE_TRIES ? "locked_out" : "wrong_pin");
}

function refusal(code) {
  return Object.assign(new Error(code), { code, body: { tries_left: OFFLINE_TRIES - offlineTries } });
}

async function digestOf(pin, salt = crypto.getRandomValues(new Uint8Array(16))) {
  const typed = new TextEncoder().encode(pin);
  const key = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: PIN_ROUNDS };
  return { salt, hash: new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)) };
}
