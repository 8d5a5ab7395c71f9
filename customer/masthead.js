/** The head of each view, and what stands there while there is nothing to show. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";

export function Masthead({ business, shop }) {
  return html`<header class="masthead">
    ${business.logo
      ? html`<img class="logo" src=${business.logo} alt="" width="56" height="56" />`
      : html`<span class="logo letter" aria-hidden="true">${[...business.name][0]}</span>`}
    <p class="business">
      <strong>${business.name}</strong>
      ${shop && shop !== business.name && html`<span class="soft">${shop}</span>`}
    </p>
  </header>`;
}

export function Waiting() {
  return html`<div class="waiting" role="status" aria-label=${t("common.loading")}></div>`;
}

/** A whole page of bad news, with the one thing to do about it. No problem given: there is no connection. */
export function Trouble({ problem, title = "customer.not_here" }) {
  const isUnknown = problem?.status === 404;
  return html`<main class="phone empty">
    <img src="/static/icons/mark.svg" alt="" width="96" height="96" />
    <h1>${t(isUnknown ? title : "customer.trouble")}</h1>
    <p role="alert">${problem ? problem.words : t("problem.unreachable")}</p>
    ${isUnknown
      ? html`<p>${t("customer.not_here_do")}</p>`
      : html`<button class="button" onClick=${() => location.reload()}>${t("common.retry")}</button>`}
  </main>`;
}
