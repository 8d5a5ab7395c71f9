/** Name, phone, e-mail and birthday, if the customer likes; what for is said plainly, and all can be removed. */
import { problemIn } from "../static/js/api.js";
import { fieldsOf } from "../static/js/faults.js";
import { html, useState } from "../static/js/html.js";
import { Field } from "../static/js/parts.js";
import { calendarDay } from "../static/js/time.js";
import { language, t } from "../static/js/words.js";

const NOBODY = { name: "", phone: "", email: "", consents: { news: false } };

export function Details({ code, api, business, birthdayStamps }) {
  const [person, setPerson] = useState(null);
  const [problem, setProblem] = useState(null);
  const [said, setSaid] = useState(null);
  const path = `/cards/${code}/customer`;

  const tryTo = async (work, done) => {
    setProblem(null);
    setSaid(null);
    try {
      setPerson((await work()) ?? NOBODY);
      setSaid(done);
    } catch (trouble) {
      setProblem(problemIn(trouble));
    }
  };
  const open = (event) => event.target.open && !person && tryTo(() => whoIsThere(api, path), null);
  const remove = () => tryTo(() => api.delete(path), "customer.details_removed");
  const save = (event) => {
    event.preventDefault();
    tryTo(() => api.put(path, { ...readForm(event.target), language: language() }), "customer.details_saved");
  };

  return html`<details class="fold" onToggle=${open}>
    <summary>${t("customer.details")}</summary>
    <p class="soft">${t("customer.details_why", { business: business.name })}</p>
    ${person && html`<form key=${JSON.stringify(person)} class="stack" onSubmit=${save} noValidate>
      <${Line} name="name" person=${person} problem=${problem} maxlength="80" />
      <${Line} name="phone" person=${person} problem=${problem} maxlength="40" type="tel" />
      <${Line} name="email" person=${person} problem=${problem} maxlength="200" type="email" />
      ${(birthdayStamps || person.birthday) && html`
        <${Birthday} day=${person.birthday} business=${business} problem=${problem} />`}
      <label class="choice">
        <input type="checkbox" name="news" defaultChecked=${person.consents.news} />
        <span>${t("customer.consent_news", { business: business.name })}</span>
      </label>
      <div class="row">
        <button class="button">${t("common.save")}</button>
        <button class="button plain" type="button" onClick=${remove}>${t("customer.details_remove")}</button>
      </div>
    </form>`}
    ${problem && html`<p class="notice bad" role="alert">${problem.words}</p>`}
    <p role="status">${said && html`<span class="chip good">${t(said)}</span>`}</p>
  </details>`;
}

const LABELS = { name: "common.name", phone: "common.phone", email: "common.email" };

const Line = ({ name, person, problem, ...rest }) => html`<${Field}
  id=${name} label=${t(LABELS[name])} defaultValue=${person[name] ?? ""}
  error=${problem && fieldsOf(problem)[name]} autocomplete=${name === "phone" ? "tel" : name} ...${rest}
/>`;

/** A day and a month; the year is nobody's business. */
function Birthday({ day, business, problem }) {
  const [month = "", number = ""] = day?.split("-") ?? [];
  const error = problem && fieldsOf(problem).birthday;
  const list = (name, label, chosen, options) => html`
    <select name=${name} aria-label=${t(label)}>
      <option value="">${t(label)}</option>
      ${options.map((text, i) => html`
        <option value=${two(i + 1)} selected=${two(i + 1) === chosen}>${text}</option>`)}
    </select>`;
  return html`<fieldset class="field birthday">
    <legend>${t("customer.birthday")}</legend>
    <p class="hint">${t("customer.consent_birthday", { business: business.name })}</p>
    <div class="row">
      ${list("day", "customer.birthday_day", number, DAYS)}${list("month", "customer.birthday_month", month, months())}
    </div>
    <span class="error" role="alert">${error ?? ""}</span>
  </fieldset>`;
}

const two = (n) => String(n).padStart(2, "0");
const DAYS = Array.from({ length: 31 }, (_, i) => i + 1);
const months = () => DAYS.slice(0, 12).map((n) => calendarDay(`2024-${two(n)}-01`, { month: "long" }));

/** Who left a name with this card; null when nobody did. */
async function whoIsThere(api, path) {
  try {
    return await api.get(path);
  } catch (trouble) {
    if (problemIn(trouble).status === 404) return null;
    throw trouble;
  }
}

/** What was left empty is sent as nothing at all. */
function readForm({ elements }) {
  const text = (name) => elements[name]?.value.trim() || null;
  const consents = { news: elements.news.checked };
  const [month, day] = [text("month"), text("day")];
  const birthday = month || day ? `${month}-${day}` : null; // half of it is the service's to refuse
  return { name: text("name"), phone: text("phone"), email: text("email"), birthday, consents };
}
