/** What if a reward took more stamps, or fewer? The whole ledger counted again, beside what is assumed. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { money } from "../../static/js/money.js";
import { t } from "../../static/js/words.js";
import { Screen } from "../frame.js";
import { Loaded, useLoad } from "../loading.js";
import { service, withQuery } from "../service.js";
import { Answer, useAnswer } from "./answer.js";
import { Finding, TooEarly } from "./finding.js";
import { behind, percent } from "./saying.js";
import { Thresholds } from "./thresholds.js";
import { Unpriced } from "./unpriced.js";

const FEWEST = 2;
const MOST = 50;
const MOST_EXTRA = 30;
// Long enough not to ask at every step of a slider that is being pulled.
const PULLING_MS = 300;

export function WhatIf({ session, query }) {
  const programmes = useLoad(async () => {
    const { items } = await service.get("/programmes");
    return items.filter(({ active, treatment_of: of }) => active && !of);
  });
  const [chosen, setChosen] = useState(query.get("programme"));
  return html`
    <${Screen} wide title=${t("console.place.what-if")}>
      <${Loaded} of=${programmes}>${(items) => {
        const [busiest] = [...items].sort((one, other) => other.cards - one.cards);
        const programme = items.find(({ id }) => id === chosen) ?? busiest;
        if (!programme) return html`<${TooEarly} text=${t("console.programme.none")} />`;
        return html`
          ${items.length > 1 && html`
            <div class="tabs" role="group" aria-label=${t("console.programme.one")}>
              ${items.map(({ id, name }) => html`
                <button key=${id} type="button" aria-current=${id === programme.id ? "true" : "false"}
                  onClick=${() => setChosen(id)}>${name}</button>`)}
            </div>`}
          <${Asked} key=${programme.id} programme=${programme} business=${session.business} />`;
      }}
      </${Loaded}>
    </${Screen}>`;
}

function Asked({ programme, business }) {
  const [needed, setNeeded] = useState(programme.terms.stamps_needed);
  const [extra, setExtra] = useState(0);
  const [welcome, setWelcome] = useState(null);
  const asked = useSettled(withQuery(`/programmes/${programme.id}/what-if`,
    { extra_visits: extra / 100, welcome_stamps: welcome }));
  const answer = useAnswer(asked);
  const given = welcome ?? programme.terms.welcome_stamps;
  const need = (stamps) => {
    setNeeded(stamps);
    if (welcome >= stamps) setWelcome(stamps - 1); // a new card is never full
  };
  const reset = () => {
    setNeeded(programme.terms.stamps_needed);
    setExtra(0);
    setWelcome(null);
  };
  if (answer.problem?.code === "nothing_yet") return html`<${TooEarly} text=${t("insight.what_if.missing")} />`;
  return html`
    <div class="beside">
      <section class="panel stack" aria-label=${t("insight.what_if.set")}>
        <${Slider} id="needed" value=${needed} min=${FEWEST} max=${MOST} onInput=${need}
          label=${t("insight.what_if.needed")} said=${t("common.stamps", { n: needed })}
          hint=${t("insight.what_if.today", { n: programme.terms.stamps_needed })} />
        <${Slider} id="welcome" value=${given} min=${0} max=${Math.min(10, needed - 1)} onInput=${setWelcome}
          label=${t("insight.what_if.welcome")} said=${t("common.stamps", { n: given })}
          hint=${t(welcome === null ? "insight.what_if.as_given" : "insight.what_if.all_given", { n: given })} />
        <${Slider} id="extra" value=${extra} min=${0} max=${MOST_EXTRA} onInput=${setExtra}
          label=${t("insight.what_if.extra")} said=${t("insight.percent", { n: extra })}
          hint=${t("insight.what_if.assumed")} />
        <button type="button" class="button quiet" onClick=${reset}>${t("insight.what_if.reset")}</button>
      </section>
      <div class="stack">
        <${Answer} of=${answer}>${(data) => html`
          <${Result} found=${data} needed=${needed} programme=${programme} business=${business} />`}
        </${Answer}>
      </div>
    </div>`;
}

const Slider = ({ id, label, said, hint, onInput, ...box }) => html`
  <div class="field slider">
    <label for=${`what-if-${id}`}>${label}</label>
    <output class="slider-value" for=${`what-if-${id}`}>${said}</output>
    <input id=${`what-if-${id}`} type="range" aria-valuetext=${said} aria-describedby=${`what-if-${id}-hint`}
      onInput=${({ target }) => onInput(Number(target.value))} ...${box} />
    <span class="hint" id=${`what-if-${id}-hint`}>${hint}</span>
  </div>`;

function Result({ found, needed, programme, business }) {
  const { currency, time_zone: zone } = business;
  const fewest = found.thresholds[0].stamps_needed;
  const at = found.thresholds.find((one) => one.stamps_needed === Math.max(needed, fewest));
  const isPriced = found.unit_price > 0 && found.unit_cost > 0;
  const isAssuming = found.extra_visits > 0 || found.welcome_stamps !== null;
  const isToday = !isAssuming && at.stamps_needed === found.stamps_needed;
  const write = (minor) => money(Math.abs(minor), currency);
  const issued = Math.round(at.issued);
  return html`
    <${Finding} of="what_if" title=${title({ found, at, isPriced, isToday, write })}
      under=${behind({ ...found, n: found.cards }, zone, "cards")}>
      ${!isPriced && html`<${Unpriced} programme=${programme.id} />`}
      <${Thresholds} found=${found} chosen=${at.stamps_needed} isPriced=${isPriced} currency=${currency} />
      ${isToday ? html`<p>${t("insight.what_if.pull")}</p>` : html`<ul class="findings">
        <li>${t("insight.what_if.issued", { n: issued, today: found.issued_today })}</li>
        ${found.tiers.map(({ reward, issued_today: today }, i) => html`
          <li key=${i}>${t("insight.what_if.tier", { reward, n: Math.round(at.tiers_issued[i]), today })}</li>`)}
        ${isPriced && html`
          <li>${t("insight.what_if.cost", { cost: write(at.cost), today: write(found.cost_today) })}</li>`}
        <li>${t("insight.what_if.more", { n: at.more })}</li>
        <li>${t("insight.what_if.fewer", { n: at.fewer })}</li>
        ${isPriced && html`<li>${lift(at.needed_lift)}</li>`}
        ${found.extra_visits > 0 && html`
          <li>${t("insight.what_if.with_extra", { n: percent(found.extra_visits) })}</li>`}
        ${found.welcome_stamps !== null && html`
          <li>${t("insight.what_if.with_welcome", { n: found.welcome_stamps })}</li>`}
      </ul>`}
      ${found.tiers.length > 0 && html`<p class="soft">${t("insight.what_if.tiers")}</p>`}
      ${found.spend_per_stamp > 0 && html`
        <p class="soft">${t("insight.what_if.spend", { amount: write(found.spend_per_stamp) })}</p>`}
      <p><a class="button quiet" href=${`#/programmes/${programme.id}`}>${t("insight.to_programme")}</a></p>
    </${Finding}>`;
}

/** What the change would have come to, and under which assumption. */
function title({ found, at: { stamps_needed: needed, issued, margin }, isPriced, isToday, write }) {
  const extra = percent(found.extra_visits);
  if (!isPriced) {
    return t("insight.what_if.rewards", { n: Math.round(issued), needed, today: found.issued_today });
  }
  if (isToday) return t("insight.what_if.is_today", { n: needed, cost: write(found.cost_today) });
  const kind = Math.round(margin) === 0 ? "even" : margin > 0 ? "gain" : "loss";
  const same = needed === found.stamps_needed;
  return t(`insight.what_if.${kind}${same ? "_same" : extra ? "_extra" : ""}`, { n: needed, today: found.stamps_needed,
    amount: write(margin), extra });
}

/** By how much visits must grow for the change to pay, or may shrink before it does not. */
function lift(needed) {
  if (needed === null) return t("insight.what_if.never");
  const n = Math.round(1000 * Math.abs(needed)) / 10;
  if (n === 0) return t("insight.what_if.no_lift");
  return t(needed > 0 ? "insight.what_if.lift" : "insight.what_if.drop", { n });
}

/** The value once it has stayed the same for a moment; the first one at once. */
function useSettled(value) {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PULLING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
