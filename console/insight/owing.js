/** What do we owe? Rewards that wait, stamps on their way, what is never fetched, and what rewards cost. */
import { html } from "../../static/js/html.js";
import { money, moneyField } from "../../static/js/money.js";
import { t } from "../../static/js/words.js";
import { Screen } from "../frame.js";
import { Waiting } from "../waiting.js";
import { Answer, useAnswer } from "./answer.js";
import { Fact, Finding, OnPaper, TooEarly, titleId } from "./finding.js";
import { Rows } from "./rows.js";
import { FEWEST, behind, outOf, percent, rounded } from "./saying.js";
import { Unpriced } from "./unpriced.js";

export function Owing({ session }) {
  const owing = useAnswer("/insight/liability");
  const { currency, time_zone: zone } = session.business;
  return html`
    <${Screen} title=${t("console.place.owing")} actions=${html`<${OnPaper} />`}
      under=${session.business.name}>
      <${Answer} of=${owing}>${({ owed, redemption, breakage, cost }) => (!owed
        ? html`<${TooEarly} text=${t("insight.no_cards")} />`
        : html`
          <${Owed} owed=${owed} currency=${currency} />
          <div class="halves">
            <${Share} of="redemption" figure=${redemption} zone=${zone} counted="rewards" />
            <${Share} of="breakage" figure=${breakage} zone=${zone} counted="cards" />
          </div>
          <${Cost} cost=${cost} currency=${currency} zone=${zone} />`)}
      </${Answer}>
    </${Screen}>`;
}

function Owed({ owed, currency }) {
  const write = (minor) => money(minor, currency);
  const isNothing = owed.rewards + owed.stamps === 0;
  const isUnpriced = owed.at_most === 0 && !isNothing;
  const share = owed.at_most > 0 ? (100 * owed.expected) / owed.at_most : 0;
  const title = isNothing ? t("insight.owed.nothing") : isUnpriced
    ? t("insight.owed.unpriced", { n: owed.rewards })
    : t("insight.owed.title", { expected: write(owed.expected), at_most: write(owed.at_most) });
  const number = (n) => t("console.number", { n });
  const rows = [
    ["rewards", owed.rewards, number(owed.rewards)],
    ["stamps", owed.stamps, number(owed.stamps)],
    ["cards", owed.cards, number(owed.cards)],
    ["completed", owed.completed && rounded(owed.completed, 4), shareText(owed.completed)],
    ["redeemed", owed.redeemed && rounded(owed.redeemed, 4), shareText(owed.redeemed)],
    ["expected", Number(moneyField(owed.expected, currency)), write(owed.expected)],
    ["at_most", Number(moneyField(owed.at_most, currency)), write(owed.at_most)],
  ];
  return html`
    <${Finding} of="owed" title=${title} under=${t("insight.owed.n", { n: owed.cards })}>
      ${isUnpriced && html`<${Unpriced} />`}
      ${owed.at_most > 0 && html`
        <div class="owed-bar" aria-hidden="true"><div style=${{ inlineSize: `${share}%` }}></div></div>
        <p class="legend soft">${["expected", "at_most"].map((name) => html`
          <span key=${name}><span class=${`key ${name}`}></span>
            ${t(`insight.owed.${name}`)} <strong>${write(owed[name])}</strong></span>`)}</p>`}
      <dl class="facts-row">
        <${Fact} of="waiting" value=${number(owed.rewards)} under=${t("insight.waiting.under")} />
        <${Fact} of="in_progress" value=${number(owed.stamps)}
          under=${owed.completed === null ? "" : t("insight.in_progress.under", outOf(owed.completed))} />
      </dl>
      ${owed.waiting.length > 0 && html`<${Waiting} rows=${owed.waiting} currency=${currency} />`}
      <${Rows} name="owed" labelledBy=${titleId("owed")} rows=${rows} columns=${[
        { head: t("insight.head.figure"), of: ([name]) => t(`insight.owed.${name}`) },
        { head: t("insight.head.value"), of: ([, value]) => value, write: ([, , text]) => text },
      ]} />
    </${Finding}>`;
}

/** Rewards that were fetched, or promises that were not: one share and how sure it is. */
function Share({ of, figure, zone, counted }) {
  if (!figure || figure.n < FEWEST) {
    return html`
      <${Finding} of=${of} title=${t(`insight.${of}.none`)}>
        <${TooEarly} text=${t(`insight.${of}.missing`, { n: figure?.n ?? 0, fewest: FEWEST })} />
      </${Finding}>`;
  }
  return html`
    <${Finding} of=${of} title=${t(`insight.${of}.title`, outOf(figure.value))}
      under=${behind(figure, zone, counted)}>
      <div class="owed-bar" aria-hidden="true">
        <div style=${{ inlineSize: `${100 * figure.value}%` }}></div></div>
      <${Rows} name=${of} labelledBy=${titleId(of)} rows=${[figure]} columns=${[
        { head: t("insight.head.figure"), of: () => t(`insight.${of}.name`) },
        { head: t("insight.head.value"), of: ({ value }) => rounded(value, 4),
          write: ({ value }) => shareText(value) },
        { head: t("insight.head.n"), of: ({ n }) => n },
      ]} />
    </${Finding}>`;
}

function Cost({ cost, currency, zone }) {
  const of = "cost";
  if (!cost) {
    return html`
      <${Finding} of=${of} title=${t("insight.cost.none")} />`;
  }
  const minor = [["at_least", cost.at_least], ["at_most", cost.at_most]];
  return html`
    <${Finding} of=${of} under=${behind(cost, zone, "rewards")} title=${cost.at_most === 0
      ? t("insight.cost.unpriced", { n: cost.n }) : t("insight.cost.title",
        { n: cost.n, low: money(cost.at_least, currency), high: money(cost.at_most, currency) })}>
      ${cost.at_most === 0 ? html`<${Unpriced} />` : html`<p>${t("insight.cost.text")}</p>`}
      <${Rows} name="reward-cost" labelledBy=${titleId(of)} rows=${minor} columns=${[
        { head: t("insight.head.figure"), of: ([name]) => t(`insight.cost.${name}`) },
        { head: `${t("insight.head.value")} (${currency})`, of: ([, value]) => Number(moneyField(value, currency)),
          write: ([, value]) => money(value, currency) },
      ]} />
    </${Finding}>`;
}

const shareText = (share) => (share === null ? "–" : t("insight.percent", { n: percent(share) }));
