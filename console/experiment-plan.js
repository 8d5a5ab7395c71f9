/** Planning an experiment: what is tried, and what it takes to see a difference in this shop. */
import { html } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { locale, t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { goalText } from "./experiment-text.js";
import { FormFault, Input, Submit, among, named, useForm } from "./form.js";
import { Answer, useAnswer } from "./insight/answer.js";
import { Unpriced } from "./insight/unpriced.js";
import { service, withQuery } from "./service.js";

const LIFTS = [5, 10, 15, 20, 30, 50];
const SHARES = [10, 20, 30, 50];
const LOOKS = ["always", "fixed"];
const MOST_PERCENT = 100;

export function ExperimentPlan({ programmes, business, onStarted, onClose }) {
  const [first] = programmes;
  const form = useForm({ programme: first.id, share: 50, lift: 10, ...kinder(first.terms) }, async (body, options) => {
    const { lift, ...wish } = body;
    await service.post("/experiments", { ...wish, planned_cards: answer.data.always.cards }, options);
    toast(t("console.experiment.started"));
    onStarted();
  });
  const { programme: id, share, lift } = form.values;
  const { terms } = programmes.find((one) => one.id === id);
  const answer = useAnswer(withQuery(`/programmes/${id}/experiment-plan`, { lift: lift / 100, share }));
  const plan = answer.data;
  const isCurrent = plan && Math.round(100 * plan.lift) === lift && plan.share === share;
  const choose = (name, value) => {
    form.set(name, value);
    if (name === "programme") form.setValues((before) => ({ ...before, ...kinder(termsOf(programmes, value)) }));
  };
  const count = (at, box) => html`
    <${Input} form=${form} at=${at} class="short" type="number" inputmode="numeric" required
      label=${t(`console.experiment.${at}`)} ...${box} />`;
  const percent = (n) => [n, t("insight.percent", { n })];
  return html`
    <form ...${form.attributes}>
      ${programmes.length > 1 && html`
        <${Input} form=${{ ...form, set: choose }} at="programme" label=${t("console.programme.one")}
          options=${named(programmes)} />`}
      <p class="soft">${t("console.experiment.kinder", { usual: goalText(terms) })}</p>
      <div class="pair">
        ${count("stamps_needed", { min: 2, max: terms.stamps_needed })}
        ${count("welcome_stamps", { min: 0, max: Math.max(0, (form.values.stamps_needed ?? 1) - 1) })}
      </div>
      <div class="pair">
        <${Input} form=${form} at="lift" label=${t("console.experiment.lift")}
          hint=${t("console.experiment.lift_hint")} options=${among(LIFTS, lift).map(percent)} />
        <${Input} form=${form} at="share" label=${t("console.experiment.share")}
          hint=${t("console.experiment.share_hint")} options=${SHARES.map(percent)} />
      </div>
      <${Answer} of=${answer}>${(found) => html`
        <${Verdict} plan=${found} currency=${business.currency} programme=${id}
          onLift=${(value) => form.set("lift", value)} />`}
      </${Answer}>
      <${FormFault} form=${form} />
      <div class="row end">
        <button type="button" class="button quiet" onClick=${onClose}>${t("common.cancel")}</button>
        <${Submit} form=${form} disabled=${!isCurrent || plan.obstacle !== null}
          class=${isCurrent && !plan.always.visible ? "quiet" : ""}>
          ${t(isCurrent && !plan.always.visible ? "console.experiment.start_anyway"
            : "console.experiment.start")}</${Submit}>
      </div>
    </form>`;
}

function Verdict({ plan, currency, programme, onLift }) {
  if (plan.obstacle === "no_price") return html`<${Unpriced} programme=${programme} />`;
  if (plan.obstacle) return html`<p class="notice warn">${t(`console.experiment.obstacle_${plan.obstacle}`)}</p>`;
  const { always, smallest_lift: smallest } = plan;
  const percent = Math.round(100 * plan.lift);
  const least = smallest === null ? null : Math.ceil(100 * smallest);
  return html`
    <div class="stack tight" role="status">
      <h3>${always.visible ? t("console.experiment.visible", { n: always.weeks, percent })
        : t("console.experiment.invisible", { percent })}</h3>
      ${!always.visible && html`
        <p>${least !== null && least <= MOST_PERCENT ? t("console.experiment.smallest", { percent: least })
          : t("console.experiment.too_small")}</p>`}
      ${!always.visible && least !== null && least <= MOST_PERCENT && html`
        <p><button type="button" class="button quiet" onClick=${() => onLift(least)}>
          ${t("console.experiment.look_for", { percent: least })}</button></p>`}
      <p class="soft">${basis(plan, currency)}</p>
      <table class="table wraps">
        <thead><tr>
          <th scope="col">${t("console.experiment.looking")}</th>
          <th scope="col" class="number">${t("console.experiment.cards")}</th>
          <th scope="col" class="number">${t("console.experiment.weeks")}</th>
        </tr></thead>
        <tbody>${LOOKS.map((name) => html`
          <tr key=${name}>
            <th scope="row">${t(`console.experiment.${name}`)}</th>
            <td class="number">${t("console.number", { n: plan[name].cards })}</td>
            <td class="number">${plan[name].weeks === null ? "–" : t("console.number", { n: plan[name].weeks })}</td>
          </tr>`)}</tbody>
      </table>
    </div>`;
}

/** What the plan was reckoned from. */
function basis({ cards, mean, is_own: isOwn, weekly_cards: weekly }, currency) {
  const a_week = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(weekly);
  return isOwn ? t("console.experiment.own", { n: cards, mean: money(Math.round(mean), currency), a_week })
    : t("console.experiment.published", { n: cards, a_week });
}

const termsOf = (programmes, id) => programmes.find((one) => one.id === id).terms;

/** The usual first idea: two stamps fewer. */
const kinder = ({ stamps_needed: needed, welcome_stamps: welcome }) => {
  const tried = Math.max(2, needed - 2);
  return { stamps_needed: tried, welcome_stamps: Math.min(welcome, tried - 1) };
};
