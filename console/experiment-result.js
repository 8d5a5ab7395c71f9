/** What an experiment has shown so far: the finding, the difference week by week, and the two groups. */
import { area, line } from "d3-shape";
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { calendarDay, dayOf, dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Confirm, toast } from "./dialog.js";
import { goalText, signed } from "./experiment-text.js";
import { Answer, useAnswer } from "./insight/answer.js";
import { Legend, Plot } from "./insight/plot.js";
import { Rows } from "./insight/rows.js";
import { service } from "./service.js";

const FEWEST = 100; // cards in each group, before anything is said
const ARMS = ["control", "treatment"];
// No line ends between a sign and its amount.
const JOINER = "\u2060";

export function ExperimentResult({ experiment, programme, business, title, onChanged }) {
  const { currency, time_zone: zone } = business;
  const { id, state, share, control, treatment } = experiment;
  const answer = useAnswer(`/experiments/${id}/result`);
  const [isStopping, setStopping] = useState(false);
  const stop = async () => {
    await service.post(`/experiments/${id}/stops`, {});
    toast(t("console.experiment.has_stopped"));
    onChanged();
  };
  return html`
    <section class="panel stack" aria-labelledby=${`experiment-${id}`}>
      <div class="row apart">
        <h2 id=${`experiment-${id}`} class="grow">${title}</h2>
        <span class=${`chip ${state === "running" ? "good" : ""}`}>${t(`console.experiment.is_${state}`)}</span>
      </div>
      <p class="soft">${spanText(experiment, zone)} ${t("console.experiment.drawn", { n: share })}</p>
      <${Answer} of=${answer}>${(result) => html`
        <h3>${finding(result, goalText(treatment), currency, zone)}</h3>
        ${experiment.cut_at && html`
          <p class="notice">${t("console.experiment.cut", { day: dayText(experiment.cut_at, zone) })}</p>`}
        ${result.finding !== "uneven" && result.looks.length > 1 && html`
          <${Differences} looks=${result.looks} id=${id} currency=${currency} zone=${zone} />`}
        <${Groups} result=${result} goals=${{ control, treatment }} currency=${currency} />
        ${result.finding === "better" && programme && !isAdopted(programme, treatment) && html`
          <p><a class="button" href=${adoption(experiment)}>
            ${t("console.experiment.adopt", { goal: goalText(treatment) })}</a></p>`}`}
      </${Answer}>
      ${state === "running" && html`
        <div class="row end">
          <button type="button" class="button danger quiet" onClick=${() => setStopping(true)}>
            ${t("console.experiment.stop")}</button>
        </div>`}
      ${isStopping && html`
        <${Confirm} title=${t("console.experiment.stop_sure")} text=${t("console.experiment.stop_text")}
          verb=${t("console.experiment.stop")} act=${stop} onClose=${() => setStopping(false)} />`}
    </section>`;
}

function finding(result, goal, currency, zone) {
  const { finding: name, difference, low, high, control, treatment } = result;
  if (name === "too_early") {
    if (Date.parse(result.first_at) > Date.now()) {
      return t("console.experiment.none_over", { day: dayText(result.first_at, zone) });
    }
    return t("console.experiment.too_early", { n: Math.min(control.cards, treatment.cards), fewest: FEWEST });
  }
  if (name === "uneven") return t("console.experiment.uneven", { usual: control.drawn, tried: treatment.drawn });
  if (name === "open") {
    const [least, most] = [low, high].map((minor) => signed(minor, currency).replace(/^[+−]/, `$&${JOINER}`));
    return t("console.experiment.open", { low: least, high: most });
  }
  const amount = (minor) => money(Math.round(minor), currency);
  const [least, most] = [low, high].map(Math.abs).sort((a, b) => a - b).map(amount);
  return t(`console.experiment.${name}`, { goal, amount: amount(Math.abs(difference)), least, most });
}

/** The difference week by week, in the range it lies in: once that leaves the line of nothing, it is told. */
function Differences({ looks, id, currency, zone }) {
  const text = (value) => signed(value, currency);
  const points = looks.map((look, i) => ({ ...look, i }));
  const reach = [0, ...looks.flatMap(({ low, high }) => [low, high])];
  return html`
    <${Plot} labelledBy=${`experiment-${id}`} x=${[0, looks.length - 1]}
      y=${[Math.min(...reach), Math.max(...reach)]} yText=${text}
      xTicks=${points.slice(0, -1).map(({ at, i }) => [i, calendarDay(dayOf(at, zone))])}
      xName=${t("console.experiment.looked_on")} yName=${t("console.experiment.difference")}>
      ${({ x, y }) => html`
        <path class="range-of" d=${area().x(({ i }) => x(i)).y0(({ low }) => y(low)).y1(({ high }) => y(high))(points)} />
        <line class="zero" x1=${x(0)} x2=${x(looks.length - 1)} y1=${y(0)} y2=${y(0)} />
        <path class="curve" d=${line().x(({ i }) => x(i)).y(({ difference }) => y(difference))(points)} />`}
    </${Plot}>
    <${Legend} keys=${[["margin", t("console.experiment.difference")], ["range-of", t("console.experiment.range")]]} />
    <${Rows} name="experiment" labelledBy=${`experiment-${id}`} rows=${[...looks].reverse()} columns=${[
      { head: t("console.experiment.looked_on"), of: ({ at }) => dayOf(at, zone),
        write: ({ at }) => dayText(at, zone) },
      ...["difference", "low", "high"].map((name) => ({ head: t(`console.experiment.${name}`),
        of: (look) => Math.round(look[name]), write: (look) => text(look[name]) })),
    ]} />`;
}

const Groups = ({ result, goals, currency }) => html`
  <table class="table wraps">
    <thead><tr>
      <th scope="col">${t("console.experiment.group")}</th>
      ${["drawn_cards", "over", "mean"].map((name) => html`
        <th key=${name} scope="col" class="number">${t(`console.experiment.${name}`)}</th>`)}
    </tr></thead>
    <tbody>${ARMS.map((arm) => html`
      <tr key=${arm}>
        <th scope="row">${goalText(goals[arm])}</th>
        <td class="number">${t("console.number", { n: result[arm].drawn })}</td>
        <td class="number">${t("console.number", { n: result[arm].cards })}</td>
        <td class="number">${result[arm].mean === null ? "–" : money(Math.round(result[arm].mean), currency)}</td>
      </tr>`)}</tbody>
  </table>`;

function spanText({ author, started_at: from, stopped_at: until, stopped_by: by }, zone) {
  const words = { author, by, from: dayText(from, zone), until: until && dayText(until, zone) };
  if (!until) return t("console.experiment.since", words);
  return t(by ? "console.experiment.stopped_by" : "console.experiment.stopped", words);
}

const isAdopted = ({ terms }, goal) =>
  terms.stamps_needed === goal.stamps_needed && terms.welcome_stamps === goal.welcome_stamps;

/** The programme's own page with the better terms filled in: there its owner sees what they do to the cards. */
const adoption = ({ control, treatment: { stamps_needed: needed, welcome_stamps: welcome } }) =>
  `#/programmes/${control.programme}?stamps_needed=${needed}&welcome_stamps=${welcome}`;
