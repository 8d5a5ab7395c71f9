/** What this till keeps on its own disk: the outbox, the cards it has seen, what it knows about its shop. */

const NAME = "tenth-till";

let opening;

/** Read with `work(tx)`; the promise holds what `work`'s request found. */
export async function read(store, work) {
  const tx = (await open()).transaction(store, "readonly");
  return settled(work(tx.objectStore(store)));
}

/**
 * Write with `work(...stores)`. Resolves in the transaction's oncomplete, with what `work` returned.
 * "strict" waits for the disk: the default would lose the whole queue in a power cut.
 */
export async function write(stores, work) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    const made = work(...[stores].flat().map((name) => tx.objectStore(name)));
    tx.oncomplete = () => resolve(made);
    tx.onabort = () => reject(tx.error ?? new DOMException("The write was given up.", "AbortError"));
  });
}

/** Small facts by name: the shop as last heard, who is signed on. */
export const recall = (name) => read("facts", (facts) => facts.get(name));
export const remember = (name, value) => write("facts", (facts) => void facts.put(value, name));

export function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      const queue = db.createObjectStore("outbox", { keyPath: "sequence", autoIncrement: true });
      queue.createIndex("id", "claim.id", { unique: true });
      const faces = db.createObjectStore("faces", { keyPath: "code" });
      faces.createIndex("short_code", "short_code");
      faces.createIndex("seen_at", "seen_at");
      db.createObjectStore("facts");
    };
    request.onsuccess = () => {
      // A newer page in another window wants to change the tables: let go, or it waits for ever.
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opening = undefined); // the browser took it away: open it anew
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}
