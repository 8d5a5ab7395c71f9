/** What a customer should be shown of the difference between a card before and after. */

/** How long a filled card is admired before the next round shows. */
export const FULL_CARD_MS = 2800;

/**
 * @returns {{kind: "stamped"|"earned"|"filled"|"redeemed"|"changed", fresh: number, needed: number}|null}
 *   null when there is nothing to show; fresh: how many stamps have just come down; names: what was earned on
 *   the way
 */
export function landing(before, after) {
  if (!before) return null;
  const { needed } = after;
  const stamps = after.stamps - before.stamps;
  const rewards = after.rewards_ready - before.rewards_ready;
  if (stamps !== 0 && mainOn(after) > mainOn(before)) {
    return { kind: "filled", fresh: before.needed - before.stamps, needed: before.needed };
  }
  const earned = after.tiers?.find(({ key, ready }) => ready > readyOn(before, key));
  if (earned && stamps > 0) {
    return { kind: "earned", fresh: stamps, needed, names: [earned.reward, ...earned.choices] };
  }
  if (rewards === 0 && stamps > 0) return { kind: "stamped", fresh: stamps, needed };
  if (rewards < 0 && stamps === 0) return { kind: "redeemed", fresh: 0, needed };
  return rewards || stamps ? { kind: "changed", fresh: 0, needed } : null;
}

const mainOn = ({ reward, rewards_ready: all }) => reward?.ready ?? all;
const readyOn = ({ tiers = [] }, key) => tiers.find((tier) => tier.key === key)?.ready ?? 0;
