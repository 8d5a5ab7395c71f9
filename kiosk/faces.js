/** The cards this till has seen, as they looked then: what a scan shows at once, or with the service away. */
import { read, settled, write } from "./store.js";

const KEPT = 5000;

export const keepFace = (face) => write("faces", (faces) => void faces.put({ ...face, seen_at: Date.now() }));

/** A card as last seen here, by its code or its short code; undefined if never. */
export function lastSeen(code) {
  const short = code.length === 8 && `${code.slice(0, 4)}-${code.slice(4)}`;
  return read("faces", (faces) => (short ? faces.index("short_code").get(short) : faces.get(code)));
}

/** Forget the oldest beyond a few thousand. */
export function tidy() {
  return write("faces", async (faces) => {
    const extra = (await settled(faces.count())) - KEPT;
    if (extra <= 0) return;
    const keys = await settled(faces.index("seen_at").getAllKeys(null, extra));
    keys.forEach((key) => faces.delete(key));
  });
}
