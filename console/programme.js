/** One programme with its terms, what is scheduled and what there was before; and a new one. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { t } from "../static/js/words.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { TermsPicture } from "./promise.js";
import { go, useUnsaved } from "./router.js";
import { Scheduled } from "./scheduled.js";
import { service } from "./service.js";
import { TermsEditor } from "./terms-editor.js";
import { TERMS_OF_A_NEW_ONE, TermsFields, termsValues } from "./terms.js";
import { VersionHistory } from "./version-history.js";

const BACK = () => ["#/programmes", t("console.programme.title")];

export function Programme({ id, session, query }) {
  const { business } = session;
  const page = useLoad(() => loadProgramme(id), [id]);
  const [open, setOpen] = useState(null);
  const [draft, setDraft] = useState(null);
  const close = () => setOpen(null);
  const saved = () => {
    setDraft(null);
    page.reload();
  };
  const openAgain = (scheduled) => {
    setDraft(scheduled);
    scrollTo(0, 0);
  };
  const setActive = async (active) => {
    await service.patch(`/programmes/${id}`, { active });
    toast(t(active ? "console.programme.reopened" : "console.programme.has_ended"));
    page.reload();
  };
  const found = page.data?.programme;
  const rename = html`
    <button type="button" class="button quiet" onClick=${() => setOpen("name")}>
      ${t("console.rename")}</button>`;
  return html`
    <${Screen} wide title=${found?.name ?? t("console.programme.one")}
      under=${found && t("common.cards", { n: found.cards })} back=${BACK()}
      actions=${found && rename}>
      <${Loaded} of=${page}>${({ programme, versions, scheduled }) => !programme
        ? html`<p class="notice bad" role="alert">${t("problem.not_found")}</p>`
        : html`
          ${!programme.active && html`
            <div class="notice warn row apart"><p>${t("console.programme.ended_text")}</p>
              <button type="button" class="button quiet" onClick=${() => setActive(true)}>
                ${t("console.programme.reopen")}</button></div>`}
          <${TermsEditor} key=${`${programme.version}/${draft?.id}`} programme=${programme}
            draft=${draft ?? offered(programme, query)}
            known=${tiersOf([...versions, ...scheduled])} business=${business} onSaved=${saved} />
          <${Scheduled} programme=${programme} scheduled=${scheduled} versions=${versions}
            business=${business} onChanged=${page.reload} onOpen=${openAgain} />
          <${VersionHistory} programme=${programme} versions=${versions} business=${business} />
          ${programme.active && html`
            <section class="panel row apart">
              <div class="grow">
                <h2>${t("console.programme.end_title")}</h2>
                <p class="soft">${t("console.programme.end_text")}</p>
              </div>
              <button type="button" class="button danger quiet" onClick=${() => setOpen("end")}>
                ${t("console.programme.end")}</button>
            </section>`}
          ${open === "name" && html`<${Rename} programme=${programme} onDone=${page.reload} onClose=${close} />`}
          ${open === "end" && html`
            <${Confirm} title=${t("console.programme.end_sure", { name: programme.name })}
              text=${t("console.programme.end_text")} verb=${t("console.programme.end")}
              act=${() => setActive(false)} onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

/** A programme, its versions and what is scheduled for it, newest first; no programme where there is none. */
async function loadProgramme(id) {
  const { items } = await service.get("/programmes");
  const programme = items.find((one) => one.id === id);
  if (!programme) return {};
  const lists = ["versions", "scheduled-versions"].map((name) => service.get(`/programmes/${id}/${name}`));
  const [versions, scheduled] = await Promise.all(lists);
  return { programme, versions: versions.items, scheduled: scheduled.items };
}

/** The programme with the terms that the address names, such as `?stamps_needed=8`, which an experiment found better. */
function offered(programme, query) {
  const named = [...query].filter(([name]) => name in programme.terms).map(([name, n]) => [name, Number(n)]);
  return named.length ? { terms: { ...programme.terms, ...Object.fromEntries(named) } } : null;
}

const tiersOf = (versions) => versions.flatMap(({ terms }) => terms.tiers);

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
          <${TermsFields} isNew form=${form} currency=${business.currency} />
          <${FormFault} form=${form} />
          <div class="row end"><${Submit} form=${form}>${t("console.programme.start")}</${Submit}></div>
        </div>
        <div class="sticky">
          <section class="panel stack">
            <h2>${t("console.promise.picture")}</h2>
            <${TermsPicture} name=${business.name} terms=${form.body.terms} />
          </section>
        </div>
      </form>
    </${Screen}>`;
}
