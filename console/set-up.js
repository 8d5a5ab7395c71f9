/** The first five minutes of a business: who you are, what it is called, what every card promises. */
import { html, useEffect, useState } from "../static/js/html.js";
import { Field } from "../static/js/parts.js";
import { chooseLanguage, language, languages, loadWords, t } from "../static/js/words.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Mark } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { CardPicture, PromiseSentence } from "./promise.js";
import { currencies, guessCurrency, guessZone, zones } from "./places.js";
import { service } from "./service.js";

// Said before the service has to say it.
const PASSWORD_LENGTH = 10;

export function SetUp({ token, onDone }) {
  const link = useLoad(() => service.get(`/setup/${encodeURIComponent(token)}`), [token]);
  const isOver = ["not_found", "set_up_link_used"].includes(link.problem?.code);
  useEffect(() => {
    document.title = `${t("console.setup.title")} · Tenth`;
  }, [language()]);
  return html`
    <main class="alone wide stack">
      ${isOver
        ? html`<h1>${t("console.setup.over_title")}</h1>
            <p>${link.problem.code === "not_found" ? t("console.setup.unknown_link") : link.problem.words}</p>
            <p><a class="button" href="#/today">${t("console.sign_in.title")}</a></p>`
        : html`
          <${Loaded} of=${link}>${() => html`<${Questions} token=${token} onDone=${onDone} />`}</${Loaded}>`}
    </main>`;
}

function Questions({ token, onDone }) {
  const [spoken, setSpoken] = useState(language());
  const start = {
    "owner.name": "", "owner.email": "", "owner.password": "", business: "", shop: "",
    currency: guessCurrency(), time_zone: guessZone(), stamps_needed: 10, reward: t("console.promise.reward_example"),
  };
  const form = useForm(start, async (body) => {
    onDone(await service.post("/setup", { token, ...body, language: spoken }));
  });
  const choose = async ({ target }) => {
    chooseLanguage("console", target.value);
    setSpoken(await loadWords([target.value]));
  };
  return html`
    <header class="set-up-head">
      <${Mark} />
      <div>
        <h1>${t("console.setup.title")}</h1>
        <p class="soft">${t("console.setup.lead")}</p>
      </div>
    </header>
    <form ...${form.attributes} class="set-up">
      <fieldset class="panel stack">
        <legend>${t("console.setup.language_title")}</legend>
        <${Field} id="setup-language" as="select" label=${t("common.language")}
          hint=${t("console.setup.language_hint")} onChange=${choose}>
          ${Object.entries(languages).map(([code, name]) => html`
            <option key=${code} value=${code} lang=${code} selected=${code === spoken}>${name}</option>`)}
        </${Field}>
      </fieldset>
      <fieldset class="panel stack">
        <legend>${t("console.setup.you_title")}</legend>
        <${Input} form=${form} at="owner.name" label=${t("console.setup.your_name")} required maxlength="80"
          autocomplete="name" />
        <${Input} form=${form} at="owner.email" label=${t("common.email")}
          hint=${t("console.setup.email_hint")} type="email" required maxlength="200"
          autocomplete="username" />
        <${Input} form=${form} at="owner.password" label=${t("common.password")}
          hint=${t("console.setup.password_hint", { n: PASSWORD_LENGTH })} type="password" required
          minlength=${PASSWORD_LENGTH} autocomplete="new-password" />
      </fieldset>
      <fieldset class="panel stack">
        <legend>${t("console.setup.business_title")}</legend>
        <${Input} form=${form} at="business" label=${t("console.setup.business")}
          hint=${t("console.setup.business_hint")} required maxlength="80" autocomplete="organization" />
        <${Input} form=${form} at="shop" label=${t("console.setup.shop")}
          hint=${t("console.setup.shop_hint")} required maxlength="80" />
        <div class="pair">
          <${Input} form=${form} at="currency" label=${t("console.currency")} options=${currencies()} />
          <${Input} form=${form} at="time_zone" label=${t("console.time_zone")}
            options=${zones(form.values.time_zone)} />
        </div>
      </fieldset>
      <fieldset class="panel stack">
        <legend>${t("console.setup.promise_title")}</legend>
        <${PromiseSentence} form=${form} stamps="stamps_needed" reward="reward" />
        <p class="soft">${t("console.setup.promise_hint")}</p>
        <${CardPicture} name=${form.values.business} needed=${form.values.stamps_needed}
          reward=${form.values.reward} />
      </fieldset>
      <${FormFault} form=${form} />
      <${Submit} form=${form} class="big wide">${t("console.setup.start")}</${Submit}>
    </form>`;
}
