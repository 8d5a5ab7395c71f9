/** Who is slipping away? The regulars one may still win back, and whether the forecast deserves belief. */
import { html, useState } from "../../static/js/html.js";
import { moneyField, money } from "../../static/js/money.js";
import { ago, dayOf } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { Screen } from "../frame.js";
import { withQuery } from "../service.js";
import { Answer, useAnswer } from "./answer.js";
import { Calibration } from "./calibration.js";
import { Finding, TooEarly, titleId } from "./finding.js";
import { AsFile } from "./rows.js";
import { day, decimal, rounded } from "./saying.js";
import { Unpriced } from "./unpriced.js";

// Whoever has been away for a quarter of a year has other habits by now.
const GONE_DAYS = [30, 90, 180, null];

export function Slipping({ session }) {
  const [gone, setGone] = useState(90);
  const slipping = useAnswer(withQuery("/insight/at-risk", { gone_days: gone }));
  const { currency, time_zone: zone } = session.business;
  return html`
    <${Screen} wide title=${t("console.place.slipping")}>
      <div class="row">
        <span id="gone" class="soft">${t("insight.slipping.within")}</span>
        <div class="tabs" role="group" aria-labelledby="gone">
          ${GONE_DAYS.map((days) => html`
            <button key=${days} type="button" aria-current=${days === gone ? "true" : "false"}
              onClick=${() => setGone(days)}>
              ${days ? t("insight.slipping.gone", { n: days }) : t("insight.slipping.everybody")}</button>`)}
        </div>
      </div>
      <${Answer} of=${slipping}>${(data) => html`
        <${List} data=${data} gone=${gone} currency=${currency} zone=${zone} />
        ${data.calibration && html`<${Calibration} calibration=${data.calibration} />`}`}
      </${Answer}>
    </${Screen}>`;
}

function List({ data, gone, currency, zone }) {
  const of = "slipping";
  if (data.n === null) {
    return html`
      <${Finding} of=${of} title=${t("insight.slipping.unknown")}>
        <${TooEarly} text=${t("insight.slipping.missing")} /></${Finding}>`;
  }
  const { slipping, items, watched } = data;
  const isPriced = data.margin_per_visit > 0;
  const title = slipping === 0 ? t("insight.slipping.nobody")
    : t(isPriced ? "insight.slipping.title" : "insight.slipping.unpriced",
      { n: slipping, margin: money(data.margin, currency) });
  return html`
    <${Finding} of=${of} title=${title}
      under=${t("insight.slipping.n", { n: watched, day: day(dayOf(data.at, zone)) })}>
      ${!isPriced && html`<${Unpriced} />`}
      ${items.length < slipping && html`<p>${t("insight.slipping.first", { n: items.length })}</p>`}
      ${items.length > 0 && html`
        <div class="table-scroll slipping-list" role="region" tabindex="0" aria-labelledby=${titleId(of)}>
          <table class="table">
            <thead><tr>
              <th scope="col">${t("insight.slipping.card")}</th>
              ${isPriced && html`<th scope="col" class="number">${t("insight.slipping.margin")}</th>`}
              <th scope="col" class="number">${t("insight.slipping.earlier")}</th>
              <th scope="col" class="number">${t("insight.slipping.expected")}</th>
            </tr></thead>
            <tbody>${items.map((item) => html`<${Line} key=${item.card.code} item=${item}
              margin=${isPriced && money(item.margin, currency)} />`)}</tbody>
          </table>
        </div>
        <div class="row end">
          <${AsFile} name=${`slipping-away-${gone ?? "all"}`} rows=${items} columns=${[
            { head: t("common.short_code"), of: ({ card }) => card.short_code },
            { head: t("common.name"), of: ({ card }) => card.customer?.name },
            { head: t("common.email"), of: ({ card }) => card.customer?.email },
            { head: t("common.phone"), of: ({ card }) => card.customer?.phone },
            { head: t("insight.slipping.last"), of: (item) => item.last_visit },
            { head: t("insight.slipping.earlier"), of: ({ earlier }) => rounded(earlier, 2) },
            { head: t("insight.slipping.expected"), of: ({ expected }) => rounded(expected, 2) },
            { head: `${t("insight.slipping.margin")} (${currency})`,
              of: ({ margin }) => Number(moneyField(margin, currency)) },
          ]} />
        </div>`}
    </${Finding}>`;
}

const Line = ({ item: { card, last_visit: last, earlier, expected }, margin }) => html`
  <tr>
    <th scope="row"><a class="to-card" href=${`#/cards/${card.code}`}>
      ${card.customer?.name ?? html`<span class="nowrap">${card.short_code}</span>`}</a>
      <span class="soft">${ago(`${last}T12:00:00Z`)} · ${day(last)}</span></th>
    ${margin && html`<td class="number nowrap">${margin}</td>`}
    <td class="number">${decimal(earlier)}</td>
    <td class="number">${decimal(expected)}</td>
  </tr>`;
