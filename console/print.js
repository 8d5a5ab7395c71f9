/** What comes out of the printer: the poster for the shop window, and sheets of new cards. */
import { html } from "../static/js/html.js";
import { language, languages, t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service, withQuery } from "./service.js";
import { notePoster } from "./today.js";

const LETTER_REGIONS = ["US", "CA", "MX"];
// A sheet of two hundred cards takes the service a while.
const PRINT_TIMEOUT_MS = 60_000;

export function Print({ session }) {
  const all = useLoad(async () => {
    const [shops, programmes] = await Promise.all([service.get("/shops"), service.get("/programmes")]);
    return { shops: shops.items, programmes: programmes.items.filter((programme) => programme.active) };
  });
  return html`
    <${Screen} title=${t("console.print.title")}>
      <${Loaded} of=${all}>${({ shops, programmes }) => html`
        <div class="halves">
          <${Poster} shops=${shops} programmes=${programmes} business=${session.business} />
          ${programmes.length > 0 && html`<${Sheets} programmes=${programmes} business=${session.business} />`}
        </div>`}
      </${Loaded}>
    </${Screen}>`;
}

function Poster({ shops, programmes, business }) {
  const form = useForm({ shop: shops[0]?.id, programme: "", paper: usualPaper(), language: spoken(business) }, async ({ shop, ...query }) => {
    const pdf = await service.get(withQuery(`/shops/${shop}/poster.pdf`, query), { timeoutMs: PRINT_TIMEOUT_MS, headers: { Accept: "application/pdf" } });
    save(pdf, `poster-${query.paper}.pdf`);
    notePoster();
  });
  return html`
    <section class="panel stack">
      <h2>${t("console.print.poster")}</h2>
      <p class="soft">${t("console.print.poster_text")}</p>
      <form ...${form.attributes}>
        ${shops.length > 1 && html`<${Input} form=${form} at="shop" label=${t("console.print.shop")} options=${shops.map(({ id, name }) => [id, name])} />`}
        ${programmes.length > 1 && html`
          <${Input} form=${form} at="programme" label=${t("console.programme.one")} options=${[["", t("console.print.every_programme")], ...named(programmes)]} />`}
        <div class="pair"><${Paper} form=${form} /><${Input} form=${form} at="language" label=${t("common.language")} options=${Object.entries(languages)} /></div>
        <${FormFault} form=${form} />
        <div><${Submit} form=${form}>${t("console.print.get_poster")}</${Submit}></div>
      </form>
    </section>`;
}

function Sheets({ programmes, business }) {
  const form = useForm({ programme: programmes[0].id, count: 24, paper: usualPaper(), language: spoken(business) }, async (body, options) => {
    const pdf = await service.post("/card-sheets", body, { ...options, timeoutMs: PRINT_TIMEOUT_MS });
    save(pdf, `cards-${body.count}.pdf`);
    toast(t("console.print.cards_made", { n: body.count }));
  });
  return html`
    <section class="panel stack">
      <h2>${t("console.print.sheets")}</h2>
      <p class="soft">${t("console.print.sheets_text")}</p>
      <form ...${form.attributes}>
        ${programmes.length > 1 && html`<${Input} form=${form} at="programme" label=${t("console.programme.one")} options=${named(programmes)} />`}
        <${Input} form=${form} at="count" class="short" type="number" inputmode="numeric" min="1" max="200" required label=${t("console.print.count")} hint=${t("console.print.count_hint")} />
        <div class="pair"><${Paper} form=${form} /><${Input} form=${form} at="language" label=${t("common.language")} options=${Object.entries(languages)} /></div>
        <${FormFault} form=${form} />
        <div><${Submit} form=${form}>${t("console.print.get_sheets", { n: form.values.count ?? 0 })}</${Submit}></div>
      </form>
    </section>`;
}

const Paper = ({ form }) => html`
  <${Input} form=${form} at="paper" label=${t("console.print.paper")} options=${["a4", "letter"].map((paper) => [paper, t(`console.print.${paper}`)])} />`;

/** Hand a file to the browser as a download; a new window would be blocked after the wait. */
function save(blob, name) {
  const url = URL.createObjectURL(blob);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), PRINT_TIMEOUT_MS);
}

const named = (programmes) => programmes.map(({ id, name }) => [id, name]);
const usualPaper = () => (LETTER_REGIONS.includes(new Intl.Locale(navigator.language).region) ? "letter" : "a4");
const spoken = (business) => (business.language in languages ? business.language : language());
