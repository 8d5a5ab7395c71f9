/** What was set aside, said in one sentence. */
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";

/** What the till says happened. Its claim is shown as it came, so it may hold anything. */
export function happenedText({ claim, reason, received_at: at }, zone) {
  const kind = reason === "bad_event" ? "bad_event" : claim.kind;
  const when = dayAndTime(reason === "bad_event" ? at : claim.happened_at, zone);
  return t(`console.aside.${kind}`, { n: claim?.quantity ?? 1, when });
}

/** What a card owes, in one sentence. */
export function owedText({ reward, stamps_owed: stamps, rewards_owed: rewards }) {
  if (rewards && stamps) return t("console.aside.owed_both", { stamps, n: rewards, reward });
  if (rewards) return t("console.aside.owed_rewards", { n: rewards, reward });
  return t("console.aside.owed_stamps", { n: stamps });
}

/** Which card, and whose it is if they said so. */
export function cardText({ short_code: code, customer }) {
  if (!customer?.name) return t("console.aside.on_card", { code });
  return t("console.aside.on_card_of", { code, name: customer.name });
}

/** The receipt a claim names, if it names one. */
export const receiptText = (claim) => typeof claim?.order_ref === "string"
  && t("console.aside.receipt", { ref: claim.order_ref });
