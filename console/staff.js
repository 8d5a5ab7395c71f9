/** The people at the tills: a name and a PIN each. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { t } from "../static/js/words.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";
import { OwnCards } from "./staff-cards.js";

export function Staff() {
  const staff = useLoad(() => service.get("/staff"));
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const setActive = async (person, active) => {
    await service.patch(`/staff/${person.id}`, { active });
    toast(t(active ? "console.staff.back" : "console.staff.gone", { name: person.name }));
    staff.reload();
  };
  const change = (person) => (person.active ? setOpen({ kind: "off", person }) : setActive(person, true));
  const add = html`
    <button type="button" class="button" onClick=${() => setOpen({ kind: "form" })}>
      ${t("console.staff.add")}</button>`;
  return html`
    <${Screen} title=${t("console.staff.title")} under=${t("console.staff.lead")} actions=${add}>
      <${Loaded} of=${staff}>${({ items }) => html`
        ${items.length === 0
          ? html`<div class="panel empty"><p>${t("console.staff.none")}</p></div>`
          : html`
            <section class="panel">
              <ul class="lines" role="list">${byName(items).map((person) => html`
                <${Person} key=${person.id} person=${person} onEdit=${() => setOpen({ kind: "form", person })}
                  onCards=${() => setOpen({ kind: "cards", person })}
                  onSwitch=${() => change(person)} />`)}</ul>
            </section>`}
        ${open?.kind === "form" && html`
          <${PersonForm} person=${open.person} onDone=${staff.reload} onClose=${close} />`}
        ${open?.kind === "cards" && html`
          <${OwnCards} person=${open.person} onDone=${staff.reload} onClose=${close} />`}
        ${open?.kind === "off" && html`
          <${Confirm} title=${t("console.staff.off_title", { name: open.person.name })}
            text=${t("console.staff.off_text")} verb=${t("console.staff.off")}
            act=${() => setActive(open.person, false)} onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

const Person = ({ person, onEdit, onCards, onSwitch }) => html`
  <li class=${person.active ? "till" : "till away"}>
    <div class="grow row"><strong>${person.name}</strong>
      ${!person.active && html`<span class="chip">${t("console.staff.inactive")}</span>`}
      ${isLocked(person) && html`<span class="chip warn">${t("console.staff.locked")}</span>`}</div>
    <div class="row tight">
      <button type="button" class="button plain"
        aria-label=${t("console.staff.edit_what", { name: person.name })} onClick=${onEdit}>
        ${t("common.edit")}</button>
      <button type="button" class="button plain" onClick=${onCards}>
        ${t("console.staff.cards", { n: person.cards.length })}
        <span class="unseen"> ${person.name}</span></button>
      <button type="button" class=${`button quiet ${person.active ? "danger" : ""}`} onClick=${onSwitch}>
        ${t(person.active ? "console.staff.off" : "console.staff.on")}
        <span class="unseen"> ${person.name}</span></button>
    </div>
  </li>`;

/** A new person, or another name or PIN for one there is; an empty PIN leaves the old one. */
function PersonForm({ person, onDone, onClose }) {
  const form = useForm({ name: person?.name ?? "", pin: "" }, async ({ name, pin }, options) => {
    if (person) await service.patch(`/staff/${person.id}`, pin ? { name, pin } : { name });
    else await service.post("/staff", { name, pin }, options);
    toast(t("common.saved"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${person ? person.name : t("console.staff.add")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="name" label=${t("common.name")} hint=${t("console.staff.name_hint")}
          required maxlength="80" autocomplete="off" />
        <${Input} form=${form} at="pin" label=${t(person ? "console.staff.new_pin" : "console.staff.pin")}
          hint=${t(person ? "console.staff.new_pin_hint" : "console.staff.pin_hint")}
          class="short" type="text" inputmode="numeric" pattern="[0-9]{4,8}" minlength="4" maxlength="8"
          title=${t("console.staff.pin_hint")} required=${!person} autocomplete="off" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}

const isLocked = (person) => person.locked_until && new Date(person.locked_until) > Date.now();
const byName = (people) =>
  [...people].sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
