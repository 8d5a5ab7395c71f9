/** The programmes of the business: the list, one of them with its terms and history, and a new one. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { CardPicture } from "./promise.js";
import { go, useUnsaved } from "./router.js";
import { service } from "./service.js";
import { TermsEditor } from "./terms-editor.js";
import { Changes, TERMS_OF_A_NEW_ONE, TermsFields, termsValues } from "./terms.js";

const BACK = () => ["#/programmes", t("console.programme.title")];

export function Programmes({ session }) {
  const programmes = useLoad(() => service.get("/programmes"));
  const add = html`<a class="button quiet" href="#/programmes/new">${t("console.programme.add")}</a>`;
  return html`
    <${Screen} title=${t("console.programme.title")} actions=${add}>
      <${Loaded} of=${programmes}>${({ items }) => items.length === 0
        ? html`<div class="panel empty"><p>${t("console.programme.none")}</p></div>`
        : html`
          <ul class="tiles" role="list">${items.map((programme) => html`
            <${Tile} key=${programme.id} programme=${programme} business=${session.business} />`)}</ul>`}
      </${Loaded}>
    </${Screen}>`;
}

const Tile = ({ programme: { id, name, active, terms, cards }, business }) => html`
  <li class="panel stack programme">
    <div class="row apart">
      <h2><a href=${`#/programmes/${id}`}>${name}</a></h2>
      ${!active && html`<span class="chip bad">${t("console.programme.ended")}</span>`}
    </div>
    <${CardPicture} name=${business.name} needed=${terms.stamps_needed} reward=${terms.reward}
      stamps=${terms.welcome_stamps} />
    <div class="row apart"><span class="soft">${t("common.cards", { n: cards })}</span>
      <a class="button" href=${`#/programmes/${id}`}>${t("console.programme.change")}</a></div>
  </li>`;

export function Programme({ id, session }) {
  const { currency, time_zone: zone } = session.business;
  const programme = useLoad(async () => {
    const { items } = await service.get("/programmes");
    return items.find((one) => one.id === id) ?? null;
  }, [id]);
  const versions = useLoad(() => service.get(`/programmes/${id}/versions`), [id]);
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const changed = () => {
    programme.reload();
    versions.reload();
  };
  const setActive = async (active) => {
    await service.patch(`/programmes/${id}`, { active });
    toast(t(active ? "console.programme.reopened" : "console.programme.has_ended"));
    changed();
  };
  const data = programme.data;
  const rename = html`
    <button type="button" class="button quiet" onClick=${() => setOpen("name")}>
      ${t("console.rename")}</button>`;
  return html`
    <${Screen} wide title=${data?.name ?? t("console.programme.one")}
      under=${data && t("common.cards", { n: data.cards })} back=${BACK()}
      actions=${data && rename}>
      <${Loaded} of=${programme}>${(found) => !found
        ? html`<p class="notice bad" role="alert">${t("problem.not_found")}</p>`
        : html`
          ${!found.active && html`
            <div class="notice warn row apart"><p>${t("console.programme.ended_text")}</p>
              <button type="button" class="button quiet" onClick=${() => setActive(true)}>
                ${t("console.programme.reopen")}</button></div>`}
          <${TermsEditor} key=${found.version} programme=${found} business=${session.business}
            onSaved=${changed} />
          <section class="panel stack">
            <h2>${t("console.programme.history")}</h2>
            <${Loaded} of=${versions}>${({ items }) => html`
              <ol class="lines" role="list">${items.map((version, i) => html`
                <${Version} key=${version.version} version=${version} before=${items[i + 1]}
                  currency=${currency} zone=${zone} />`)}</ol>`}
            </${Loaded}>
          </section>
          ${found.active && html`
            <section class="panel row apart">
              <div class="grow">
                <h2>${t("console.programme.end_title")}</h2>
                <p class="soft">${t("console.programme.end_text")}</p>
              </div>
              <button type="button" class="button danger quiet" onClick=${() => setOpen("end")}>
                ${t("console.programme.end")}</button>
            </section>`}
          ${open === "name" && html`<${Rename} programme=${found} onDone=${changed} onClose=${close} />`}
          ${open === "end" && html`
            <${Confirm} title=${t("console.programme.end_sure", { name: found.name })}
              text=${t("console.programme.end_text")} verb=${t("console.programme.end")}
              act=${() => setActive(false)} onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

/** What one version changed; the first one says everything it promised. */
function Version({ version, before, currency, zone }) {
  const policy = before && t(`console.policy.${version.policy}`); // the first one met no cards
  const under = [dayAndTime(version.created_at, zone), version.author, policy];
  return html`
    <li class="version">
      <span class="chip">${t("console.programme.version", { n: version.version })}</span>
      <div class="grow">
        ${version.note && html`<p><strong>${version.note}</strong></p>`}
        <${Changes} terms=${version.terms} before=${before?.terms} currency=${currency} />
        <p class="soft">${under.filter(Boolean).join(" · ")}</p>
      </div>
    </li>`;
}

function Rename({ programme, onDone, onClose }) {
  const form = useForm({ name: programme.name }, async (body) => {
    await service.patch(`/programmes/${programme.id}`, body);
    toast(t("common.saved"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.rename")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="name" label=${t("console.programme.name")} required maxlength="80" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}

export function NewProgramme({ session }) {
  const { business } = session;
  const [start] = useState({ name: "", ...termsValues(TERMS_OF_A_NEW_ONE) });
  const [isMade, setMade] = useState(false);
  const form = useForm(start, async (body, options) => {
    const made = await service.post("/programmes", body, options);
    setMade(true);
    toast(t("console.programme.added", { name: made.name }));
    setTimeout(() => go(`#/programmes/${made.id}`)); // once the form no longer counts as unsaved
  });
  useUnsaved(form.isDirty && !isMade);
  return html`
    <${Screen} wide title=${t("console.programme.add")} back=${BACK()}>
      <form ...${form.attributes} class="beside reversed">
        <div class="stack">
          <div class="panel">
            <${Input} form=${form} at="name" label=${t("console.programme.name")}
              hint=${t("console.programme.name_hint")} required maxlength="80" />
          </div>
          <${TermsFields} form=${form} currency=${business.currency} />
          <${FormFault} form=${form} />
          <div class="row end"><${Submit} form=${form}>${t("console.programme.start")}</${Submit}></div>
        </div>
        <div class="sticky">
          <section class="panel stack">
            <h2>${t("console.promise.picture")}</h2>
            <${CardPicture} name=${business.name} needed=${form.values["terms.stamps_needed"]}
              reward=${form.values["terms.reward"]} stamps=${form.values["terms.welcome_stamps"] ?? 0} />
          </section>
        </div>
      </form>
    </${Screen}>`;
}
