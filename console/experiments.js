/** Another goal tried on some of the new cards: those that were, the one that runs, and a new one. */
import { html, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { ExperimentPlan } from "./experiment-plan.js";
import { ExperimentResult } from "./experiment-result.js";
import { goalText } from "./experiment-text.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

export function Experiments({ session }) {
  const { business } = session;
  const all = useLoad(load);
  const [isPlanning, setPlanning] = useState(false);
  const started = () => {
    setPlanning(false);
    all.reload();
  };
  return html`
    <${Loaded} of=${all}>${({ experiments, programmes }) => html`
      <section class="panel stack experiments">
        <div class="row apart">
          <h2>${t("console.experiment.title")}</h2>
          ${!isPlanning && programmes.length > 0 && html`
            <button type="button" class="button quiet" onClick=${() => setPlanning(true)}>
              ${t("console.experiment.plan")}</button>`}
        </div>
        <p>${t("console.experiment.lead")}</p>
        ${isPlanning && html`
          <${ExperimentPlan} programmes=${programmes} business=${business} onStarted=${started}
            onClose=${() => setPlanning(false)} />`}
      </section>
      ${experiments.map((one) => html`
        <${ExperimentResult} key=${one.id} experiment=${one} business=${business} onChanged=${all.reload}
          programme=${programmes.find(({ id }) => id === one.control.programme)}
          title=${t("console.experiment.one", { name: one.name, tried: goalText(one.treatment),
            usual: goalText(one.control) })} />`)}`}
    </${Loaded}>`;
}

/** The experiments, and the programmes that could have one: those without one that runs come first. */
async function load() {
  const paths = ["/experiments", "/programmes"];
  const [{ items: experiments }, { items }] = await Promise.all(paths.map((path) => service.get(path)));
  const running = experiments.filter(({ state }) => state === "running").map(({ control }) => control.programme);
  const isBusy = ({ id }) => running.includes(id);
  const offered = items.filter(({ active, treatment_of: of }) => active && !of);
  return { experiments, programmes: offered.sort((a, b) => isBusy(a) - isBusy(b)) };
}
