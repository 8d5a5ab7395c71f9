/** What the owner lets this till hand over while the service is away. */
import { state } from "./state.js";

/** Why the reward of the card in hand must wait: "never", "old", "card" or "till"; null if it may be had. */
export function objection({ face, spent }, now = Date.now()) {
  const { redeem, per_card, per_till, hours } = state.till.offline ?? {};
  if (redeem !== "limited") return "never";
  if (!(now - face.seen_at < hours * 3_600_000)) return "old";
  if (spent.card >= per_card) return "card";
  return spent.all >= per_till ? "till" : null;
}
