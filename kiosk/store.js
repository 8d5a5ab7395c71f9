/** What this till keeps on its own disk: what waits, what was sent, the cards and the shop it knows. */

const NAME = "tenth-till";
// What the till cannot do without lies in a bucket of its own, where there are buckets.
const APART = ["outbox", "facts"];
const BUCKET = "outbox-";
// Uses of vouchers that were asked for and not answered.
export const LEFT_USES = "left_uses";

let main;
let apart;

/** Read with `work(tx)`; the promise holds what `work`'s request found. */
export async function read(store, work) {
  const tx = (await opened(store)).transaction(store, "readonly");
  return settled(work(tx.objectStore(store)));
}

/** Write with `work(...stores)`; the promise holds what it returned. What lies apart is written by itself. */
export const write = async (stores, work) => commit(await opened(stores), stores, work);

/** Small facts by name: the shop as last heard, who is signed on. */
export const recall = (name) => read("facts", (facts) => facts.get(name));
export const remember = (name, value) => write("facts", (facts) => void facts.put(value, name));

/**
 * This till belongs to the shop no more, and what it knows of the shop goes. What waits to be sent stays, and what
 * was answered as well, until it is paired again: `business` is to whom it may be said once more.
 */
export async function clearShop(business) {
  await write("facts", (facts) => {
    for (const name of ["till", "signed_on", LEFT_USES]) facts.delete(name);
    if (business) facts.put(business, "business");
  });
  await write(["faces", "snapshot"], empty);
}

/** What was answered is not said again, whatever the service forgets. */
export const forgetSent = () => write("sent", empty);

export function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function opened(stores) {
  if (navigator.storageBuckets && APART.includes([stores].flat()[0])) return (apart ??= openApart());
  return (main ??= open(indexedDB, () => (main = undefined)));
}

/**
 * Chromium writes on behind the torn end that a power cut left in its log, and all of that is gone after one
 * more start, or the whole database. So each start begins a log of its own, in a new bucket, into which goes
 * what lies in the older ones; only then are they thrown away. Needs to be the only window.
 */
async function openApart() {
  const buckets = navigator.storageBuckets;
  const openBucket = async (number) => {
    const bucket = await buckets.open(BUCKET + number, { durability: "strict", persisted: true });
    return open(bucket.indexedDB, () => (apart = undefined));
  };
  const names = await buckets.keys();
  const older = names.map((name) => Number(name.slice(BUCKET.length))).filter(Boolean).sort((a, b) => a - b);
  const opening = [open(indexedDB), ...older.map(openBucket)];
  const found = await Promise.all(opening.map(async (db) => look(await db)));
  const last = found.reduce((best, one) => (one.next < best.next ? best : one));
  let fresh;
  try {
    fresh = await openBucket((older.at(-1) ?? 0) + 1);
    await commit(fresh, APART, (rows, facts) => {
      // The numbers go on where they stood.
      rows.put({ sequence: last.next - 1 });
      rows.delete(last.next - 1);
      for (const { waiting, names, values } of found) {
        waiting.forEach((row) => rows.put(row));
        names.forEach((name, i) => facts.put(values[i], name));
      }
    });
  } catch {
    return last.db; // a full disk must not keep the till from sending what it has
  }
  commit(found[0].db, APART, empty).catch(() => {}); // it is tried again with the next start
  found.forEach(({ db }) => db.close());
  older.forEach((number) => buckets.delete(BUCKET + number));
  return fresh;
}

/** What lies in a database, and the number that its next row would get. */
function look(db) {
  return new Promise((resolve) => {
    const tx = db.transaction(APART, "readwrite");
    const [rows, facts] = APART.map((name) => tx.objectStore(name));
    const asked = [rows.getAll(), facts.getAllKeys(), facts.getAll(), rows.put({})];
    asked[3].onsuccess = () => tx.abort();
    tx.onabort = () => {
      const [waiting, names, values, next] = asked.map(({ result }) => result);
      resolve({ db, waiting, names, values, next });
    };
  });
}

const empty = (...stores) => stores.forEach((store) => store.clear());

/**
 * Resolves in the transaction's oncomplete, with what `work` returned. "strict" waits for the disk: the
 * default would lose the whole queue in a power cut.
 */
function commit(db, stores, work) {
  return new Promise((resolve, reject) => {
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const made = work(...[stores].flat().map((name) => tx.objectStore(name)));
    tx.oncomplete = () => resolve(made);
    tx.onabort = () => reject(tx.error ?? new DOMException("The write was given up.", "AbortError"));
  });
}

function open(place, onClose) {
  return new Promise((resolve, reject) => {
    const request = place.open(NAME, 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      const db = request.result;
      if (oldVersion < 1) {
        const queue = db.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true });
        queue.createIndex("id", "claim.id", { unique: true });
        const faces = db.createObjectStore("faces", { keyPath: "code" });
        faces.createIndex("short_code", "short_code");
        faces.createIndex("seen_at", "seen_at");
        db.createObjectStore("facts");
      } else {
        // The first version kept something made from each PIN.
        request.transaction.objectStore("facts").delete(IDBKeyRange.bound("pin ", "pin!"));
      }
      db.createObjectStore("sent", { keyPath: "sequence" }).createIndex("answered_at", "answered_at");
      db.createObjectStore("snapshot");
    };
    request.onsuccess = () => {
      // A newer page in another window wants to change the tables: let go, or it waits for ever.
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = onClose; // the browser took it away: it is opened anew
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}
