/** What a customer should be shown of the difference between a card before and after. */

/** How long a filled card is admired before the next round shows. */
export const FULL_CARD_MS = 2800;

/**
 * @returns {{kind: "stamped"|"filled"|"redeemed"|"changed", fresh: number, needed: number}|null}
 *   null when there is nothing to show; fresh: how many stamps have just come down
 */
export function landing(before, after) {
  if (!before) return null;
  const { needed } = after;
  const rewards = after.rewards_ready - before.rewards_ready;
  const stamps = after.stamps - before.stamps;
  if (rewards > 0 && stamps !== 0) {
    return { kind: "filled", fresh: before.needed - before.stamps, needed: before.needed };
  }
  if (rewards === 0 && stamps > 0) return { kind: "stamped", fresh: stamps, needed };
  if (rewards < 0 && stamps === 0) return { kind: "redeemed", fresh: 0, needed };
  return rewards || stamps ? { kind: "changed", fresh: 0, needed } : null;
}
