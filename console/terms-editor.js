/** Changing the terms of a running programme: what it will do is shown before it is done. */
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, Submit, useForm } from "./form.js";
import { CardPicture } from "./promise.js";
import { useUnsaved } from "./router.js";
import { service } from "./service.js";
import { TermsFields, termsText, termsValues } from "./terms.js";

// Long enough to finish typing a number.
const TYPING_PAUSE_MS = 400;
const POLICIES = ["better", "finish"];

export function TermsEditor({ programme, business, onSaved }) {
  const { currency } = business;
  const [start] = useState({ ...termsValues(programme.terms), policy: "better", note: "" });
  const form = useForm(start, async ({ terms, policy, note }, options) => {
    await service.post(`/programmes/${programme.id}/versions`, { terms, policy, note: note.trim() || null, expected_version: programme.version }, options);
    toast(t("console.change.done"));
    onSaved();
  });
  const isChanged = Object.keys(programme.terms).some((name) => form.values[`terms.${name}`] !== programme.terms[name]);
  const preview = usePreview(programme, form, isChanged);
  useUnsaved(isChanged);
  const putBack = () => form.setValues(start);

  return html`
    <form ...${form.attributes} class="beside reversed">
      <div class="stack">
        <${TermsFields} form=${form} currency=${currency} />
        ${isChanged && html`<button type="button" class="button jump" onClick=${jump}>${t("console.change.see")}</button>`}
      </div>
      <div class="sticky">
        ${isChanged
          ? html`
            <section class="panel stack preview" aria-labelledby="preview-title">
              <h2 id="preview-title" tabindex="-1">${t("console.change.title")}</h2>
              <ul class="changes">${termsText(form.body.terms, programme.terms, currency).map((text) => html`<li key=${text}>${text}</li>`)}</ul>
              <${Effect} preview=${preview} currency=${currency} />
              <fieldset class="stack tight">
                <legend>${t("console.change.policy")}</legend>
                ${POLICIES.map((policy) => html`
                  <${Choice} key=${policy} type="radio" name="policy" checked=${form.values.policy === policy} label=${t(`console.policy.${policy}`)}
                    hint=${t(`console.policy.${policy}_hint`)} onChange=${() => form.set("policy", policy)} />`)}
              </fieldset>
              <${Examples} preview=${preview} />
              <${Input} form=${form} at="note" label=${`${t("console.change.note")} (${t("common.optional")})`} placeholder=${t("console.change.note_hint")} maxlength="200" />
              <${FormFault} form=${form} />
              <div class="row actions">
                <${Submit} form=${form} disabled=${!preview.isCurrent}>${t("console.change.go")}</${Submit}>
                <button type="button" class="button quiet" onClick=${putBack}>${t("console.change.put_back")}</button>
              </div>
            </section>`
          : html`
            <section class="panel stack">
              <h2>${t("console.promise.picture")}</h2>
              <${CardPicture} name=${business.name} needed=${programme.terms.stamps_needed} reward=${programme.terms.reward} stamps=${programme.terms.welcome_stamps} />
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

/** Ask the service what these terms would do. `isCurrent` only when the answer is about exactly what is in the form. */
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
        if (!isStale()) setAnswer({ of: question, data, problem: null });
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
function Effect({ preview, currency }) {
  const { data, problem, isCurrent } = preview;
  if (problem) return html`<p class="soft" role="status">${t("console.change.not_yet")}</p>`;
  if (!data) return html`<div class="waiting small" role="status"><span class="unseen">${t("common.loading")}</span></div>`;
  return html`
    <div class=${`effect stack ${isCurrent ? "" : "stale"}`} role="status" aria-busy=${!isCurrent}>
      <dl class="effects">
        <div><dt>${t("console.change.touched", { n: data.cards_touched })}</dt><dd>${t("console.number", { n: data.cards_touched })}</dd></div>
        <div><dt>${t("console.change.full", { n: data.full_at_once })}</dt><dd>${t("console.number", { n: data.full_at_once })}</dd></div>
        <div><dt>${t("console.change.cost", { n: data.rewards_added })}</dt><dd>${money(data.cost_at_once, data.currency ?? currency)}</dd></div>
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
            ${["stamps", "before", "after", "reward", "cards"].map((name) => html`<th key=${name} scope="col" class="number">${t(`console.change.col_${name}`)}</th>`)}
          </tr></thead>
          <tbody>${data.examples.map((example) => html`
            <tr key=${`${example.stamps}/${example.needed_before}`}>
              ${[example.stamps, example.needed_before, example.needed_after, example.rewards_added, example.cards].map((n, i) => html`
                <td key=${i} class="number">${t("console.number", { n })}</td>`)}
            </tr>`)}</tbody>
        </table>
      </div></details>`;
}
