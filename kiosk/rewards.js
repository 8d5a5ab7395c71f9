/** The rewards of the card in hand: what can be handed over, what is picked, and what each claim is about. */
import { readyOn } from "../static/js/rewards.js";

/** What can be handed over, without what was handed over here and is still to be sent. */
export function rewardsOf({ face, spent }) {
  if (!face) return [];
  const left = ({ tier, ready }) => ready - spent.tiers.filter((one) => one === tier).length;
  return readyOn(face).map((kind) => ({ ...kind, ready: left(kind) })).filter((kind) => kind.ready > 0);
}

export const rewardsOn = (work) => rewardsOf(work).reduce((sum, { ready }) => sum + ready, 0);

/** What a redemption claims: the plain reward is named by nothing, as ever. */
export const claimed = ({ tier, names }, name) => ({
  ...(tier !== null && { tier }),
  ...(name !== names[0] && { item: name }),
});

/** What a redemption hands over. */
export function nameOf({ tier = null, item }, { programme, reward, tiers = [] }) {
  const kind = tiers.find(({ key }) => key === tier) ?? reward ?? programme;
  return item ?? kind.reward;
}
