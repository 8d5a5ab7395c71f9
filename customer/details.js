/** Name, phone and e-mail, if the customer likes, with consent asked for plainly and everything removable. */
import { problemIn } from "../static/js/api.js";
import { html, useState } from "../static/js/html.js";
import { Field } from "../static/js/parts.js";
import { language, t } from "../static/js/words.js";

const EMPTY = { name: "", phone: "", email: "", consents: { news: false } };

export function Details({ code, api, business }) {
  const [person, setPerson] = useState(null);
  const [problem, setProblem] = useState(null);
  const [said, setSaid] = useState(null);
  const path = `/cards/${code}/customer`;

  const tryTo = async (work, done) => {
    setProblem(null);
    setSaid(null);
    try {
      setPerson((await work()) ?? EMPTY);
      setSaid(done);
    } catch (trouble) {
      setProblem(problemIn(trouble));
    }
  };
  const open = (event) => event.target.open && !person && tryTo(() => fetchPerson(api, path), null);
  const save = (event) => {
    event.preventDefault();
    tryTo(() => api.put(path, { ...formOf(event.target), language: language() }).then((kept) => kept ?? person), "customer.details_saved");
  };
  const remove = () => tryTo(() => api.delete(path), "customer.details_removed");

  return html`<details class="fold" onToggle=${open}>
    <summary>${t("customer.details")}</summary>
    <p class="soft">${t("customer.details_why", { business: business.name })}</p>
    ${person && html`<form key=${JSON.stringify(person)} class="stack" onSubmit=${save} noValidate>
      <${Field} id="name" label=${t("common.name")} defaultValue=${person.name ?? ""} maxlength="200" autocomplete="name" error=${problem?.fields.name} />
      <${Field} id="phone" label=${t("common.phone")} defaultValue=${person.phone ?? ""} maxlength="40" type="tel" autocomplete="tel" error=${problem?.fields.phone} />
      <${Field} id="email" label=${t("common.email")} defaultValue=${person.email ?? ""} maxlength="200" type="email" autocomplete="email" error=${problem?.fields.email} />
      <label class="choice"><input type="checkbox" name="news" defaultChecked=${person.consents?.news ?? false} />
        <span>${t("customer.consent_news", { business: business.name })}</span></label>
      <div class="row">
        <button class="button">${t("common.save")}</button>
        <button class="button plain" type="button" onClick=${remove}>${t("customer.details_remove")}</button>
      </div>
    </form>`}
    ${problem && html`<p class="notice bad" role="alert">${problem.words}</p>`}
    <p role="status">${said && html`<span class="chip good">${t(said)}</span>`}</p>
  </details>`;
}

async function fetchPerson(api, path) {
  try {
    return await api.get(path);
  } catch (trouble) {
    if (problemIn(trouble).status === 404) return null;
    throw trouble;
  }
}

/** What was left empty is sent as nothing at all. */
function formOf(form) {
  const text = (name) => form.elements[name].value.trim() || null;
  return { name: text("name"), phone: text("phone"), email: text("email"), consents: { news: form.elements.news.checked } };
}
