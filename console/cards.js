/** Finding a card: by its code, or by what its customer left. */
import { html, useEffect, useState } from "../static/js/html.js";
import { ago } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Screen } from "./frame.js";
import { Icon } from "./icons.js";
import { Loaded, More, useLoad, usePages } from "./loading.js";
import { rename } from "./router.js";
import { service, withQuery } from "./service.js";

// Long enough not to ask at every letter, short enough not to be noticed.
const TYPING_PAUSE_MS = 250;
const SORTS = ["recent", "stamps"];

export function Cards({ query }) {
  const [typed, setTyped] = useState(query.get("search") ?? "");
  const [wanted, setWanted] = useState({
    search: query.get("search") ?? "",
    programme: query.get("programme") ?? "",
    sort: query.get("sort") ?? SORTS[0],
  });
  const programmes = useLoad(() => service.get("/programmes"));
  const cards = usePages(withQuery("/cards", wanted));
  const want = (change) => setWanted((before) => ({ ...before, ...change }));

  useEffect(() => {
    const timer = setTimeout(() => want({ search: typed.trim() }), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    rename(withQuery("#/cards", { ...wanted, sort: wanted.sort === SORTS[0] ? "" : wanted.sort }));
  }, [wanted]);

  return html`
    <${Screen} title=${t("console.cards.title")}>
      <form class="panel search" role="search" onSubmit=${(event) => event.preventDefault()}>
        <div class="field grow">
          <label for="card-search">${t("console.cards.search")}</label>
          <input id="card-search" type="search" autocomplete="off" spellcheck=${false} value=${typed}
            placeholder=${t("console.cards.search_example")}
            onInput=${({ target }) => setTyped(target.value)} />
        </div>
        ${programmes.data?.items.length > 1 && html`
          <div class="field">
            <label for="card-programme">${t("console.programme.one")}</label>
            <select id="card-programme" onChange=${({ target }) => want({ programme: target.value })}>
              <option value="" selected=${!wanted.programme}>${t("console.cards.every_programme")}</option>
              ${programmes.data.items.map(({ id, name }) => html`
                <option key=${id} value=${id} selected=${id === wanted.programme}>${name}</option>`)}
            </select>
          </div>`}
        <div class="field">
          <label for="card-sort">${t("console.cards.sort")}</label>
          <select id="card-sort" onChange=${({ target }) => want({ sort: target.value })}>
            ${SORTS.map((sort) => html`
              <option key=${sort} value=${sort} selected=${sort === wanted.sort}>
                ${t(`console.cards.sort_${sort}`)}</option>`)}
          </select>
        </div>
      </form>
      <${Loaded} of=${cards}>${(items) => items.length === 0
        ? html`
          <div class="panel empty">
            ${t(wanted.search || wanted.programme ? "console.cards.none_found" : "console.cards.none_yet")}
          </div>`
        : html`
          <div class="panel">
            <ul class="card-list" role="list" aria-label=${t("console.cards.title")}>
              ${items.map((card) => html`<${CardLine} key=${card.code} card=${card} />`)}
            </ul>
          </div>
          <${More} of=${cards} />`}
      </${Loaded}>
    </${Screen}>`;
}

function CardLine({ card }) {
  const filled = `${(100 * Math.min(card.stamps, card.needed)) / card.needed}%`;
  return html`
    <li><a href=${`#/cards/${card.code}`}>
      <span class="card-code">
        <strong class="nowrap">${card.short_code}</strong>
        ${card.customer?.name && html`<span class="soft">${card.customer.name}</span>`}
      </span>
      <span class="card-progress">
        <span class="nowrap">${t("common.stamps_of", { stamps: card.stamps, needed: card.needed })}</span>
        <span class="progress" aria-hidden="true"><span style=${{ inlineSize: filled }}></span></span>
      </span>
      <span class="card-chips">
        ${card.rewards_ready > 0 && html`
          <span class="chip warn"><${Icon} name="programmes" />
            ${t("common.rewards_ready", { n: card.rewards_ready })}</span>`}
        ${card.replaced && html`<span class="chip">${t("console.card.replaced")}</span>`}
      </span>
      <span class="soft card-when">
        ${card.last_event_at ? ago(card.last_event_at) : t("console.cards.no_visit")}</span>
    </a></li>`;
}
