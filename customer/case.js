/** One case: what was said, what the shop answered and gave for it, and "did this put it right?". */
import { connect, problemIn } from "../static/js/api.js";
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { whenText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { goodFor, lastDay } from "./vouchers.js";
import * as wallet from "./wallet.js";

export function Case({ one, code, business, currency, onSaid }) {
  const { name, time_zone: zone } = business;
  const isOpen = one.state === "open";
  const when = whenText(isOpen ? one.opened_at : one.answered_at, zone);
  return html`<article class="panel stack">
    <div>
      <h3>${t(isOpen ? "customer.case_open" : "customer.case_closed", { business: name })}</h3>
      <p class="soft">${t(isOpen ? "customer.case_told" : "customer.case_answered_at", { when })}</p>
    </div>
    ${one.what && html`<blockquote class="soft">${one.what}</blockquote>`}
    ${isOpen
      ? html`<p>${t("customer.case_here", { business: name })}</p>`
      : html`<${Answer} one=${one} zone=${zone} currency=${currency} />`}
    ${!isOpen && html`<${Rating} one=${one} code=${code} onSaid=${onSaid} />`}
  </article>`;
}

/** The answer's words come where what was said comes: for whoever holds the private link. */
function Answer({ one, zone, currency }) {
  const given = givenText(one, currency);
  return html`
    ${one.answer && html`<p class="answer">${one.answer}</p>`}
    ${given && html`<p><strong>${given}</strong></p>`}
    ${one.voucher && html`<p>${voucherText(one.voucher, zone)}</p>`}
    ${!one.what && html`<p class="soft">${t("customer.case_words_elsewhere")}</p>`}`;
}

/** What was given, in a sentence; an apology is in the shop's own words, if there are any. */
function givenText({ remedy, voucher, answer }, currency) {
  if (voucher) return t("customer.case_voucher", { what: goodFor(voucher, currency) });
  if (remedy?.kind === "stamps") return t("customer.case_stamps", { n: remedy.stamps });
  if (remedy?.kind === "money_back") {
    return t("customer.case_money_back", { money: money(remedy.amount, currency) });
  }
  return remedy && !answer ? t("customer.case_apology") : null;
}

function voucherText(voucher, zone) {
  const { state, used } = voucher;
  const when = used && whenText(used.at, zone);
  return t(`customer.case_voucher_${state}`, { day: lastDay(voucher, zone), when });
}

/** Did this put it right? One tap, or none; and where nothing was given it is not asked, only put away. */
function Rating({ one, code, onSaid }) {
  const [said, setSaid] = useState(one.put_right ?? wallet.card(code)?.read?.includes(one.id));
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const rate = async (rating) => {
    setBusy(true);
    setProblem(null);
    try {
      await connect().post(`/cards/${code}/cases/${one.id}/ratings`, { rating });
      done(rating);
    } catch (trouble) {
      setProblem(problemIn(trouble));
    }
    setBusy(false);
  };
  const done = (what) => {
    wallet.keep(code, { read: [...(wallet.card(code)?.read ?? []), one.id] });
    onSaid();
    setSaid(what);
  };
  const button = (rating) => html`
    <button class="button quiet" disabled=${isBusy} onClick=${() => rate(rating)}>
      ${t(`common.${rating}`)}
    </button>`;

  if (one.state === "declined") {
    return !said && html`<div class="row">
      <button class="button quiet" onClick=${() => done("read")}>${t("common.done")}</button>
    </div>`;
  }
  return html`<div class="field" role="group" aria-label=${t("customer.case_right")}>
    ${!said && html`
      <p>${t("customer.case_right")}</p>
      <div class="row">
        ${button("yes")}${button("no")}
        <button class="button plain" onClick=${() => done("skipped")}>${t("customer.case_skip")}</button>
      </div>`}
    ${problem && html`<p class="notice bad" role="alert">${problem.words}</p>`}
    <p role="status">${["yes", "no"].includes(said) && t(`customer.case_right_${said}`)}</p>
  </div>`;
}
