/** A voucher: what it is good for, whether it still is, where it was used; and taking it back. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { Dialog } from "../static/js/parts.js";
import { dayAndTime, dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

const CHIPS = { ready: "good", used: "", expired: "", withdrawn: "" };

/** The vouchers of a card; a card that never had one says nothing. */
export function CardVouchers({ code, zone }) {
  const vouchers = useLoad(() => service.get(`/cards/${code}/vouchers`), [code]);
  if (vouchers.data?.items.length === 0) return null;
  return html`
    <section class="panel stack">
      <h2>${t("console.voucher.title")}</h2>
      <${Loaded} of=${vouchers}>${({ items, currency }) => html`
        <ul class="lines" role="list">${items.map((voucher) => html`
          <${Voucher} key=${voucher.id} voucher=${voucher} currency=${currency} zone=${zone}
            onChanged=${vouchers.reload} />`)}</ul>`}
      </${Loaded}>
    </section>`;
}

export function Voucher({ voucher, currency, zone, onChanged }) {
  const [isOpen, setOpen] = useState(false);
  const { state, used } = voucher;
  return html`
    <li class="suggestion">
      <span class="grow"><strong>${voucherText(voucher, currency)}</strong>
        <br /><span class="soft">${used
          ? [dayAndTime(used.at, zone), used.shop, used.till].filter(Boolean).join(" · ")
          : t("console.voucher.until", { day: dayText(Date.parse(voucher.expires_at) - 1, zone) })}</span>
        <br /><span class=${`chip ${CHIPS[state]}`}>${t(`console.voucher.is_${state}`)}</span></span>
      ${state === "ready" && html`
        <button type="button" class="button plain" onClick=${() => setOpen(true)}>
          ${t("console.voucher.take_back")}</button>`}
      ${isOpen && html`
        <${TakeBack} voucher=${voucher} currency=${currency} onDone=${onChanged}
          onClose=${() => setOpen(false)} />`}
    </li>`;
}

function voucherText({ kind, what, percent, amount }, currency) {
  const words = { what, n: percent, amount: amount && money(amount, currency) };
  return t(`console.voucher.${kind}${kind !== "item" && what ? "_of" : ""}`, words);
}

function TakeBack({ voucher, currency, onDone, onClose }) {
  const form = useForm({ reason: "" }, async (body, options) => {
    await service.post(`/vouchers/${voucher.id}/withdrawals`, body, options);
    toast(t("console.voucher.taken_back"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.voucher.take_back_title")} onClose=${onClose}>
      <p>${voucherText(voucher, currency)}</p>
      <form ...${form.attributes}>
        <${Input} form=${form} at="reason" label=${t("console.reason")} hint=${t("console.voucher.reason_hint")}
          required maxlength="80" autocomplete="off" />
        <${FormFault} form=${form} />
        <div class="row end">
          <${Submit} form=${form} class="danger">${t("console.voucher.take_back")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}
