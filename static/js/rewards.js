/** The kinds of reward a card can hold: the main one, the smaller ones on the way, and what may be picked for each. */
import { locale } from "./words.js";

/** What can be handed over now, smaller ones first. tier: null for the main reward; names: the usual item first. */
export const readyOn = ({ programme, rewards_ready: ready, reward, tiers = [] }) =>
  [...tiers, reward ?? { reward: programme.reward, ready }].filter((one) => one.ready > 0).map(kind);

/** What this round comes past, the main reward last: kinds with `at`, the stamp that earns them. */
export function wayOf({ programme, stamps, needed, reward, tiers = [] }) {
  // What is earned once is behind a card that has had it, unless it still waits from this round.
  const isAhead = ({ at, once, earned, ready }) => at && (!once || !earned || (ready && at <= stamps));
  return [...tiers.filter(isAhead), { reward: programme.reward, ...reward, at: needed }].map(kind);
}

/** "a coffee, a tea or a juice" */
export const oneOf = (names) => new Intl.ListFormat(locale(), { type: "disjunction" }).format(names);

const kind = ({ key: tier = null, at, ready, once, reward, choices = [] }) =>
  ({ tier, at, ready, once, names: [reward, ...choices] });
