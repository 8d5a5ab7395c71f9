/**
 * Every card the shop has seen of late, as the service last told: what a scan shows with the service away.
 * A card is known by a hash of its code alone; there is no name, e-mail or key in it.
 *
 * The rows [hash, stamps, needed, rewards ready, initials, programme] lie in buckets by the first letters of
 * their hash: a hundred thousand cards are a few thousand values on the disk, and a scan reads one of them.
 * "head" is {next, at, cards, programmes}: where to go on, as of when, how many, what a row's last number is.
 */
import { connect } from "../static/js/api.js";
import { read, settled, write } from "./store.js";

const EVERY_MS = 30_000;
// Some hundred kilobytes, perhaps over a phone's line.
const PAGE_TIMEOUT_MS = 20_000;

const api = connect({ principal: "till", timeoutMs: PAGE_TIMEOUT_MS });

let due = 0;

/** Ask for what has changed, now and then; for a quiet moment, because a scan waits while it is written. */
export function keepUp() {
  if (Date.now() < due) return;
  due = Infinity;
  const finish = () => (due = Date.now() + EVERY_MS);
  fetchChanges().then(finish, finish); // what is wrong with the line, the line finds out
}

/** How old it is and how many cards are in it; undefined before the first. */
export const head = () => read("snapshot", (buckets) => buckets.get("head"));

/** What is known of a card, by its long code; undefined if nothing. */
export async function find(code) {
  const hash = await hashOf(code);
  const rows = await read("snapshot", (buckets) => buckets.get(bucketOf(hash)));
  const row = rows?.find(([other]) => other === hash);
  if (!row) return undefined;
  const { at, programmes } = await head();
  const [, stamps, needed, rewards_ready, initials, programme] = row;
  return { code, stamps, needed, rewards_ready, initials, programme: programmes[programme], seen_at: at };
}

async function fetchChanges() {
  const at = Date.now();
  let next = (await head())?.next;
  let answer, changed = [], isWhole = false;
  do {
    answer = await api.get(`/till/snapshot${next ? `?since=${encodeURIComponent(next)}` : ""}`);
    if (answer.whole) [changed, isWhole] = [[], true];
    changed.push(...answer.cards);
    ({ next } = answer);
  } while (answer.more);
  await keep(changed, { next, at, programmes: answer.programmes }, isWhole);
}

/** In one transaction: what lies on the disk is always something the service has told. */
function keep(changed, news, isWhole) {
  const fresh = new Map();
  for (const row of changed) {
    const name = bucketOf(row[0]);
    fresh.set(name, [...(fresh.get(name) ?? []), row]);
  }
  return write("snapshot", async (buckets) => {
    if (isWhole) buckets.clear();
    let cards = (await settled(buckets.get("head")))?.cards ?? 0;
    await Promise.all([...fresh].map(async ([name, rows]) => {
      const before = (!isWhole && (await settled(buckets.get(name)))) || [];
      const after = [...new Map([...before, ...rows].map((row) => [row[0], row])).values()];
      cards += after.length - before.length;
      buckets.put(after, name);
    }));
    buckets.put({ ...news, cards }, "head");
  });
}

async function hashOf(code) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  const letters = btoa(String.fromCharCode(...new Uint8Array(hash, 0, 12)));
  return letters.replaceAll("+", "-").replaceAll("/", "_");
}

const bucketOf = (hash) => hash.slice(0, 2);
