/** Making good: who waits for an answer, what this month's budget still holds, and how it goes. */
import { html, useState } from "../static/js/html.js";
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { PutRight, Severity, StateChip, toldBy, waitText } from "./case-text.js";
import { Screen } from "./frame.js";
import { Budget } from "./goodwill-budget.js";
import { GoodwillFigures } from "./goodwill-figures.js";
import { Loaded, More, usePages } from "./loading.js";

export { Case } from "./case.js";
export { NewCase } from "./case-new.js";

const TABS = ["waiting", "settled", "declined"];

export function MakingGood({ session }) {
  const [tab, setTab] = useState("waiting");
  const { currency, time_zone: zone } = session.business;
  return html`
    <${Screen} title=${t("console.good.title")} under=${t("console.good.lead")}
      actions=${html`<a class="button" href="#/making-good/new">${t("console.good.add")}</a>`}>
      <div class="beside reversed">
        <div class="stack">
          <div class="tabs case-tabs" role="group" aria-label=${t("console.good.which")}>
            ${TABS.map((name) => html`
              <button key=${name} type="button" aria-current=${name === tab ? "true" : "false"}
                onClick=${() => setTab(name)}>${t(`console.good.tab_${name}`)}</button>`)}
          </div>
          ${tab === "waiting"
            ? html`<${Waiting} zone=${zone} />`
            : html`<${Closed} key=${tab} state=${tab} zone=${zone} />`}
        </div>
        <div class="stack">
          <${Budget} currency=${currency} zone=${zone} />
          <${GoodwillFigures} zone=${zone} />
        </div>
      </div>
    </${Screen}>`;
}

/** What the staff asked for comes first: it needs a yes and nothing more. */
function Waiting({ zone }) {
  const offered = usePages("/cases?state=offered");
  const open = usePages("/cases?state=open");
  return html`
    ${(offered.problem || offered.data?.length > 0) && html`
      <section class="panel stack">
        <h2>${t("console.good.for_your_yes")}</h2>
        <${Loaded} of=${offered}>${(cases) => html`
          <${Cases} cases=${cases} zone=${zone} of=${offered} />`}
        </${Loaded}>
      </section>`}
    <section class="panel stack">
      <h2>${t("console.good.unanswered")}</h2>
      <${Loaded} of=${open}>${(cases) => cases.length === 0
        ? html`<p class="empty">${t("console.good.nobody_waits")}</p>`
        : html`<${Cases} cases=${cases} zone=${zone} of=${open} />`}
      </${Loaded}>
    </section>`;
}

function Closed({ state, zone }) {
  const cases = usePages(`/cases?state=${state}`);
  return html`
    <section class="panel">
      <${Loaded} of=${cases}>${(items) => items.length === 0
        ? html`<p class="empty">${t(`console.good.none_${state}`)}</p>`
        : html`<${Cases} cases=${items} zone=${zone} of=${cases} />`}
      </${Loaded}>
    </section>`;
}

const Cases = ({ cases, zone, of }) => html`
  <ul class="case-list" role="list">${cases.map((one) => html`
    <li key=${one.id}><a href=${`#/making-good/${one.id}`}>
      <strong class="case-what">${one.what}</strong>
      <span class="row tight">
        <${Severity} of=${one.severity} />
        ${one.state === "offered" && html`<${StateChip} state="offered" />`}
        <${PutRight} rating=${one.put_right} />
        <span>${waitText(one)}</span>
      </span>
      <span class="soft">
        ${[dayAndTime(one.opened_at, zone), one.shop, toldBy(one)].filter(Boolean).join(" · ")}</span>
    </a></li>`)}</ul>
  <${More} of=${of} />`;
