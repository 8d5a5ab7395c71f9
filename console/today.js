/** Today at a glance: what happened, whether the tills are there, and what a new shop does next. */
import { html, useEffect, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";
import { calendarDay } from "../static/js/time.js";
import { DayPlot } from "./day-plot.js";
import { Loaded, useLoad } from "./loading.js";
import { Screen } from "./frame.js";
import { countGaps } from "./gaps.js";
import { service, withQuery } from "./service.js";
import { TillState } from "./till-state.js";
import { Waiting } from "./waiting.js";
import { Icon } from "./icons.js";

const PLOTTED_DAYS = 30;
const LOOK_AGAIN_MS = 30_000;
const POSTER_SEEN = "tenth.console.poster";
// Of this month's budget for making good.
const NEARLY_GONE = 0.2;
const STEPS_HIDDEN = "tenth.console.steps";

export function Today({ session }) {
  const today = useLoad(() => service.get("/today"));
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && today.reload(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return html`
    <${Screen} title=${t("console.today.title")}
      under=${today.data && calendarDay(today.data.day, { dateStyle: "full" })}>
      <${Loaded} of=${today}>${(data) => html`
        <${NextSteps} today=${data} shop=${session.shops[0]} />
        <${SetAsideNotice} today=${data} />
        <${CasesNotice} n=${data.cases_waiting} />
        <${BudgetNotice} currency=${session.business.currency} />
        <dl class="figures">
          <${Figure} name="stamps" n=${data.stamps} />
          <${Figure} name="new_cards" n=${data.new_cards} />
          <${Figure} name="redemptions" n=${data.redemptions} />
          <${Figure} name="rewards_waiting" n=${data.rewards_waiting} />
        </dl>
        ${data.waiting.length > 0 && html`
          <section class="panel stack">
            <h2>${t("console.today.waiting")}</h2>
            <${Waiting} rows=${data.waiting} currency=${session.business.currency} />
          </section>`}
        <${Days} day=${data.day} zone=${session.business.time_zone} stamps=${data.stamps} />
        <${Tills} tills=${data.tills} />`}
      </${Loaded}>
    </${Screen}>`;
}

/** Remember that the poster was opened, so that the checklist can tick it off. */
export const notePoster = () => localStorage.setItem(POSTER_SEEN, "1");

const Figure = ({ name, n }) => html`
  <div class=${`figure ${name}`}>
    <dt>${t(`console.today.${name}`, { n })}</dt>
    <dd>${t("console.number", { n })}</dd>
  </div>`;

function Days({ day, zone, stamps }) {
  const from = daysBefore(day, PLOTTED_DAYS - 1);
  const days = useLoad(() => service.get(withQuery("/days", { from, to: day })), [day, stamps]);
  return html`
    <section class="panel">
      <${Loaded} of=${days}>${({ items }) => html`<${DayPlot} days=${items} zone=${zone} />`}</${Loaded}>
    </section>`;
}

function Tills({ tills }) {
  const inUse = tills.filter((till) => !till.revoked_at);
  return html`
    <section class="panel stack">
      <div class="row apart">
        <h2>${t("console.today.tills")}</h2>
        <a class="button plain" href="#/tills">${t("console.today.all_tills")}</a>
      </div>
      ${inUse.length === 0
        ? html`<p class="soft">${t("console.today.no_tills")}</p>`
        : html`<ul class="lines" role="list">${inUse.map((till) => html`
            <li key=${till.id} class="row apart">
              <span><strong>${till.name}</strong>${" "}<span class="soft">${till.shop.name}</span></span>
              <${TillState} till=${till} />
            </li>`)}</ul>`}
    </section>`;
}

function SetAsideNotice({ today }) {
  const n = today.kept + today.flagged + countGaps(today.tills);
  return n > 0 && html`
    <p class="notice warn">
      <span>${t("console.today.set_aside", { n })}</span>
      <a href="#/set-aside">${t("console.today.look")}</a>
    </p>`;
}

const CasesNotice = ({ n }) => n > 0 && html`
  <p class="notice warn">
    <span>${t("console.today.cases", { n })}</span>
    <a href="#/making-good">${t("console.today.answer")}</a>
  </p>`;

/** Said while there is still time to raise it. */
function BudgetNotice({ currency }) {
  const { data } = useLoad(() => service.get("/goodwill"));
  const isNearlyGone = data?.monthly_budget > 0 && data.left <= data.monthly_budget * NEARLY_GONE;
  return isNearlyGone && html`
    <p class="notice warn">
      <span>${t("console.today.budget", { left: money(data.left, currency) })}</span>
      <a href="#/making-good">${t("console.today.look")}</a>
    </p>`;
}

/** Three things to do in a new shop; gone when done, or when the owner says so. */
function NextSteps({ today, shop }) {
  const [isHidden, setHidden] = useState(Boolean(localStorage.getItem(STEPS_HIDDEN)));
  const steps = [
    { name: "pair", href: "#/tills?pair=1", isDone: today.tills.some((till) => !till.revoked_at) },
    { name: "poster", href: "#/print", isDone: Boolean(localStorage.getItem(POSTER_SEEN)) },
    { name: "try", href: `/join/${shop?.join_code}`, isDone: today.cards > 0 },
  ];
  if (isHidden || steps.every((step) => step.isDone)) return null;
  const hide = () => {
    localStorage.setItem(STEPS_HIDDEN, "1");
    setHidden(true);
  };
  return html`
    <section class="panel stack next-steps">
      <div class="row apart">
        <h2>${t("console.steps.title")}</h2>
        <button type="button" class="button plain" onClick=${hide}>${t("console.steps.hide")}</button>
      </div>
      <ol role="list" class="steps">
        ${steps.map(({ name, href, isDone }) => html`
          <li key=${name} class=${isDone ? "done" : ""}>
            <span class="tick">${isDone && html`<${Icon} name="check" />`}</span>
            <span class="step">
              ${isDone ? t(`console.steps.${name}`) : html`<a href=${href}>${t(`console.steps.${name}`)}</a>`}
              ${isDone && html`<span class="unseen"> ${t("console.steps.done")}</span>`}
              <br /><span class="soft">${t(`console.steps.${name}_how`)}</span>
            </span>
          </li>`)}
      </ol>
    </section>`;
}

function daysBefore(day, count) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - count);
  return date.toISOString().slice(0, 10);
}
