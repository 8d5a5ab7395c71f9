/** What comes out of the printer: the poster for the shop window, and sheets of new cards. */
import { html } from "../static/js/html.js";
import { language, languages, t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, named, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service, withQuery } from "./service.js";
import { notePoster } from "./today.js";

const LETTER_REGIONS = ["US", "CA", "MX"];
// Sheets of two hundred cards take the service a while.
const AS_PDF = { timeoutMs: 60_000, headers: { Accept: "application/pdf, application/problem+json" } };

export function Print({ session }) {
  const all = useLoad(async () => {
    const [shops, programmes] = await Promise.all([service.get("/shops"), service.get("/programmes")]);
    return { shops: shops.items, programmes: programmes.items.filter(({ active, treatment_of: of }) => active && !of) };
  });
  return html`
    <${Screen} title=${t("console.print.title")}>
      <${Loaded} of=${all}>${({ shops, programmes }) => html`
        <div class="halves">
          <${Poster} shops=${shops} programmes=${programmes} business=${session.business} />
          ${programmes.length > 0
            && html`<${Sheets} programmes=${programmes} business=${session.business} />`}
        </div>`}
      </${Loaded}>
    </${Screen}>`;
}

function Poster({ shops, programmes, business }) {
  const start = { shop: shops[0].id, programme: "", paper: usualPaper(), language: spoken(business) };
  const form = useForm(start, async ({ shop, ...query }) => {
    const path = withQuery(`/shops/${shop}/poster.pdf`, query);
    save(await service.get(path, AS_PDF), `poster-${query.paper}.pdf`);
    notePoster();
  });
  return html`
    <section class="panel stack">
      <h2>${t("console.print.poster")}</h2>
      <p class="soft">${t("console.print.poster_text")}</p>
      <form ...${form.attributes}>
        ${shops.length > 1 && html`
          <${Input} form=${form} at="shop" label=${t("console.print.shop")} options=${named(shops)} />`}
        ${programmes.length > 1 && html`
          <${Input} form=${form} at="programme" label=${t("console.programme.one")}
            options=${[["", t("console.print.every_programme")], ...named(programmes)]} />`}
        <${PaperAndLanguage} form=${form} />
        <${FormFault} form=${form} />
        <div><${Submit} form=${form}>${t("console.print.get_poster")}</${Submit}></div>
      </form>
    </section>`;
}

function Sheets({ programmes, business }) {
  const start = { programme: programmes[0].id, count: 24, paper: usualPaper(), language: spoken(business) };
  const form = useForm(start, async (body, options) => {
    save(await service.post("/card-sheets", body, { ...options, ...AS_PDF }), `cards-${body.count}.pdf`);
    toast(t("console.print.cards_made", { n: body.count }));
  });
  return html`
    <section class="panel stack">
      <h2>${t("console.print.sheets")}</h2>
      <p class="soft">${t("console.print.sheets_text")}</p>
      <form ...${form.attributes}>
        ${programmes.length > 1 && html`
          <${Input} form=${form} at="programme" label=${t("console.programme.one")}
            options=${named(programmes)} />`}
        <${Input} form=${form} at="count" class="short" type="number" inputmode="numeric" min="1" max="200"
          required label=${t("console.print.count")} hint=${t("console.print.count_hint")} />
        <${PaperAndLanguage} form=${form} />
        <${FormFault} form=${form} />
        <div>
          <${Submit} form=${form}>${t("console.print.get_sheets", { n: form.values.count ?? 0 })}</${Submit}>
        </div>
      </form>
    </section>`;
}

const PaperAndLanguage = ({ form }) => html`
  <div class="pair">
    <${Input} form=${form} at="paper" label=${t("console.print.paper")}
      options=${["a4", "letter"].map((paper) => [paper, t(`console.print.${paper}`)])} />
    <${Input} form=${form} at="language" label=${t("common.language")} options=${Object.entries(languages)} />
  </div>`;

/** Hand a file to the browser as a download; a new window would be blocked after the wait. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), AS_PDF.timeoutMs);
}

function usualPaper() {
  return LETTER_REGIONS.includes(new Intl.Locale(navigator.language).region) ? "letter" : "a4";
}

const spoken = (business) => (business.language in languages ? business.language : language());
