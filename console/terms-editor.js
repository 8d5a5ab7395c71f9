/** Changing the terms of a running programme: what it will do is shown before it is done. */
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, Submit, useForm } from "./form.js";
import { Waiting } from "./loading.js";
import { CardPicture } from "./promise.js";
import { useUnsaved } from "./router.js";
import { service } from "./service.js";
import { Changes, TermsFields, termsValues } from "./terms.js";

// Long enough to finish typing a number.
const TYPING_PAUSE_MS = 400;
const POLICIES = ["better", "finish"];
const COLUMNS = ["stamps", "needed_before", "needed_after", "rewards_added", "cards"];

export function TermsEditor({ programme, business, onSaved }) {
  const { currency } = business;
  const [start] = useState({ ...termsValues(programme.terms), policy: "better", note: "" });
  const form = useForm(start, async ({ terms, policy, note }, options) => {
    const version = { terms, policy, note: note.trim() || null, expected_version: programme.version };
    await service.post(`/programmes/${programme.id}/versions`, version, options);
    toast(t("console.change.done"));
    onSaved();
  });
  const isChanged = Object.entries(programme.terms).some(([name, value]) => form.body.terms[name] !== value);
  const preview = usePreview(programme, form, isChanged);
  useUnsaved(isChanged);

  return html`
    <form ...${form.attributes} class="beside reversed">
      <div class="stack">
        <${TermsFields} form=${form} currency=${currency}>
          ${isChanged && html`
            <button type="button" class="button jump" onClick=${jump}>${t("console.change.see")}</button>`}
        </${TermsFields}>
      </div>
      <div class="sticky">
        ${isChanged
          ? html`
            <section class="panel stack preview" aria-labelledby="preview-title">
              <h2 id="preview-title" tabindex="-1">${t("console.change.title")}</h2>
              <${Changes} terms=${form.body.terms} before=${programme.terms} currency=${currency} />
              <${Effect} preview=${preview} />
              <fieldset class="stack tight">
                <legend>${t("console.change.policy")}</legend>
                ${POLICIES.map((policy) => html`
                  <${Choice} key=${policy} type="radio" name="policy" checked=${form.values.policy === policy}
                    label=${t(`console.policy.${policy}`)} hint=${t(`console.policy.${policy}_hint`)}
                    onChange=${() => form.set("policy", policy)} />`)}
              </fieldset>
              <${Examples} preview=${preview} />
              <${Input} form=${form} at="note"
                label=${`${t("console.change.note")} (${t("common.optional")})`}
                placeholder=${t("console.change.note_hint")} maxlength="200" />
              <${FormFault} form=${form} />
              <div class="row actions">
                <${Submit} form=${form} disabled=${!preview.isCurrent}>${t("console.change.go")}</${Submit}>
                <button type="button" class="button quiet" onClick=${() => form.setValues(start)}>
                  ${t("console.change.put_back")}</button>
              </div>
            </section>`
          : html`
            <section class="panel stack">
              <h2>${t("console.promise.picture")}</h2>
              <${CardPicture} name=${business.name} needed=${programme.terms.stamps_needed}
                reward=${programme.terms.reward} stamps=${programme.terms.welcome_stamps} />
              <p class="soft">${t("console.change.safe")}</p>
            </section>`}
      </div>
    </form>`;
}

/** On a phone the answer stands below the fields. */
function jump() {
  const title = document.getElementById("preview-title");
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}

/** What the service says these terms would do; `isCurrent` when that is about exactly what is in the form. */
function usePreview(programme, form, isChanged) {
  const [answer, setAnswer] = useState({ of: null, data: null, problem: null });
  const { terms, policy } = form.body;
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
        form.blame(null);
      } catch (problem) {
        if (isStale()) return;
        setAnswer({ of: question, data: null, problem });
        form.blame(problem);
      }
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [question, isChanged]);
  return { ...answer, isCurrent: answer.of === question && answer.data !== null };
}

/** What happens to the cards that are out there, at the moment this comes into force. */
function Effect({ preview: { data, problem, isCurrent } }) {
  if (problem) return html`<p class="soft" role="status">${t("console.change.not_yet")}</p>`;
  if (!data) return html`<${Waiting} class="small" />`;
  const line = (name, n, figure) => html`
    <div><dt>${t(`console.change.${name}`, { n })}</dt><dd>${figure}</dd></div>`;
  const counted = (name, n) => line(name, n, t("console.number", { n }));
  return html`
    <div class=${`effect stack ${isCurrent ? "" : "stale"}`} role="status" aria-busy=${!isCurrent}>
      <dl class="effects">
        ${counted("touched", data.cards_touched)}
        ${counted("full", data.full_at_once)}
        ${line("cost", data.rewards_added, money(data.cost_at_once, data.currency))}
      </dl>
    </div>`;
}

function Examples({ preview: { data, isCurrent } }) {
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
