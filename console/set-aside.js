/** What the owner should look at: events that were kept aside, and events that counted but look odd. */
import { html } from "../static/js/html.js";
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { whyText } from "../static/js/why.js";
import { Screen } from "./frame.js";
import { HistoryLine } from "./history-line.js";
import { Loaded, More, usePages } from "./loading.js";

export function SetAside({ session }) {
  const kept = usePages("/kept");
  const flags = usePages("/flags");
  const zone = session.business.time_zone;
  return html`
    <${Screen} title=${t("console.aside.title")} under=${t("console.aside.lead")}>
      <${Part} title=${t("console.aside.kept")} text=${t("console.aside.kept_text")}
        none=${t("console.aside.no_kept")} of=${kept}
        line=${(item) => html`<${Kept} key=${item.id} item=${item} zone=${zone} />`} />
      <${Part} title=${t("console.aside.flagged")} text=${t("console.aside.flagged_text")}
        none=${t("console.aside.no_flagged")} of=${flags}
        line=${(item) => html`
          <${HistoryLine} key=${item.id} line=${item} zone=${zone}>
            <${CardLink} code=${codeOf(item.card)} /></${HistoryLine}>`} />
    </${Screen}>`;
}

const Part = ({ title, text, none, of, line }) => html`
  <section class="panel stack">
    <div><h2>${title}</h2><p class="soft">${text}</p></div>
    <${Loaded} of=${of}>${(items) => items.length === 0
      ? html`<p class="empty">${none}</p>`
      : html`<ul class="lines" role="list">${items.map(line)}</ul><${More} of=${of} />`}
    </${Loaded}>
  </section>`;

/** A claim is shown as it came: it may hold anything. */
const Kept = ({ item, zone }) => html`
  <li>
    <div class="grow">
      <p>${whyText({ code: item.reason }, zone)}</p>
      <p class="soft">
        ${[nameOf(item.till), dayAndTime(item.received_at, zone)].filter(Boolean).join(" · ")}</p>
      <${CardLink} code=${item.claim?.card} />
      <details><summary>${t("console.aside.what_came")}</summary>
        <pre class="code" tabindex="0" role="region" aria-label=${t("console.aside.what_came")}>
          ${JSON.stringify(item.claim, null, 2)}</pre></details>
    </div>
  </li>`;

const CardLink = ({ code }) => typeof code === "string" && code !== "" && html`
  <p><a href=${`#/cards/${encodeURIComponent(code)}`}>${t("console.aside.to_card")}</a></p>`;

const nameOf = (thing) => thing?.name ?? thing;
const codeOf = (card) => card?.code ?? card;
