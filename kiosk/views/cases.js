/** Something was wrong: told in two taps, then put right with one, as far as whoever is signed on may. */
import { connect } from "../../static/js/api.js";
import { html, useEffect, useRef, useState } from "../../static/js/html.js";
import { uuid7 } from "../../static/js/uuid7.js";
import { t } from "../../static/js/words.js";
import { play } from "../sound.js";
import { Button, Close } from "./buttons.js";
import { Done, Offers } from "./remedies.js";
import { Face } from "./severity.js";
import { Waiting } from "./waiting.js";

const api = connect({ principal: "till" });

const WHAT = ["wrong_order", "waited_long", "not_good"];
const SEVERITIES = [1, 2, 3];

/** A case from its first word to its end; work.case: one of the list that is looked at again. */
export function CaseWork({ state, act }) {
  const { work } = state;
  const [told, setTold] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const keys = useRef({ case: uuid7() }).current; // the same when the same is tried again

  /** Run one request; what it answers is the case as it stands now. */
  async function run(request) {
    setBusy(true);
    setProblem(null);
    try {
      setTold(await request());
      return true;
    } catch (trouble) {
      play("refused");
      setProblem(trouble);
      return false;
    } finally {
      setBusy(false);
    }
  }

  const look = () => run(() => api.get(`/cases/${work.case}`));
  useEffect(() => void (work.case && look()), []);

  async function tell(what, severity) {
    const body = { id: keys.case, what, severity, ...(work.card && { card: work.card.code }) };
    // Something else after no answer: it may have been told already, and is another one then.
    const said = JSON.stringify({ ...body, id: null });
    if (keys.said && keys.said !== said) body.id = keys.case = uuid7();
    keys.said = said;
    if (await run(() => api.post("/cases", body))) act.patchWork({ isTold: true });
  }

  async function give(remedy) {
    const name = JSON.stringify(remedy);
    keys[name] ??= uuid7();
    const path = `/cases/${told.id}/remedies`;
    if (await run(() => api.post(path, remedy, { idempotencyKey: keys[name] }))) play("stamped");
  }

  const isOver = told && ["settled", "declined"].includes(told.state);
  return html`<article class="card-work making-good">
    <header class="row apart">
      <p class="row"><strong>${told ? told.what : t("kiosk.something_wrong")}</strong>
        ${told && html`<${Face} of=${told.severity} />`}
        ${work.card && html`<span class="chip code">${work.card.short_code ?? t("common.card")}</span>`}
      </p>
      <${Close} act=${act} />
    </header>
    <div class="act">
      ${problem && html`<p class="notice bad" role="alert">
        ${problem.passing ? t("kiosk.case_offline") : problem.words}</p>`}
      ${!told && !work.case && html`<${Tell} work=${work} isBusy=${isBusy} onTell=${tell} />`}
      ${!told && work.case && (problem
        ? html`<${Button} class="big" onClick=${look}>${t("common.retry")}<//>`
        : html`<${Waiting} />`)}
      ${told && !isOver && html`<${Offers} told=${told} isBusy=${isBusy} onGive=${give} act=${act} />`}
      ${isOver && html`<${Done} told=${told} work=${work} act=${act} />`}
    </div>
  </article>`;
}

/** What, and how bad: two taps. Other things are said in words. */
function Tell({ work, isBusy, onTell }) {
  const [chosen, choose] = useState(null);
  const [own, setOwn] = useState("");
  const words = chosen === "other" ? own.trim() : chosen && t(`kiosk.case_${chosen}`);
  return html`<div class="stack">
    <h2 id="what-was-it">${t("kiosk.what_was_it")}</h2>
    <div class="what" role="group" aria-labelledby="what-was-it">
      ${[...WHAT, "other"].map((what) => html`
        <${Button} key=${what} class="quiet big" aria-pressed=${chosen === what}
          onClick=${() => choose(what)}>
          ${t(`kiosk.case_${what}`)}<//>`)}
    </div>
    ${chosen === "other" && html`<${OwnWords} value=${own} onValue=${setOwn} />`}
    <h2 id="how-bad">${t("kiosk.how_bad")}</h2>
    <div class="faces" role="group" aria-labelledby="how-bad">
      ${SEVERITIES.map((severity) => html`
        <${Button} key=${severity} class="quiet" disabled=${!words || isBusy}
          onClick=${() => onTell(words, severity)}>
          <${Face} of=${severity} size=${52} /> ${t(`kiosk.severity_${severity}`)}<//>`)}
    </div>
    ${!work.card && html`<p class="soft">${t("kiosk.case_no_card")}</p>`}
  </div>`;
}

function OwnWords({ value, onValue }) {
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const label = t("kiosk.in_words");
  return html`<input ref=${field} class="input" maxlength="300" value=${value} aria-label=${label}
    placeholder=${label} onInput=${(event) => onValue(event.target.value)} />`;
}
