/** What changed terms would do to the cards that are out there: asked of the service while the owner types. */
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";
import { Waiting } from "./loading.js";
import { service } from "./service.js";

// Long enough to finish typing a number.
const TYPING_PAUSE_MS = 400;
const COLUMNS = ["stamps", "needed_before", "needed_after", "rewards_added", "cards"];

/** What the service says these terms would do; `isCurrent` when that is about exactly what was asked. */
export function usePreview(programme, { terms, policy }, { isChanged, blame }) {
  const [answer, setAnswer] = useState({ of: null, data: null, problem: null });
  const question = JSON.stringify({ terms, policy });
  const latest = useRef(question);
  latest.current = question;
  useEffect(() => {
    if (!isChanged) return undefined;
    const timer = setTimeout(async () => {
      const isStale = () => latest.current !== question;
      try {
        const data = await service.post(`/programmes/${programme.id}/previews`, { terms, policy });
        if (isStale()) return;
        setAnswer({ of: question, data, problem: null });
        blame(null);
      } catch (problem) {
        if (isStale()) return;
        setAnswer({ of: question, data: null, problem });
        blame(problem);
      }
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [question, isChanged]);
  return { ...answer, isCurrent: answer.of === question && answer.data !== null };
}

/** What happens at the moment this comes into force. isOtherGoal: not only the gifts on the way change. */
export function Effect({ preview: { data, problem, isCurrent }, isOtherGoal }) {
  if (problem) return html`<p class="soft" role="status">${t("console.change.not_yet")}</p>`;
  if (!data) return html`<${Waiting} class="small" />`;
  const line = (name, n, figure, more = {}) => html`
    <div><dt>${t(`console.change.${name}`, { n, ...more })}</dt><dd>${figure}</dd></div>`;
  const counted = (name, n, more) => line(name, n, t("console.number", { n }), more);
  return html`
    <div class=${`effect stack ${isCurrent ? "" : "stale"}`} role="status" aria-busy=${!isCurrent}>
      <dl class="effects">
        ${counted(isOtherGoal ? "touched" : "touched_on_the_way", data.cards_touched)}
        ${counted("full", data.full_at_once)}
        ${data.tiers.map(({ reward, rewards_added: n }) => counted("earned", n, { reward }))}
        ${line("cost", data.rewards_added, money(data.cost_at_once, data.currency))}
      </dl>
    </div>`;
}

export function Examples({ preview: { data, isCurrent } }) {
  if (!data || data.examples.length === 0) return null;
  return html`
    <details open class=${isCurrent ? "" : "stale"}><summary>${t("console.change.examples")}</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${t("console.change.examples")}>
        <table class="table">
          <thead><tr>
            ${COLUMNS.map((name) => html`
              <th key=${name} scope="col" class="number">${t(`console.change.col_${name}`)}</th>`)}
          </tr></thead>
          <tbody>${data.examples.map((example) => html`
            <tr key=${`${example.stamps}/${example.needed_before}`}>
              ${COLUMNS.map((name) => html`
                <td key=${name} class="number">${t("console.number", { n: example[name] })}</td>`)}
            </tr>`)}</tbody>
        </table>
      </div></details>`;
}
