/** The cards this till has seen, as they looked then: what a scan shows at once, or with the service away. */
import { find } from "./snapshot.js";
import { state } from "./state.js";
import { read, settled, write } from "./store.js";

const KEPT = 5000;

/** Keep a card as the service has just told; returns it with that moment. */
export function keepFace(card) {
  const face = { ...card, seen_at: Date.now() };
  write("faces", (faces) => void faces.put(face));
  return face;
}

/** A card by its code or its short code, as last seen here or told of, whichever is newer. */
export async function lastSeen(code) {
  const short = code.length === 8 && `${code.slice(0, 4)}-${code.slice(4)}`;
  const face = await read("faces", (faces) =>
    short ? faces.index("short_code").get(short) : faces.get(code));
  if (state.connected && face) return face; // the service is about to say it better
  const told = await find(face?.code ?? code);
  if (!told || face?.seen_at > told.seen_at) return face;
  const programme = state.till.programmes.find(({ id }) => id === told.programme) ?? face?.programme;
  return { ...face, ...told, ...onlyMain(face, told), programme: programme ?? {} };
}

/** Of rewards on the way nothing is told: none is handed over on the word of an older face. */
const onlyMain = ({ reward, tiers } = {}, { rewards_ready: ready }) => ({
  ...(reward && { reward: { ...reward, ready } }),
  ...(tiers && { tiers: tiers.map((tier) => ({ ...tier, ready: 0 })) }),
});

/** Forget the oldest beyond a few thousand. */
export function tidy() {
  return write("faces", async (faces) => {
    const extra = (await settled(faces.count())) - KEPT;
    if (extra <= 0) return;
    const keys = await settled(faces.index("seen_at").getAllKeys(null, extra));
    keys.forEach((key) => faces.delete(key));
  });
}
