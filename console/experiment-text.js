/** An experiment in words: the two goals, and money with its sign. */
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";

/** "8 stamps", or "12 stamps (2 given)" */
export const goalText = ({ stamps_needed: n, welcome_stamps: given }) =>
  t(given ? "console.experiment.goal_given" : "console.experiment.goal", { n, given });

/** 110 and "EUR" → "+€1.10"; a part of the smallest unit is more than anybody could know. */
export function signed(minor, currency) {
  const whole = Math.round(minor);
  const amount = money(Math.abs(whole), currency);
  if (whole === 0) return amount;
  return whole > 0 ? `+${amount}` : `−${amount}`;
}
