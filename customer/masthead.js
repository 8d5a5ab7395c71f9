/** The head of each view, and what stands there when there is nothing to show. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";

export function Masthead({ business, shop }) {
  return html`<header class="masthead">
    ${business.logo
      ? html`<img class="logo" src=${business.logo} alt="" width="56" height="56" />`
      : html`<span class="logo letter" aria-hidden="true">${[...business.name][0]}</span>`}
    <p class="business"><strong>${business.name}</strong>${shop && shop !== business.name && html`<span class="soft">${shop}</span>`}</p>
  </header>`;
}

/** A whole page of bad news, with the one thing that can be done. */
export function Trouble({ problem, onRetry }) {
  return html`<main class="phone empty">
    <img src="/static/icons/mark.svg" alt="" width="96" height="96" />
    <h1>${t(problem.status === 404 ? "customer.not_here" : "customer.trouble")}</h1>
    <p role="alert">${problem.words}</p>
    ${problem.status === 404 ? html`<p>${t("customer.not_here_do")}</p>` : html`<button class="button" onClick=${onRetry}>${t("common.retry")}</button>`}
  </main>`;
}
