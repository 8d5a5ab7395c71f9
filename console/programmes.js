/** The programmes of the business. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { TermsPicture } from "./promise.js";
import { service } from "./service.js";

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

const Tile = ({ programme: { id, name, active, terms, cards, treatment_of: of }, business }) => html`
  <li class="panel stack programme">
    <div class="row apart">
      <h2><a href=${`#/programmes/${id}`}>${name}</a></h2>
      ${!active && html`<span class="chip bad">${t("console.programme.ended")}</span>`}
      ${of && html`<span class="chip">${t("console.programme.treatment")}</span>`}
    </div>
    <${TermsPicture} name=${business.name} terms=${terms} />
    <div class="row apart"><span class="soft">${t("common.cards", { n: cards })}</span>
      <a class="button" href=${`#/programmes/${id}`}>${t("console.programme.change")}</a></div>
  </li>`;

export const Programme = fetched("Programme");
export const NewProgramme = fetched("NewProgramme");

/** A screen of the designer, which is fetched when one of them is first opened. */
function fetched(name) {
  return function Fetched(given) {
    const screens = useLoad(() => import("./programme.js"));
    return html`<${Loaded} of=${screens}>${(found) => html`<${found[name]} ...${given} />`}</${Loaded}>`;
  };
}
