/** How a case is put right: the usual remedy first, others behind it, what each costs, what came of it. */
import { html, useState } from "../../static/js/html.js";
import { money, moneyField, readMoney } from "../../static/js/money.js";
import { moment } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { currency, state as now, zone } from "../state.js";
import { Button, icon } from "./buttons.js";
import { lastDay, remedyText } from "./given.js";
import { Qr } from "./new-card.js";

/** What may be offered now. The first is the usual one that whoever is signed on may give. */
export function Offers({ told, isBusy, onGive, act }) {
  const { suggestions, left, earlier, state, lines } = told;
  const first = suggestions.find(({ verdict }) => verdict === "ok") ?? suggestions[0];
  const others = suggestions.filter((offer) => offer !== first);
  const [moneyBack, askMoneyBack] = useState(null);
  const offered = state === "offered" && lines.findLast(({ kind }) => kind === "offered");
  const offer = (one, kind) => html`
    <${Offer} key=${one.remedy.kind} of=${one} class=${kind} isBusy=${isBusy}
      onGive=${one.remedy.kind === "money_back" ? askMoneyBack : onGive} />`;
  if (moneyBack) return html`<${MoneyBack} usual=${moneyBack.amount} isBusy=${isBusy}
    onGive=${(remedy) => (onGive(remedy), askMoneyBack(null))} onBack=${() => askMoneyBack(null)} />`;
  return html`<div class="stack">
    ${offered && html`<p class="notice warn" role="status">${t("kiosk.owner_asked", {
      what: remedyText(offered.remedy), name: offered.author, when: moment(offered.at, zone()),
    })}</p>`}
    ${earlier.cases > 0 && html`<p class="notice">
      ${t("kiosk.earlier_cases", { n: earlier.cases, money: money(earlier.cost, currency()) })}</p>`}
    <h2>${t(offered ? "kiosk.give_now" : "kiosk.put_it_right")}</h2>
    ${offer(first, "reward big wide")}
    <details class="recent" open=${first.verdict !== "ok"}>
      <summary>${t("kiosk.other_remedies")}</summary>
      <div class="others">${others.map((one) => offer(one, "quiet big"))}</div>
    </details>
    <div class="row apart">
      ${left !== null && html`
        <p class="soft">${t("kiosk.goodwill_left", { money: money(left, currency()) })}</p>`}
      <${Button} class="quiet" onClick=${act.close}>${t(offered ? "common.done" : "kiosk.decide_later")}<//>
    </div>
  </div>`;
}

function Offer({ of: { remedy, cost, verdict }, class: kind, isBusy, onGive }) {
  return html`<${Button} class="offer ${kind}" disabled=${isBusy || verdict === "over_budget"}
    onClick=${() => onGive(remedy)}>
    <span><strong>${remedyText(remedy)}</strong><br />
      ${cost > 0 && html`<span>${t("kiosk.costs", { money: money(cost, currency()) })}</span>${" "}`}
      ${verdict === "needs_owner" && html`<span>${t("kiosk.needs_owner")}</span>`}
      ${verdict === "over_budget" && html`<span>${t("kiosk.over_budget")}</span>`}</span><//>`;
}

/** How much, and off which receipt: the money comes out of the till, not out of here. */
function MoneyBack({ usual, isBusy, onGive, onBack }) {
  const [sum, setSum] = useState(moneyField(usual, currency()));
  const [receipt, setReceipt] = useState("");
  const amount = readMoney(sum, currency());
  const submit = (event) => {
    event.preventDefault();
    onGive({ kind: "money_back", amount, ...(receipt.trim() && { order_ref: receipt.trim() }) });
  };
  return html`<form class="stack" onSubmit=${submit}>
    <h2>${t("kiosk.money_back_title")}</h2>
    <label class="field">${t("kiosk.money_back_sum", { currency: currency() })}
      <input inputmode="decimal" value=${sum} onInput=${(event) => setSum(event.target.value)} /></label>
    <label class="field">${t("kiosk.receipt")}
      <input maxlength="80" value=${receipt} onInput=${(event) => setReceipt(event.target.value)} /></label>
    <div class="row">
      <button class="button big" disabled=${isBusy || !amount}>${t("kiosk.write_down")}</button>
      <${Button} class="quiet big" onClick=${onBack}>${t("common.back")}<//>
    </div>
  </form>`;
}

/** It is put right, or was: what the customer has now, and what is left to do. */
export function Done({ told, work, act }) {
  const last = told.lines.findLast(({ kind }) => kind === told.state);
  const { voucher } = told;
  if (told.state === "declined") return html`<div class="stack" role="status">
    <h2>${t("kiosk.case_declined")}</h2>
    ${last?.words && html`<p>${last.words}</p>`}
  </div>`;
  const isSlip = Boolean(voucher?.url);
  return html`<div class="stack handed" role="status">
    <p class="tick">${icon("tick", isSlip ? 48 : 88)}</p>
    <h2>${remedyText(last.remedy)}</h2>
    ${voucher && !isSlip && html`<p>${t("kiosk.voucher_on_card", { day: lastDay(voucher) })}</p>`}
    ${isSlip && html`<${SlipOut} voucher=${voucher} what=${remedyText(last.remedy)} />`}
    ${!voucher && html`<p>${t(`kiosk.done_${last.remedy.kind}`)}</p>`}
    <div class="row">
      ${work.card && html`<${Button} class="big" onClick=${() => act.openCard(work.card.code)}>
        ${t("kiosk.to_card")}<//>`}
      ${isSlip && voucher.state === "ready" && html`
        <${Button} class="quiet big" onClick=${() => act.openSlip(voucher.code)}>
          ${t("kiosk.take_voucher")}<//>`}
      <${Button} class=${work.card ? "quiet big" : "big"} onClick=${act.close}>${t("common.done")}<//>
    </div>
  </div>`;
}

/** For somebody without a card: the phone's camera takes it from the screen, or it is printed. */
function SlipOut({ voucher, what }) {
  const until = t("kiosk.voucher_until", { day: lastDay(voucher) });
  return html`<div class="new-card slip">
    <div class="qr"><${Qr} text=${voucher.url.toUpperCase()} label=${t("kiosk.voucher")} /></div>
    <div class="stack">
      <p>${until}</p>
      <p>${t("kiosk.slip_help")}</p>
      <p><${Button} class="quiet" onClick=${() => print()}>${icon("printer")} ${t("common.print")}<//></p>
    </div>
    <div class="paper" aria-hidden="true">
      <strong>${now.till.business.name}</strong>
      <span>${what}</span>
      <${Qr} text=${voucher.url.toUpperCase()} />
      <span>${until}</span>
    </div>
  </div>`;
}
