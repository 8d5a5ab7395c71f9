/** Changing the terms of a running programme: what it will do is shown before it is done, at once or at a set time. */
import { html, useState } from "../static/js/html.js";
import { dayAndTime, momentOf } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, Submit, useForm } from "./form.js";
import { Effect, Examples, usePreview } from "./preview.js";
import { TermsPicture } from "./promise.js";
import { useUnsaved } from "./router.js";
import { service } from "./service.js";
import { Starts } from "./starts.js";
import { Changes, isEqual } from "./terms-text.js";
import { TermsFields, termsValues } from "./terms.js";
import { keyed } from "./tiers.js";

const POLICIES = ["better", "finish"];

/** draft: terms to begin with instead of today's, such as those that were scheduled; known: the tiers there ever were. */
export function TermsEditor({ programme, known, draft, business, onSaved }) {
  const { currency, time_zone: zone } = business;
  const [today] = useState(valuesOf(programme));
  const [start] = useState(draft ? valuesOf(draft) : today);
  const form = useForm(start, async (_, options) => {
    const { policy, note, starts_at: starts } = form.body;
    const version = { terms, policy, note: note.trim() || null, expected_version: programme.version };
    const starts_at = starts && momentOf(starts, zone);
    await service.post(`/programmes/${programme.id}/versions`, { ...version, starts_at }, options);
    toast(starts ? t("console.starts.done", { when: dayAndTime(starts_at, zone) }) : t("console.change.done"));
    form.setValues(today);
    onSaved();
  });
  const terms = termsOf(form.body, known);
  const isChanged = Object.entries(programme.terms).some(([name, value]) => !isEqual(terms[name], value));
  const { policy } = form.body;
  const preview = usePreview(programme, { terms, policy }, { isChanged, blame: form.blame });
  const isLater = form.values.starts_at !== null;
  useUnsaved(isChanged);

  return html`
    <form ...${form.attributes} class="beside reversed">
      <div class="stack">
        <${TermsFields} form=${form} currency=${currency} known=${known}>
          ${isChanged && html`
            <button type="button" class="button jump" onClick=${jump}>${t("console.change.see")}</button>`}
        </${TermsFields}>
      </div>
      <div class="sticky">
        ${isChanged
          ? html`
            <section class="panel stack preview" aria-labelledby="preview-title">
              <h2 id="preview-title" tabindex="-1">${t("console.change.title")}</h2>
              <${TermsPicture} name=${business.name} terms=${terms} />
              <${Changes} terms=${terms} before=${programme.terms} currency=${currency} />
              <${Effect} preview=${preview} isOtherGoal=${terms.stamps_needed !== programme.terms.stamps_needed} />
              <fieldset class="stack tight">
                <legend>${t("console.change.policy")}</legend>
                ${POLICIES.map((name) => html`
                  <${Choice} key=${name} type="radio" name="policy" checked=${policy === name}
                    label=${t(`console.policy.${name}`)} hint=${t(`console.policy.${name}_hint`)}
                    onChange=${() => form.set("policy", name)} />`)}
              </fieldset>
              <${Starts} form=${form} zone=${zone} />
              <${Examples} preview=${preview} />
              <${Input} form=${form} at="note"
                label=${`${t("console.change.note")} (${t("common.optional")})`}
                placeholder=${t("console.change.note_hint")} maxlength="200" />
              <${FormFault} form=${form} />
              <div class="row actions">
                <${Submit} form=${form} disabled=${!preview.isCurrent}>
                  ${t(isLater ? "console.starts.go" : "console.change.go")}</${Submit}>
                <button type="button" class="button quiet" onClick=${() => form.setValues(today)}>
                  ${t("console.change.put_back")}</button>
              </div>
            </section>`
          : html`
            <section class="panel stack">
              <h2>${t("console.promise.picture")}</h2>
              <${TermsPicture} name=${business.name} terms=${programme.terms} />
              <p class="soft">${t("console.change.safe")}</p>
            </section>`}
      </div>
    </form>`;
}

const valuesOf = ({ terms, policy = "better", note = "" }) =>
  ({ ...termsValues(terms), policy, note, starts_at: null });

const termsOf = ({ terms }, known) => ({ ...terms, tiers: keyed(terms.tiers, known) });

/** On a phone the answer stands below the fields. */
function jump() {
  const title = document.getElementById("preview-title");
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}
