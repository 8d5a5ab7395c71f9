/**
 * What happened at this till and has not been answered yet. A claim is on disk before anyone is told, is
 * sent in the order it happened, and leaves only after its own answer came back.
 *
 * A row is {sequence, claim, standing}. Its standing:
 *   asking     may it happen? Nothing is handed over before the answer.
 *   fact       it has happened; the answer can no longer be no.
 *   withdrawn  a redemption nobody waits for any more: it is sent, and right behind it its void.
 */
import { uuid7 } from "../static/js/uuid7.js";
import { read, settled, write } from "./store.js";

/** Put one claim on disk. Resolves when it is safe there. */
export function add(claim, { asking }) {
  return write("outbox", (rows) => void rows.add({ claim, standing: asking ? "asking" : "fact" }));
}

/** The first rows in the order they happened. */
export const oldest = (limit) => read("outbox", (rows) => rows.getAll(null, limit));

export const count = () => read("outbox", (rows) => rows.count());

/** Stamps for this card that are saved here and not answered yet. */
export async function stampsFor(code) {
  const claims = (await oldest()).map((row) => row.claim).filter(({ card }) => card === code);
  const undone = new Set(claims.map(({ ref }) => ref));
  const stamps = claims.filter(({ id, kind }) => kind === "stamp" && !undone.has(id));
  return stamps.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** What to send of a row. */
export function toSend({ claim, standing }) {
  return { ...claim, already_happened: standing === "fact" };
}

/** Drop what has its own answer; keep the card's face that came with it. */
export function settle(results) {
  const now = Date.now();
  return write(["outbox", "faces"], (rows, faces) => {
    for (const { id, card } of results) {
      rows.index("id").getKey(id).onsuccess = ({ target }) => {
        if (target.result !== undefined) rows.delete(target.result);
      };
      if (card) faces.put({ ...card, seen_at: now });
    }
  });
}

/** The answers did not come: what was shown as done is a fact from now on. Redemptions still ask. */
export async function stampsAreFacts() {
  const done = (await asking()).filter(({ claim }) => claim.kind !== "redeem");
  if (done.length > 0) await write("outbox", (rows) => done.forEach((row) => change(rows, row, "fact")));
}

/** "Later": whatever became of this redemption, it is undone. */
export async function withdraw(id, { staff }) {
  const row = await read("outbox", (rows) => rows.index("id").get(id));
  if (row?.standing === "asking") await withdrawRows([row], staff);
}

/** After a restart nobody waits for an answer: what had its tick is a fact, what had none is taken back. */
export async function recover() {
  const redemptions = (await asking()).filter(({ claim }) => claim.kind === "redeem");
  if (redemptions.length > 0) await withdrawRows(redemptions, null);
  await stampsAreFacts();
}

const asking = async () => (await oldest()).filter(({ standing }) => standing === "asking");

function withdrawRows(redemptions, staff) {
  return write("outbox", (rows) => {
    for (const row of redemptions) {
      const happened_at = new Date().toISOString();
      const claim = { ...row.claim, id: uuid7(), kind: "void", ref: row.claim.id, staff, happened_at };
      change(rows, row, "withdrawn");
      rows.add({ claim, standing: "withdrawn" });
    }
  });
}

/** Only if the row is still there: its answer may have come in between. */
function change(rows, { sequence }, standing) {
  settled(rows.get(sequence)).then((row) => row && rows.put({ ...row, standing }));
}
