/** Settling what was set aside: each decision asks before it is written down, for it is never taken back. */
import { html } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { flagWords } from "./history-line.js";
import { service } from "./service.js";
import { cardText, happenedText, owedText } from "./set-aside-text.js";

const REASON = { maxlength: 80, required: true, autocomplete: "off" };
const NOTE = { maxlength: 80, autocomplete: "off" };
const LINKS = { phone: (text) => `tel:${text.replace(/[^+\d]/g, "")}`, email: (text) => `mailto:${text}` };

export function Count({ item, zone, onDone, onClose }) {
  const start = item.card ? { note: "" } : { card: "", note: "" };
  const form = useSettling(start, `/kept/${item.id}/applications`, { onDone, onClose, said: "counted" },
    ({ note, ...body }) => ({ ...body, content: item.content, ...(note.trim() && { note }) }));
  return html`
    <${Ask} name="count" form=${form} about=${happenedText(item, zone)} card=${item.card} onClose=${onClose}>
      ${!item.card && item.claim.kind !== "void" && html`
        <${Input} form=${form} at="card" label=${t("console.aside.which_card")} required maxlength="300"
          hint=${t("console.aside.which_card_hint")} autocomplete="off" />`}
      <${Input} form=${form} at="note" label=${optional("console.aside.note")}
        hint=${t("console.aside.note_hint")} ...${NOTE} />
    </${Ask}>`;
}

export function LeaveOut({ item, zone, onDone, onClose }) {
  const form = useSettling({ reason: "" }, `/kept/${item.id}/dismissals`, { onDone, onClose, said: "left" },
    (body) => ({ ...body, content: item.content }));
  return html`
    <${Ask} name="leave" form=${form} about=${happenedText(item, zone)} card=${item.card} onClose=${onClose}
      isDanger>
      <${Input} form=${form} at="reason" label=${t("console.reason")} hint=${t("console.aside.leave_hint")}
        ...${REASON} />
    </${Ask}>`;
}

export function Fine({ item, zone, onDone, onClose }) {
  const form = useSettling({ note: "" }, `/flags/${item.id}/reviews`, { onDone, onClose, said: "fine_done" },
    ({ note }) => ({ verdict: "fine", ...(note.trim() && { note }) }));
  return html`
    <${Ask} name="fine" form=${form} about=${whyText(item.why, zone)} card=${item.card} onClose=${onClose}>
      <${Input} form=${form} at="note" label=${optional("console.aside.note")}
        hint=${t("console.aside.note_hint")} ...${NOTE} />
    </${Ask}>`;
}

/** Every line that waits for one reason, so many at once as the service takes. */
export function FineAlike({ item: { reason }, onDone, onClose }) {
  const form = useForm({ note: "" }, async ({ note }, options) => {
    const body = { reason, verdict: "fine", ...(note.trim() && { note }) };
    const { settled, more } = await service.post("/flags/reviews", body, options);
    toast(t(more ? "console.aside.alike_more" : "console.aside.alike_done", { n: settled }));
    onDone();
    onClose();
  });
  return html`
    <${Ask} name="alike" form=${form} about=${flagWords(reason)} onClose=${onClose}>
      <${Input} form=${form} at="note" label=${optional("console.aside.note")}
        hint=${t("console.aside.note_hint")} ...${NOTE} />
    </${Ask}>`;
}

export function UndoFlagged({ item, zone, onDone, onClose }) {
  const form = useForm({ note: "" }, async (body, options) => {
    await service.post(`/flags/${item.id}/reviews`, { verdict: "undone", ...body }, options);
    toast(t("console.undo.done"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.undo.title")} onClose=${onClose}>
      <p>${whyText(item.why, zone)}</p>
      <form ...${form.attributes}>
        <${Input} form=${form} at="note" label=${t("console.reason")} hint=${t("console.undo.reason_hint")}
          ...${REASON} />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} class="danger">${t("console.undo.go")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}

export function Forgive({ item, onDone, onClose }) {
  const said = { onDone, onClose, said: "forgiven" };
  const form = useSettling({ reason: "" }, `/owed/${item.card.code}/pardons`, said, (body) => body);
  return html`
    <${Ask} name="forgive" form=${form} about=${owedText(item)} card=${item.card} onClose=${onClose}>
      <${Input} form=${form} at="reason" label=${t("console.reason")} hint=${t("console.adjust.reason_hint")}
        ...${REASON} />
    </${Ask}>`;
}

/** How to reach the customer: a tap calls or writes. */
export function Contact({ item: { card }, onClose }) {
  const told = ["name", "phone", "email"].filter((name) => card.customer[name]);
  return html`
    <${Dialog} title=${t("console.aside.contact_title")} onClose=${onClose}>
      <dl class="facts">
        ${told.map((name) => html`
          <div key=${name}><dt>${t(`common.${name}`)}</dt><dd>${LINKS[name]
            ? html`<a class="reach" href=${LINKS[name](card.customer[name])}>${card.customer[name]}</a>`
            : card.customer[name]}</dd></div>`)}
      </dl>
      <p><a class="to-card" href=${`#/cards/${card.code}`} onClick=${onClose}>
        ${t("console.aside.to_card")}</a></p>
    </${Dialog}>`;
}

/** A form that settles one thing: `bodyOf` makes what is sent, `said` names the words that follow. */
function useSettling(start, path, { onDone, onClose, said }, bodyOf) {
  return useForm(start, async (values, options) => {
    await service.post(path, bodyOf(values), options);
    toast(t(`console.aside.${said}`));
    onDone();
    onClose();
  });
}

const Ask = ({ name, form, about, card, onClose, isDanger = false, children }) => html`
  <${Dialog} title=${t(`console.aside.${name}_title`)} onClose=${onClose}>
    <p><strong>${about}</strong>${card && html`<br /><span class="soft">${cardText(card)}</span>`}</p>
    <p>${t(`console.aside.${name}_text`)}</p>
    <form ...${form.attributes}>
      ${children}
      <${FormFault} form=${form} />
      <div class="row end">
        <${Submit} form=${form} class=${isDanger ? "danger" : ""}>${t(`console.aside.${name}`)}</${Submit}>
      </div>
    </form>
  </${Dialog}>`;

const optional = (key) => `${t(key)} (${t("common.optional")})`;
