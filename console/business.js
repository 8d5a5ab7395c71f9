/** What belongs to the business as a whole: its name and logo, its money, its time, its language, its tills. */
import { html, useRef, useState } from "../static/js/html.js";
import { duration } from "../static/js/time.js";
import { languages, t } from "../static/js/words.js";
import { useBusinessForm } from "./business-form.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, among } from "./form.js";
import { Mark, Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { OFFLINE_FIELDS, OfflineRules } from "./offline-rules.js";
import { currencies, zones } from "./places.js";
import { service } from "./service.js";

const LOCK_AFTER_SECONDS = [30, 60, 120, 300, 600, 1800, 3600];
const FIELDS = ["name", "currency", "time_zone", "language", "lock_after_seconds"];

export function Business({ onSession }) {
  const business = useLoad(() => service.get("/business"));
  const changed = async () => {
    await business.reload();
    onSession();
  };
  return html`
    <${Screen} title=${t("console.business.title")}>
      <${Loaded} of=${business}>${(data) => html`
        <${Facts} key=${FIELDS.map((name) => data[name]).join()} business=${data} onSaved=${changed} />
        <${OfflineRules} key=${OFFLINE_FIELDS.map((name) => data[name]).join()} business=${data}
          onSaved=${changed} />
        <${Logo} business=${data} onSaved=${changed} />`}
      </${Loaded}>
    </${Screen}>`;
}

function Facts({ business, onSaved }) {
  const form = useBusinessForm(business, FIELDS, onSaved);
  return html`
    <form ...${form.attributes} class="panel stack">
      <${Input} form=${form} at="name" label=${t("console.setup.business")}
        hint=${t("console.setup.business_hint")} required maxlength="80" />
      <div class="pair">
        <${Input} form=${form} at="currency" label=${t("console.currency")}
          hint=${t("console.business.currency_hint")} options=${currencies()} />
        <${Input} form=${form} at="time_zone" label=${t("console.time_zone")}
          hint=${t("console.business.time_zone_hint")} options=${zones(business.time_zone)} />
        <${Input} form=${form} at="language" label=${t("common.language")}
          hint=${t("console.business.language_hint")} options=${Object.entries(languages)} />
        <${Input} form=${form} at="lock_after_seconds" label=${t("console.business.lock")}
          hint=${t("console.business.lock_hint")} options=${locks(business.lock_after_seconds)} />
      </div>
      <${FormFault} form=${form} />
      <div><${Submit} form=${form} disabled=${!form.isDirty} /></div>
    </form>`;
}

function Logo({ business, onSaved }) {
  const [fault, setFault] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const file = useRef(null);
  const change = async (act, done) => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      toast(t(done));
      await onSaved();
    } catch (problem) {
      setFault(problem.words);
    }
    setBusy(false);
    if (file.current) file.current.value = "";
  };
  const upload = ({ target }) => {
    const [picture] = target.files;
    if (picture) change(() => service.put("/business/logo", picture), "console.business.logo_saved");
  };
  const remove = () => change(() => service.delete("/business/logo"), "console.business.logo_removed");
  return html`
    <section class="panel stack">
      <h2>${t("console.business.logo")}</h2>
      <div class="row">
        <div class="logo-preview"><${Mark} business=${business} /></div>
        <div class="grow stack tight">
          <label class="button quiet file" aria-busy=${isBusy}>
            ${t(business.logo ? "console.business.logo_change" : "console.business.logo_add")}
            <input ref=${file} class="unseen" type="file" accept="image/png,image/jpeg,image/webp"
              disabled=${isBusy} aria-describedby="logo-hint" onChange=${upload} />
          </label>
          ${business.logo && html`
            <button type="button" class="button danger quiet" disabled=${isBusy} onClick=${remove}>
              ${t("common.remove")}</button>`}
        </div>
      </div>
      <p class="soft" id="logo-hint">${t("console.business.logo_hint")}</p>
      ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
    </section>`;
}

const locks = (current) => among(LOCK_AFTER_SECONDS, current).map((seconds) => [seconds, duration(seconds)]);
