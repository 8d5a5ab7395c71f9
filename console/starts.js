/** From when new terms count: at once, or from a moment on the shop's wall clock. */
import { html } from "../static/js/html.js";
import { wallOf } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Choice, Input } from "./form.js";

const HOUR_MS = 3_600_000;

/** The field starts_at holds null for at once, else what the wall clock shows: "2026-12-01T06:00". */
export function Starts({ form, zone }) {
  const { starts_at: starts } = form.values;
  const choice = (name, isChosen, value) => html`
    <${Choice} type="radio" name="starts" checked=${isChosen} label=${t(`console.starts.${name}`)}
      onChange=${() => form.set("starts_at", value)} />`;
  return html`
    <fieldset class="stack tight">
      <legend>${t("console.starts.title")}</legend>
      ${choice("now", starts === null, null)}
      ${choice("later", starts !== null, wallOf(Date.now() + HOUR_MS, zone))}
      ${starts !== null && html`
        <${Input} form=${form} at="starts_at" type="datetime-local" required
          min=${wallOf(Date.now(), zone)} label=${t("console.starts.at")} hint=${zone} />`}
    </fieldset>`;
}
