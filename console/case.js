/** One case: what went wrong, who it is, what may be done about it, and all that has happened with it. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { Dialog } from "../static/js/parts.js";
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Answer } from "./case-answer.js";
import { PutRight, Severity, StateChip, costText, remedyText, toldBy, waitText } from "./case-text.js";
import { Copy } from "./copy.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";
import { Voucher } from "./voucher.js";

const CLOSED = ["settled", "declined"];
const MINUTE_MS = 60_000;

export function Case({ id, session }) {
  const found = useLoad(() => service.get(`/cases/${id}`), [id]);
  const { currency, time_zone: zone } = session.business;
  const isUnknown = found.problem?.status === 404;
  return html`
    <${Screen} title=${t("console.good.one")} back=${["#/making-good", t("console.good.title")]}>
      ${isUnknown
        ? html`<p class="notice bad" role="alert">${found.problem.words}</p>`
        : html`<${Loaded} of=${found}>${(one) => html`
          <div class="beside reversed case">
            <${What} one=${one} currency=${currency} zone=${zone} />
            <div class="stack case-answer">
              ${CLOSED.includes(one.state)
                ? html`
                  <${Outcome} one=${one} currency=${currency} zone=${zone} onChanged=${found.reload} />`
                : html`
                  <${Answer} key=${one.state} one=${one} currency=${currency} onAnswered=${found.reload} />`}
            </div>
            <${Lines} one=${one} currency=${currency} zone=${zone} onChanged=${found.reload} />
          </div>`}
        </${Loaded}>`}
    </${Screen}>`;
}

function What({ one, currency, zone }) {
  const { happened_at: happened, opened_at: opened, wish, contact, card, shop } = one;
  return html`
    <section class="panel stack">
      <div class="row tight"><${Severity} of=${one.severity} /><${StateChip} state=${one.state} />
        <${PutRight} rating=${one.put_right} /></div>
      <h2 class="said">${one.what}</h2>
      <p class="soft">
        ${[toldBy(one), dayAndTime(opened, zone), shop, waitText(one)].filter(Boolean).join(" · ")}</p>
      <dl class="facts">
        ${Math.abs(Date.parse(opened) - Date.parse(happened)) > MINUTE_MS && html`
          <div><dt>${t("console.good.happened")}</dt><dd>${dayAndTime(happened, zone)}</dd></div>`}
        ${wish && html`
          <div><dt>${t("console.good.wish")}</dt><dd>${t(`console.good.kind_${wish}`)}</dd></div>`}
        ${contact && html`
          <div><dt>${t("console.good.contact")}</dt><dd><${Contact} text=${contact} /></dd></div>`}
      </dl>
      ${card
        ? html`<p><a class="to-card" href=${`#/cards/${card}`}>${t("console.aside.to_card")}</a></p>`
        : html`<p class="soft">${t("console.good.no_card")}</p>`}
      ${one.earlier.cases > 0 && html`<${Earlier} one=${one} currency=${currency} zone=${zone} />`}
    </section>`;
}

/** A tap writes or calls. What is neither an address nor a number is only shown. */
function Contact({ text }) {
  const link = /^\S+@\S+$/.test(text) ? `mailto:${text}`
    : /^[+\d\s()/.-]{5,}$/.test(text) && `tel:${text.replace(/[^+\d]/g, "")}`;
  return link ? html`<a class="reach" href=${link}>${text}</a>` : text;
}

/** What the same card had before: for whoever decides to see, and for nobody to judge by alone. */
function Earlier({ one, currency, zone }) {
  const cases = useLoad(() => service.get(`/cards/${one.card}/cases`), [one.id]);
  const { cases: n, settled, cost } = one.earlier;
  const isEarlier = ({ id, opened_at: at }) => id !== one.id && Date.parse(at) <= Date.parse(one.opened_at);
  return html`
    <details>
      <summary>${t("console.good.earlier", { n, settled, cost: money(cost, currency) })}</summary>
      <${Loaded} of=${cases}>${({ items }) => html`
        <ul class="lines" role="list">${items.filter(isEarlier).map((each) => html`
          <li key=${each.id} class="row apart">
            <span class="grow"><a href=${`#/making-good/${each.id}`}>${each.what ?? t("console.good.one")}</a>
              <br /><span class="soft">${dayAndTime(each.opened_at, zone)}</span></span>
            <${StateChip} state=${each.state} />
          </li>`)}</ul>`}
      </${Loaded}>
    </details>`;
}

/** What came of it. A voucher on a slip has its code here, and nowhere else. */
function Outcome({ one, currency, zone, onChanged }) {
  const { voucher, state } = one;
  const last = one.lines.findLast(({ kind }) => kind === state);
  return html`
    <section class="panel stack">
      <h2>${last.remedy ? remedyText(last.remedy, currency) : t(`console.good.is_${state}`)}</h2>
      ${last.words && html`<p class="quoted">${last.words}</p>`}
      ${one.cost > 0 && html`<p class="soft">${costText(one, currency)}</p>`}
      ${voucher && html`
        <ul class="lines" role="list">
          <${Voucher} voucher=${voucher} currency=${currency} zone=${zone} onChanged=${onChanged} /></ul>`}
      ${voucher?.code && voucher.state === "ready" && html`
        <p>${t("console.good.slip")}</p>
        <img class="qr" src=${`/api/v1/vouchers/${voucher.code}/qr.svg`} alt=${t("console.good.slip_qr")} />
        <${Copy} text=${voucher.url} label=${t("console.good.slip_link")} />`}
    </section>`;
}

function Lines({ one, currency, zone, onChanged }) {
  const [isNoting, setNoting] = useState(false);
  return html`
    <section class="panel stack">
      <div class="row apart">
        <h2>${t("console.good.so_far")}</h2>
        <button type="button" class="button quiet" onClick=${() => setNoting(true)}>
          ${t("console.good.note")}</button>
      </div>
      <ol class="lines" role="list">${one.lines.map((line, i) => html`
        <li key=${i} class="case-line">
          <p class="why-text">${lineText(line, currency)}</p>
          ${line.words && html`<p class="quoted">${line.words}</p>`}
          <p class="soft">${[dayAndTime(line.at, zone), line.author].filter(Boolean).join(" · ")}</p>
        </li>`)}</ol>
      ${isNoting && html`<${Note} id=${one.id} onDone=${onChanged} onClose=${() => setNoting(false)} />`}
    </section>`;
}

function lineText({ kind, remedy, rating, cost }, currency) {
  const words = { gift: remedy && remedyText(remedy, currency), cost: money(Math.abs(cost), currency) };
  return t(`console.good.line_${kind}${rating ? `_${rating}` : ""}`, words);
}

function Note({ id, onDone, onClose }) {
  const form = useForm({ words: "" }, async (body, options) => {
    await service.post(`/cases/${id}/notes`, body, options);
    toast(t("common.saved"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.good.note")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="words" as="textarea" label=${t("console.good.note_words")}
          hint=${t("console.good.note_hint")} required maxlength="300" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}
