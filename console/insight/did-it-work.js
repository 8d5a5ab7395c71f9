/** Did it work? Campaigns and experiments, each held against the cards that chance left out of it. */
import { scaleLinear } from "d3-scale";
import { html } from "../../static/js/html.js";
import { dayOf } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { StateChip } from "../campaign-text.js";
import { Experiments } from "../experiments.js";
import { Screen } from "../frame.js";
import { Loaded, useLoad } from "../loading.js";
import { service } from "../service.js";
import { Finding, titleId } from "./finding.js";
import { Rows } from "./rows.js";
import { day, rounded, signed } from "./saying.js";

// A range is drawn in these units, as wide as its place.
const WIDTH = 320;
const EDGE = 24;
const TICKS = 3;

export function DidItWork({ session }) {
  const zone = session.business.time_zone;
  const campaigns = useLoad(async () => {
    const { items } = await service.get("/campaigns");
    return Promise.all(items.map(async (campaign) =>
      ({ ...campaign, effect: await service.get(`/campaigns/${campaign.id}/effect`) })));
  });
  return html`
    <${Screen} title=${t("console.place.did-it-work")}>
      <${Loaded} of=${campaigns}>${(items) => html`<${Campaigns} campaigns=${items} zone=${zone} />`}
      </${Loaded}>
      <${Experiments} session=${session} />
    </${Screen}>`;
}

function Campaigns({ campaigns, zone }) {
  const of = "effect";
  if (campaigns.length === 0) {
    return html`
      <${Finding} of=${of} title=${t("insight.effect.nothing")}>
        <p>${t("insight.effect.missing")}</p>
        <p><a class="button" href="#/campaigns/new">${t("insight.effect.add")}</a></p>
      </${Finding}>`;
  }
  const better = campaigns.filter(({ effect }) => effect.finding === "better").length;
  const told = campaigns.filter(({ effect }) => isTold(effect));
  const reach = [0, ...told.flatMap(({ effect: { low, high } }) => [low, high])];
  const x = scaleLinear([Math.min(...reach), Math.max(...reach, 0.1)], [EDGE, WIDTH - EDGE]);
  return html`
    <${Finding} of=${of} under=${t("insight.effect.n", { n: campaigns.length })}
      title=${better > 0 ? t("insight.effect.title", { n: better, all: campaigns.length })
        : t(told.length > 0 ? "insight.effect.none" : "insight.effect.too_early")}>
      <ul class="lines" role="list">${campaigns.map((one) => html`
        <li key=${one.id} class="effect-line">
          <div class="grow stack tight">
            <div class="row"><a class="to-card" href=${`#/campaigns/${one.id}`}>${one.name}</a>
              <${StateChip} state=${one.state} /></div>
            <p>${said(one.effect)}</p>
            ${isTold(one.effect) && html`<p class="soft">${t("insight.effect.cards", {
              n: one.effect.could_get.cards, held: one.effect.held_out.cards })}</p>`}
          </div>
          ${isTold(one.effect) && html`<${Range} effect=${one.effect} x=${x} />`}
        </li>`)}</ul>
      ${told.length > 0 && html`<${Axis} x=${x} />`}
      ${told.length > 0 && html`<p class="soft">${t("insight.effect.axis")}</p>`}
      <${Rows} name="campaigns" labelledBy=${titleId(of)} rows=${campaigns} columns=${[
        { head: t("common.name"), of: ({ name }) => name },
        { head: t("insight.head.from"), of: ({ effect }) => dayOf(effect.since, zone),
          write: ({ effect }) => day(dayOf(effect.since, zone)) },
        { head: t("insight.head.to"), of: ({ effect }) => dayOf(effect.until, zone),
          write: ({ effect }) => day(dayOf(effect.until, zone)) },
        { head: t("console.effect.could_get"), of: ({ effect }) => effect.could_get.cards },
        { head: t("console.effect.held_out"), of: ({ effect }) => effect.held_out.cards },
        ...["difference", "low", "high"].map((name) => ({ head: t(`insight.effect.${name}`),
          of: ({ effect }) => effect[name] === null ? null : rounded(effect[name], 3) })),
      ]} />
    </${Finding}>`;
}

const isTold = ({ difference, finding }) => difference !== null && finding !== "uneven";

/** The campaign's own page says the same sentence. */
function said({ finding, difference, low, high, could_get: could }) {
  const n = Math.round(Math.abs(difference ?? 0) * could.cards);
  return t(`console.effect.${finding}`, { n, low: signed(low), high: signed(high) });
}

const Range = ({ effect: { low, high, difference }, x }) => html`
  <svg class="range" viewBox=${`0 0 ${WIDTH} 44`} aria-hidden="true">
    <line class="grid zero" x1=${x(0)} x2=${x(0)} y1="2" y2="42" />
    <line class="reach" x1=${x(low)} x2=${x(high)} y1="22" y2="22" />
    <circle cx=${x(difference)} cy="22" r="7" />
  </svg>`;

/** What the places of all the ranges above stand for. */
const Axis = ({ x }) => html`
  <div class="effect-axis" aria-hidden="true">
    <span class="grow"></span>
    <svg class="range" viewBox=${`0 0 ${WIDTH} 30`}>
      <line class="grid" x1=${EDGE} x2=${WIDTH - EDGE} y1="1" y2="1" />
      ${x.ticks(TICKS).map((tick) => html`
        <line key=${tick} class="grid" x1=${x(tick)} x2=${x(tick)} y1="1" y2="8" />
        <text x=${x(tick)} y="27" text-anchor="middle">${signed(tick)}</text>`)}
    </svg>
  </div>`;
