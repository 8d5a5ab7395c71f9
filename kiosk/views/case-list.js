/** The cases of this shop that nobody has closed, and how long each of them has waited. */
import { connect } from "../../static/js/api.js";
import { html, useEffect, useState } from "../../static/js/html.js";
import { duration } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { Button, Close } from "./buttons.js";
import { Face } from "./severity.js";
import { Waiting } from "./waiting.js";

const api = connect({ principal: "till" });

export function CaseList({ act }) {
  const [{ items, problem }, setFound] = useState({});
  const look = () => api.get("/cases?limit=50")
    .then(({ items }) => setFound({ items }), (problem) => setFound({ problem }));
  useEffect(() => void look(), []);
  const open = ({ id, card: code }) => act.openCase({ id, card: code && { code } });
  return html`<article class="card-work making-good">
    <header class="row apart"><h2>${t("kiosk.open_cases")}</h2><${Close} act=${act} /></header>
    ${problem && html`<div class="notice bad row" role="alert">${problem.words}
      <${Button} class="quiet" onClick=${look}>${t("common.retry")}<//></div>`}
    ${!items && !problem && html`<${Waiting} />`}
    ${items?.length === 0 && html`<p class="empty">${t("kiosk.no_cases")}</p>`}
    ${items?.length > 0 && html`<ul class="lines">
      ${items.map((one) => html`<li key=${one.id}>
        <${Button} class="quiet wide" onClick=${() => open(one)}>
          <${Face} of=${one.severity} />
          <span class="case-words">
            <strong>${one.what}</strong> <span class="soft">${waits(one)}</span></span><//>
      </li>`)}
    </ul>`}
  </article>`;
}

const waits = ({ state, waiting_seconds: seconds }) =>
  state === "offered" ? t("kiosk.waits_for_owner") : t("kiosk.waits", { wait: duration(seconds) });
