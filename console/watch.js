/** The digest of the last days: who gave what to whom, in sentences first, and what the owner finds usual. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { calendarDay, dayOf } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";
import { cardText } from "./set-aside-text.js";
import { findings, percent, shareFinding } from "./watch-findings.js";
import { UsualForm } from "./watch-form.js";

const SPANS = ["7", "30"];
const DAY = { day: "numeric", month: "long" };

export function Watch({ session }) {
  const [days, setDays] = useState(SPANS[0]);
  const digest = useLoad(() => service.get(`/digest?days=${days}`), [days]);
  const { currency, time_zone: zone } = session.business;
  return html`
    <${Screen} title=${t("console.watch.title")} under=${t("console.watch.lead")} wide>
      <div class="tabs" role="group" aria-label=${t("console.watch.which")}>
        ${SPANS.map((span) => html`
          <button key=${span} type="button" aria-current=${span === days ? "true" : "false"}
            onClick=${() => setDays(span)}>${t("console.watch.days", { n: Number(span) })}</button>`)}
      </div>
      <${Loaded} of=${digest}>${(data) => html`
        <${Findings} digest=${data} zone=${zone} currency=${currency} />
        ${data.staff.length > 0 && html`<${Staff} digest=${data} currency=${currency} />`}
        ${data.cards.length > 0 && html`<${Cards} digest=${data} />`}
        ${data.gifts.length > 0 && html`<${Gifts} digest=${data} />`}`}
      </${Loaded}>
      <${UsualForm} onSaved=${digest.reload} />
    </${Screen}>`;
}

function Findings({ digest, zone, currency }) {
  const day = (at) => calendarDay(dayOf(at, zone), DAY);
  return html`
    <section class="panel stack">
      <div>
        <h2>${t("console.watch.findings")}</h2>
        <p class="soft">
          ${t("console.watch.span", { from: day(digest.since), to: day(digest.until), zone })}</p>
      </div>
      <ul class="findings">
        ${findings(digest, currency).map((sentence) => html`<li key=${sentence}>${sentence}</li>`)}
      </ul>
      <p><a class="to-card" href="#/set-aside">${t("console.watch.to_flags")}</a></p>
    </section>`;
}

function Staff({ digest, currency }) {
  const rows = digest.staff;
  return html`
    <section class="panel stack">
      <h2 id="watch-staff">${shareFinding(digest) ?? t("console.watch.staff")}</h2>
      <${Table} labelledBy="watch-staff"
        heads=${["who", "stamps", "visits", "quiet", "overrides", "undone", "rewards", "cost"]}
        rows=${rows.map((one) => [
          one.name ?? t("console.watch.nobody"), html`<${Share} n=${one.stamps} share=${one.share} />`,
          ...["visits", "quiet", "overrides", "undone", "rewards"].map((name) => number(one[name])),
          money(one.cost, currency),
        ])} />
    </section>`;
}

function Cards({ digest }) {
  const [top] = digest.cards;
  const finding = { code: top.card.short_code, n: top.stamps, percent: percent(top.share) };
  return html`
    <section class="panel stack">
      <h2 id="watch-cards">${t("console.watch.top_card", finding)}</h2>
      <${Table} labelledBy="watch-cards" heads=${["card", "stamps", "visits"]}
        rows=${digest.cards.map(({ card, stamps, visits, share }) => [
          html`<a class="to-card" href=${`#/cards/${card.code}`}>${cardText(card)}</a>`,
          html`<${Share} n=${stamps} share=${share} />`, number(visits),
        ])} />
    </section>`;
}

function Gifts({ digest }) {
  return html`
    <section class="panel stack">
      <h2 id="watch-gifts">${t("console.watch.gifts")}</h2>
      <${Table} labelledBy="watch-gifts" heads=${["author", "times", "stamps", "rewards"]}
        rows=${digest.gifts.map((one) => [
          one.author ?? t("console.watch.software"), number(one.n), number(one.stamps), number(one.rewards),
        ])} />
    </section>`;
}

/** `rows` hold what stands in each cell; the first names its row. */
const Table = ({ labelledBy, heads, rows }) => html`
  <div class="table-scroll" tabindex="0" role="region" aria-labelledby=${labelledBy}>
    <table class="table watch-table" aria-labelledby=${labelledBy}>
      <thead><tr>${heads.map((name, i) => html`
        <th key=${name} scope="col" class=${i ? "number" : ""}>${t(`console.watch.head_${name}`)}</th>`)}
      </tr></thead>
      <tbody>${rows.map(([first, ...others], i) => html`
        <tr key=${i}>
          <th scope="row">${first}</th>
          ${others.map((cell, at) => html`<td key=${at} class="number">${cell}</td>`)}
        </tr>`)}</tbody>
    </table>
  </div>`;

/** A number, its share of all, and a bar as long as that. */
const Share = ({ n, share }) => html`
  <span class="share">
    <span>${number(n)} <span class="soft">${percent(share)}</span></span>
    <span class="progress" aria-hidden="true"><span style=${{ inlineSize: `${100 * share}%` }}></span></span>
  </span>`;

const number = (n) => t("console.number", { n });
