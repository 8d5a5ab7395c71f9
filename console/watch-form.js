/** What the owner finds usual: how many visits, and when nobody should be at work. */
import { html } from "../static/js/html.js";
import { clockTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { useBusinessForm } from "./business-form.js";
import { FormFault, Input, Submit, among } from "./form.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

const VISITS = ["watch_card_hour", "watch_card_day", "watch_staff_hour"];
const HOURS = ["quiet_from", "quiet_until"];
const FIELDS = [...VISITS, ...HOURS];
const MOST_VISITS = 1000;
const MINUTE_MS = 60_000;
const HALF_HOURS = Array.from({ length: 48 }, (_, n) => n * 30);

/** Minutes after midnight as a clock shows them: 1380 is "23:00". */
export const minuteText = (minute) => clockTime(minute * MINUTE_MS, "UTC");

export function UsualForm({ onSaved }) {
  const business = useLoad(() => service.get("/business"));
  const saved = async () => {
    await business.reload();
    onSaved();
  };
  return html`
    <section class="panel stack">
      <div>
        <h2>${t("console.watch.usual")}</h2>
        <p class="soft">${t("console.watch.usual_text")}</p>
      </div>
      <${Loaded} of=${business}>${(data) => html`
        <${Usual} key=${FIELDS.map((name) => data[name]).join()} business=${data} onSaved=${saved} />`}
      </${Loaded}>
    </section>`;
}

function Usual({ business, onSaved }) {
  const form = useBusinessForm(business, FIELDS, onSaved);
  const minutes = (name) => among(HALF_HOURS, form.start[name]).map((minute) => [minute, minuteText(minute)]);
  return html`
    <form ...${form.attributes}>
      <div class="pair">
        ${VISITS.map((name) => html`
          <${Input} key=${name} form=${form} at=${name} label=${t(`console.watch.${name}`)}
            hint=${t("console.watch.zero_hint")} type="number" inputmode="numeric" required min="0"
            max=${MOST_VISITS} />`)}
      </div>
      <div class="pair">
        ${HOURS.map((name) => html`
          <${Input} key=${name} form=${form} at=${name} label=${t(`console.watch.${name}`)}
            hint=${t(`console.watch.${name}_hint`)} options=${minutes(name)} />`)}
      </div>
      <${FormFault} form=${form} />
      <div><${Submit} form=${form} disabled=${!form.isDirty} /></div>
    </form>`;
}
