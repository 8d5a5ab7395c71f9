/** What the person behind a card has left with us, if anything. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { dayText } from "../static/js/time.js";
import { languages, t } from "../static/js/words.js";
import { Confirm, toast } from "./dialog.js";
import { Choice, FormFault, Input, Submit, useForm } from "./form.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

const FIELDS = ["name", "phone", "email"];

export function Customer({ code, zone }) {
  const path = `/cards/${code}/customer`;
  const customer = useLoad(() => service.get(path).catch(noCustomer), [path]);
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const forget = async () => {
    await service.delete(path);
    toast(t("console.customer.forgotten"));
    customer.reload();
  };
  return html`
    <section class="panel stack">
      <h2>${t("console.customer.title")}</h2>
      <${Loaded} of=${customer}>${(person) => html`
        ${person
          ? html`
            <dl class="facts">
              ${FIELDS.filter((name) => person[name]).map((name) => html`
                <div key=${name}><dt>${t(`common.${name}`)}</dt><dd>${person[name]}</dd></div>`)}
              <div><dt>${t("console.customer.news")}</dt><dd>${newsText(person, zone)}</dd></div>
            </dl>`
          : html`<p class="soft">${t("console.customer.none")}</p>`}
        <div class="row">
          <button type="button" class="button quiet" onClick=${() => setOpen("edit")}>
            ${t(person ? "common.edit" : "console.customer.add")}</button>
          ${person && html`
            <button type="button" class="button danger quiet" onClick=${() => setOpen("forget")}>
              ${t("console.customer.forget")}</button>`}
        </div>
        ${open === "edit" && html`
          <${CustomerForm} path=${path} person=${person} onDone=${customer.reload} onClose=${close} />`}
        ${open === "forget" && html`
          <${Confirm} title=${t("console.customer.forget")} text=${t("console.customer.forget_text")}
            verb=${t("console.customer.forget")} act=${forget} onClose=${close} />`}`}
      </${Loaded}>
    </section>`;
}

function CustomerForm({ path, person, onDone, onClose }) {
  const start = {
    name: person?.name ?? "", phone: person?.phone ?? "", email: person?.email ?? "",
    language: person?.language ?? "", "consents.news": person?.consents.news ?? false,
  };
  const form = useForm(start, async (body) => {
    const texts = [...FIELDS, "language"].map((name) => [name, body[name].trim() || null]);
    await service.put(path, { ...Object.fromEntries(texts), consents: body.consents });
    toast(t("common.saved"));
    onDone();
    onClose();
  });
  const choices = [["", "–"], ...Object.entries(languages)];
  return html`
    <${Dialog} title=${t("console.customer.title")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="name" label=${t("common.name")} maxlength="80" autocomplete="off" />
        <${Input} form=${form} at="phone" label=${t("common.phone")} type="tel" maxlength="40"
          autocomplete="off" />
        <${Input} form=${form} at="email" label=${t("common.email")} type="email" maxlength="200"
          autocomplete="off" />
        <${Input} form=${form} at="language" label=${t("common.language")} options=${choices} />
        <${Choice} label=${t("console.customer.consent")} hint=${t("console.customer.consent_hint")}
          checked=${form.values["consents.news"]}
          onChange=${({ target }) => form.set("consents.news", target.checked)} />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}

function noCustomer(problem) {
  if (problem.code === "no_customer") return null;
  throw problem;
}

function newsText(person, zone) {
  if (!person.consents.news) return t("common.no");
  const given = person.consent_history?.find((consent) => consent.kind === "news"); // newest first
  return given ? t("console.customer.news_since", { day: dayText(given.at, zone) }) : t("common.yes");
}
