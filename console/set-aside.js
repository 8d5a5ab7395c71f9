/** The owner's inbox: what was kept aside, what counted but looks odd, and what cards owe. */
import { html, useState } from "../static/js/html.js";
import { whenText, whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { Screen } from "./frame.js";
import { Gaps } from "./gaps.js";
import { HistoryLine, flagWords } from "./history-line.js";
import { Loaded, More, useLoad, usePages } from "./loading.js";
import { cardText, happenedText, owedText, receiptText } from "./set-aside-text.js";
import { service } from "./service.js";
import { Contact, Count, Fine, FineAlike, Forgive, LeaveOut, UndoFlagged } from "./settle.js";

const MANY_ALIKE = 4;
const DIALOGS = {
  alike: FineAlike, contact: Contact, count: Count, fine: Fine, forgive: Forgive, leave: LeaveOut,
  undo: UndoFlagged,
};

export function SetAside({ session }) {
  const [settled, setSettled] = useState("no");
  const [open, setOpen] = useState(null); // {kind: "count", item}: the dialog that is open
  const kept = usePages(`/kept?settled=${settled}`);
  const flags = usePages(`/flags?settled=${settled}`);
  const owed = usePages("/owed");
  const tills = useLoad(() => service.get("/tills"));
  const zone = session.business.time_zone;
  const isSettled = settled === "yes";
  const Opened = open && DIALOGS[open.kind];
  const changed = () => {
    kept.reload();
    flags.reload();
    owed.reload();
  };
  const none = (name) => t(`console.aside.no_${name}${isSettled ? "_settled" : ""}`);
  return html`
    <${Screen} title=${t("console.aside.title")} under=${t("console.aside.lead")}>
      <div class="tabs" role="group" aria-label=${t("console.aside.which")}>
        <${Tab} isHere=${!isSettled} onClick=${() => setSettled("no")}>${t("console.aside.waiting")}</${Tab}>
        <${Tab} isHere=${isSettled} onClick=${() => setSettled("yes")}>${t("console.aside.settled")}</${Tab}>
      </div>
      ${!isSettled && tills.data && html`
        <${Gaps} tills=${tills.data.items} zone=${zone} onSeen=${tills.reload} />`}
      <${Part} name="kept" of=${kept} none=${none("kept")} isSettled=${isSettled}
        line=${(item) => html`
          <${Kept} key=${item.id + item.content} item=${item} zone=${zone} onOpen=${setOpen} />`} />
      <${Part} name="flagged" of=${flags} none=${none("flagged")} isSettled=${isSettled}
        head=${(items) => !isSettled && html`<${Alike} items=${items} onOpen=${setOpen} />`}
        line=${(item) => html`<${Flagged} key=${item.id} item=${item} zone=${zone} onOpen=${setOpen} />`} />
      ${!isSettled && (owed.problem || owed.data?.length > 0) && html`
        <${Part} name="owed" of=${owed}
          line=${(item) => html`
            <${Owed} key=${item.card.code} item=${item} zone=${zone} onOpen=${setOpen} />`} />`}
      ${Opened && html`
        <${Opened} item=${open.item} zone=${zone} onDone=${changed} onClose=${() => setOpen(null)} />`}
    </${Screen}>`;
}

const Tab = ({ isHere, onClick, children }) => html`
  <button type="button" aria-current=${isHere ? "true" : "false"} onClick=${onClick}>${children}</button>`;

const Part = ({ name, none, isSettled = false, of, head, line }) => html`
  <section class="panel stack">
    <div>
      <h2>${t(`console.aside.${name}${isSettled ? "_settled" : ""}`)}</h2>
      ${!isSettled && html`<p class="soft">${t(`console.aside.${name}_text`)}</p>`}
    </div>
    <${Loaded} of=${of}>${(items) => items.length === 0
      ? html`<p class="empty">${none}</p>`
      : html`${head?.(items)}<ul class="lines" role="list">${items.map(line)}</ul><${More} of=${of} />`}
    </${Loaded}>
  </section>`;

function Kept({ item, zone, onOpen }) {
  const may = (kind) => () => onOpen({ kind, item });
  const where = item.till
    ? t("console.aside.place", { till: item.till, shop: item.shop })
    : t("console.aside.software");
  return html`
    <li class="aside-item">
      <p class="why-text">${happenedText(item, zone)}</p>
      <p>${whyText(item.why, zone)}</p>
      <p class="soft">${[where, receiptText(item.claim)].filter(Boolean).join(" · ")}</p>
      <div class="aside-more">
        <${Whose} card=${item.card} />
        <details><summary>${t("console.aside.what_came")}</summary>
          <pre class="code" tabindex="0" role="region" aria-label=${t("console.aside.what_came")}>
            ${JSON.stringify(item.claim, null, 2)}</pre></details>
      </div>
      ${item.settlement
        ? html`<${Settled} of=${item.settlement} zone=${zone} />`
        : html`
          <div class="row tight">
            ${item.reason !== "bad_event" && html`
              <${Act} onClick=${may("count")}>${t("console.aside.count")}</${Act}>`}
            <${Act} onClick=${may("leave")}>${t("console.aside.leave")}</${Act}>
            <${ContactAct} card=${item.card} onClick=${may("contact")} />
          </div>`}
    </li>`;
}

function Flagged({ item, zone, onOpen }) {
  const may = (kind) => () => onOpen({ kind, item });
  const mayUndo = !item.voided && ["stamp", "redeem"].includes(item.kind);
  return html`
    <${HistoryLine} line=${item} zone=${zone}>
      ${item.late && html`<p><strong>${whyText(item.late)}</strong></p>`}
      <${Whose} card=${item.card} />
      ${item.settlement
        ? html`<${Settled} of=${item.settlement} zone=${zone} />`
        : html`
          <div class="row tight">
            <${Act} onClick=${may("fine")}>${t("console.aside.fine")}</${Act}>
            ${mayUndo && html`<${Act} onClick=${may("undo")}>${t("console.aside.undo")}</${Act}>`}
            <${ContactAct} card=${item.card} onClick=${may("contact")} />
          </div>`}
    </${HistoryLine}>`;
}

/** Many lines of one reason are settled with one decision. */
function Alike({ items, onOpen }) {
  const reasons = items.flatMap((item) => [item.flag, item.late?.code].filter(Boolean));
  const many = [...new Set(reasons)].filter((reason) => count(reasons, reason) >= MANY_ALIKE);
  return many.length > 0 && html`
    <div class="row tight">
      ${many.map((reason) => html`
        <${Act} key=${reason} onClick=${() => onOpen({ kind: "alike", item: { reason } })}>
          ${t("console.aside.alike_all", { reason: flagWords(reason) })}</${Act}>`)}
    </div>`;
}

const count = (reasons, wanted) => reasons.filter((reason) => reason === wanted).length;

function Owed({ item, zone, onOpen }) {
  const may = (kind) => () => onOpen({ kind, item });
  const since = { programme: item.programme, when: whenText(item.last_event_at, zone) };
  return html`
    <li class="aside-item">
      <p class="why-text">${owedText(item)}</p>
      <p class="soft">${t("console.aside.owed_since", since)}</p>
      <${Whose} card=${item.card} />
      <div class="row tight">
        <${Act} onClick=${may("forgive")}>${t("console.aside.forgive")}</${Act}>
        <${ContactAct} card=${item.card} onClick=${may("contact")} />
      </div>
    </li>`;
}

const Act = ({ onClick, children }) => html`
  <button type="button" class="button quiet" onClick=${onClick}>${children}</button>`;

const ContactAct = ({ card, onClick }) => card?.customer && html`
  <${Act} onClick=${onClick}>${t("console.aside.contact")}</${Act}>`;

/** Which card, with the way to it. A claim may name none that is known. */
const Whose = ({ card }) => card && html`
  <p><a class="to-card" href=${`#/cards/${card.code}`}>${cardText(card)}</a></p>`;

const Settled = ({ of: { verdict, author, at, note }, zone }) => html`
  <p class="row tight"><span class="chip good">
    ${t(`console.aside.${verdict}_by`, { author, when: whenText(at, zone) })}</span>
    ${note && html`<span class="soft">${t("console.line.reason", { reason: note })}</span>`}</p>`;
