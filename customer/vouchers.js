/** What is ready on a card without having been earned: what it is good for, and until when. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";

/** Without a network the card is as it was last seen; what has run out since is not shown. */
export const Vouchers = ({ face }) => (face.vouchers ?? []).filter(isGood).map((voucher) => html`
  <section key=${voucher.id} class="rewards voucher">
    <h2>${t("customer.voucher_for_you")}</h2>
    <p class="what">${goodFor(voucher, face.currency)}</p>
    <p>${t("customer.rewards_show")}</p>
    <p>${t("customer.rewards_until", { day: lastDay(voucher, face.business.time_zone) })}</p>
  </section>`);

const isGood = ({ expires_at: end }) => Date.parse(end) > Date.now();

/** What a voucher is good for: "a free sandwich", "€5.00 off". */
export function goodFor({ kind, what, percent, amount }, currency) {
  if (kind === "item") return what;
  const off = kind === "percent" ? t("customer.voucher_percent", { percent }) : money(amount, currency);
  return what ? t("customer.voucher_off_what", { off, what }) : t("customer.voucher_off", { off });
}

/** It ends at midnight, so the day before is the last on which it is good. */
export const lastDay = ({ expires_at: end }, zone) => dayText(Date.parse(end) - 1, zone);
