/** Saves what waits here to a file: the way to the owner's console when the network does not come back. */
import { oldest, toSend } from "./outbox.js";

/** @param till  what GET /till said. Nothing leaves the outbox by this: brought in twice, it counts once. */
export async function saveToFile({ till, shop, business }) {
  const made_at = new Date().toISOString();
  const file = {
    format: "tenth-outbox",
    version: 1,
    till: { id: till.id, name: till.name },
    shop: shop.name,
    business: business.name,
    made_at,
    events: (await oldest()).map(toSend),
  };
  const href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: "application/json" }));
  const download = `tenth-outbox-${till.name}-${made_at.slice(0, 10)}.json`;
  Object.assign(document.createElement("a"), { href, download }).click();
  // By then the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
