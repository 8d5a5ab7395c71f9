/** Every card this phone knows, as it looked last: to choose from. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import * as wallet from "./wallet.js";

export function CardsPage() {
  const known = wallet.cards();
  return html`<main class="phone stack">
    <h1>${t("customer.cards_title")}</h1>
    ${known.length > 0
      ? html`<${CardList} known=${known} />`
      : html`<p class="empty">${t("customer.cards_none")}</p>`}
  </main>`;
}

export function CardList({ known }) {
  const item = ([code, { face }]) => html`<li key=${code}>
    <a class="panel" href="/c/${code}">
      <strong>${face.business.name}</strong>
      <span>${face.programme.name}: ${t("common.stamps_of", face)}</span>
      ${face.rewards_ready > 0 && html`
        <span class="chip warn">${t("common.rewards_ready", { n: face.rewards_ready })}</span>`}
    </a>
  </li>`;
  return html`<ul class="cards" role="list">${known.map(item)}</ul>`;
}
