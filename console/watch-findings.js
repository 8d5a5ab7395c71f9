/** What the digest says, in sentences: the ones that matter, each with its numbers. */
import { money } from "../static/js/money.js";
import { locale, t } from "../static/js/words.js";
import { minuteText } from "./watch-form.js";

/** Every finding, as one sentence each. Nothing happened is a finding too. */
export function findings(digest, currency) {
  const { totals, gifts, welcome } = digest;
  const isEmpty = totals.visits + totals.rewards + totals.undone + gifts.length + welcome.n === 0;
  if (isEmpty) return [t("console.watch.none")];
  const said = [t("console.watch.visits", { n: totals.visits, stamps: totals.stamps })];
  if (digest.quiet_from !== digest.quiet_until) {
    const hours = { from: minuteText(digest.quiet_from), until: minuteText(digest.quiet_until) };
    said.push(t(totals.quiet ? "console.watch.quiet" : "console.watch.quiet_none",
      { n: totals.quiet, ...hours }));
  }
  said.push(t(totals.overrides ? "console.watch.overrides" : "console.watch.overrides_none",
    { n: totals.overrides }));
  said.push(t(totals.undone ? "console.watch.undone" : "console.watch.undone_none", { n: totals.undone }));
  if (totals.rewards) {
    said.push(t(totals.cost ? "console.watch.rewards_cost" : "console.watch.rewards",
      { n: totals.rewards, cost: money(totals.cost, currency) }));
  }
  said.push(giftsFinding(gifts));
  if (welcome.n) said.push(t("console.watch.welcome", { n: welcome.n, stamps: welcome.stamps }));
  return said;
}

/** 0.62 is "62%". */
export const percent = (share) =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);

/** Who gave most, if there is somebody to compare with; else null. */
export function shareFinding({ staff, totals }) {
  const [first] = staff;
  if (staff.length < 2 || first.stamps === 0) return null;
  const key = first.name ? "console.watch.most" : "console.watch.most_nobody";
  return t(key, { name: first.name, share: percent(first.share), n: totals.stamps });
}

function giftsFinding(gifts) {
  const sum = (name) => gifts.reduce((total, one) => total + one[name], 0);
  const n = sum("n");
  return t(n ? "console.watch.given" : "console.watch.given_none",
    { n, stamps: sum("stamps"), rewards: sum("rewards") });
}
