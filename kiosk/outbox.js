/**
 * What happened at this till and has not been answered yet. A claim is on disk before anyone is told, is
 * sent in the order it happened, and leaves only after its own answer came back.
 *
 * A row is {sequence, claim, standing}. The sequence numbers all that this till ever saw, so that the service
 * notices what never arrived. Its standing:
 *   asking     may it happen? Nothing is handed over before the answer.
 *   fact       it has happened; the answer can no longer be no.
 *   withdrawn  a redemption nobody waits for any more: it is sent, and right behind it its void.
 * What was answered stays in `sent` for a while: a service restored from a backup may lack it. A row that
 * came back from there says in `again` since when.
 */
import { uuid7 } from "../static/js/uuid7.js";
import { forgetSent, read, recall, settled, write } from "./store.js";

const DAY_MS = 86_400_000;
const SENT_KEPT_MS = 30 * DAY_MS;
const MOST_WITHHELD = 1000;
// More or older than this, and the shop should know that its network is no passing trouble.
const ALARM_COUNT = 2000;
const ALARM_MS = 3 * DAY_MS;

let answered; // the highest number that had its answer
let epoch; // which life of the service's database gave the answers

/** Put one claim on disk. Resolves when it is safe there. */
export function add(claim, { asking }) {
  return write("outbox", (rows) => void rows.add({ claim, standing: asking ? "asking" : "fact" }));
}

/** The first rows in the order they happened. */
export const oldest = (limit) => read("outbox", (rows) => rows.getAll(null, limit));

/**
 * How many wait, since when the first of them does, and whether that is too many or too long.
 * held: how many of them are withheld, when these are all that wait.
 */
export async function waiting(withheld) {
  const [count, [first]] = await Promise.all([read("outbox", (rows) => rows.count()), oldest(1)]);
  const since = first && (first.again ?? first.claim.happened_at);
  const alarm = count > ALARM_COUNT || Date.now() - Date.parse(since) > ALARM_MS;
  return { waiting: count, since, alarm, held: count > withheld.size ? 0 : count };
}

/**
 * The next rows to send, without those withheld (a set of numbers), and what tells the service which numbers
 * to look for: nothing about those that are sent once more.
 */
export async function next(limit, withheld) {
  const found = await oldest(limit + withheld.size);
  const rows = found.filter(({ sequence }) => !withheld.has(sequence)).slice(0, limit);
  if (rows.length === 0) return { rows };
  answered ??= (await recall("answered")) ?? found[0].sequence - 1;
  const last = rows.at(-1).sequence;
  const left = [...withheld].filter((number) => number > answered && number < last);
  const isAgain = rows.some(({ again }) => again) || left.length > MOST_WITHHELD;
  return { rows, numbers: isAgain ? {} : { after: answered, withheld: left } };
}

/** Stamps for this card that are saved here and not answered yet. */
export async function stampsFor(code) {
  const stamps = (await standing("stamp")).filter(({ claim }) => claim.card === code);
  return stamps.reduce((sum, { claim }) => sum + stampsOf(claim), 0);
}

/** How many stamps a claim will add, as far as can be said here: what money comes to the service says. */
export const stampsOf = ({ quantity, amount }) => (amount ? 0 : quantity);

/** Redemptions that nobody was asked about and that wait here: {all, card: of this card, tiers: of which kind these}. */
export async function offlineRedemptions(code) {
  const facts = (await standing("redeem")).filter((row) => row.standing === "fact" && !row.again);
  const tiers = facts.filter(({ claim }) => claim.card === code).map(({ claim }) => claim.tier ?? null);
  return { all: facts.length, card: tiers.length, tiers };
}

/** What waits here of one kind and was not undone. */
async function standing(kind) {
  const rows = await oldest();
  const undone = new Set(rows.map(({ claim }) => claim.ref));
  return rows.filter(({ claim }) => claim.kind === kind && !undone.has(claim.id));
}

/** What to send of a row. */
export function toSend({ sequence, claim, standing }) {
  return { ...claim, sequence, already_happened: standing === "fact" };
}

/**
 * Rows with their own result leave; the card's face that came with it is kept. First they are in `sent`, then
 * they leave: two databases have no transaction in common, and here twice is harmless.
 */
export async function settle(rows) {
  const now = Date.now();
  const highest = Math.max(answered, ...rows.map(({ sequence }) => sequence));
  await write(["sent", "faces"], (sent, faces) => {
    for (const row of rows) {
      const { sequence, claim, result } = row;
      if (mayBeSaidAgain(row)) sent.put({ sequence, claim, answered_at: now });
      if (result.card) faces.put({ ...result.card, seen_at: now });
    }
    dropOld(sent);
  });
  await write(["outbox", "facts"], (waiting, facts) => {
    for (const { sequence, standing, result } of rows) {
      if (result.status === "refused") {
        // Handed over while the question was on its way, it is no question any more: it goes out again.
        const found = waiting.get(sequence);
        found.onsuccess = () => found.result?.standing === standing && waiting.delete(sequence);
      } else waiting.delete(sequence);
    }
    facts.put(highest, "answered");
  });
  answered = highest;
}

/** Nobody restores what is older: it does not stay on the device. */
export const tidy = () => write("sent", dropOld);

function dropOld(sent) {
  const old = sent.index("answered_at").getAllKeys(IDBKeyRange.upperBound(Date.now() - SENT_KEPT_MS));
  old.onsuccess = () => old.result.forEach((number) => sent.delete(number));
}

/** As a fact: not what was asked and not done, but every void, or what it undid would come back alone. */
const mayBeSaidAgain = ({ claim, standing, result: { status } }) =>
  claim.kind === "void" || !(status === "refused" || (status === "kept" && standing === "asking"));

/** The epoch heard last; "" before the first. */
export const knownEpoch = async () => (epoch ??= await recall("epoch")) ?? "";

/** After a restore the service may lack what it had answered: all of that waits again, as facts. Was it so? */
export async function heardEpoch(heard) {
  const known = await knownEpoch();
  if (heard === known) return false;
  const isOther = known !== "";
  const rows = isOther ? await read("sent", (sent) => sent.getAll()) : [];
  const again = new Date().toISOString();
  await write(["outbox", "facts"], (waiting, facts) => {
    rows.forEach(({ sequence, claim }) => waiting.put({ sequence, claim, standing: "fact", again }));
    facts.put(heard, "epoch");
  });
  if (isOther) await forgetSent();
  epoch = heard;
  return isOther;
}

/** The answers did not come: what was shown as done is a fact from now on. Redemptions still ask. */
export async function stampsAreFacts(among) {
  const done = (await asking(among)).filter(({ claim }) => claim.kind !== "redeem");
  if (done.length > 0) await write("outbox", (rows) => done.forEach((row) => change(rows, row, "fact")));
}

/** No answer came to a redemption and the reward is handed over: with the same id, so that it counts once. */
export async function handOver(id) {
  const row = await find(id);
  if (row?.standing === "asking") await write("outbox", (rows) => change(rows, row, "fact"));
}

/** "Later": whatever became of this redemption, it is undone. */
export async function withdraw(id, { staff }) {
  const row = await find(id);
  if (row?.standing === "asking") await withdrawRows([row], staff);
}

/** After a restart nobody waits for an answer: what had its tick is a fact, what had none is taken back. */
export async function recover() {
  const redemptions = (await asking()).filter(({ claim }) => claim.kind === "redeem");
  if (redemptions.length > 0) await withdrawRows(redemptions, null);
  await stampsAreFacts();
}

const find = (id) => read("outbox", (rows) => rows.index("id").get(id));

const asking = async (among) => (among ?? (await oldest())).filter(({ standing }) => standing === "asking");

function withdrawRows(redemptions, staff) {
  return write("outbox", (rows) => {
    for (const row of redemptions) {
      const happened_at = new Date().toISOString();
      const { tier, item, ...same } = row.claim; // a void names what it undoes by its ref alone
      const claim = { ...same, id: uuid7(), kind: "void", ref: row.claim.id, staff, happened_at };
      change(rows, row, "withdrawn");
      rows.add({ claim, standing: "withdrawn" });
    }
  });
}

/** Only if the row is still there: its answer may have come in between. */
function change(rows, { sequence }, standing) {
  settled(rows.get(sequence)).then((row) => row && rows.put({ ...row, standing }));
}
