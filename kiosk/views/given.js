/** What a voucher is good for and what a remedy is, each in a few words. */
import { money } from "../../static/js/money.js";
import { dayText } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { currency, zone } from "../state.js";

/** "a free sandwich", "20 % off the bill" */
export function voucherText({ kind, what, percent, amount }) {
  if (kind === "item") return what;
  const off = kind === "percent"
    ? t("kiosk.percent_off", { percent })
    : t("kiosk.money_off", { money: money(amount, currency()) });
  return what ? `${off}: ${what}` : off;
}

/** The last day it is good: it ends with that day. */
export const lastDay = ({ expires_at }) => dayText(Date.parse(expires_at) - 1, zone());

/** "Voucher: a free sandwich", "2 stamps", "Say sorry" */
export function remedyText({ kind, stamps, item, percent, amount }) {
  if (kind === "apology") return t("kiosk.say_sorry");
  if (kind === "stamps") return t("common.stamps", { n: stamps });
  if (kind === "money_back") return t("kiosk.money_back", { money: money(amount, currency()) });
  const voucher = { kind: kind === "replacement" ? "item" : kind, what: item, percent, amount };
  return t("kiosk.as_voucher", { what: voucherText(voucher) });
}
