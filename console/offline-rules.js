/** What tills may hand out with no network: nothing, or a few rewards on cards they have seen lately. */
import { html } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { useBusinessForm } from "./business-form.js";
import { FormFault, Input, Submit } from "./form.js";

const NUMBERS = { offline_per_card: 10, offline_per_till: 50, offline_hours: 168 }; // each with its highest
export const OFFLINE_FIELDS = ["offline_redeem", ...Object.keys(NUMBERS)];

export function OfflineRules({ business, onSaved }) {
  const form = useBusinessForm(business, OFFLINE_FIELDS, onSaved);
  const choices = ["never", "limited"].map((code) => [code, t(`console.offline.redeem_${code}`)]);
  return html`
    <form ...${form.attributes} class="panel stack">
      <div>
        <h2>${t("console.offline.title")}</h2>
        <p class="soft">${t("console.offline.text")}</p>
      </div>
      <${Input} form=${form} at="offline_redeem" label=${t("console.offline.redeem")} options=${choices} />
      ${form.values.offline_redeem === "limited" && html`
        <div class="pair">
          ${Object.entries(NUMBERS).map(([name, most]) => html`
            <${Input} key=${name} form=${form} at=${name} label=${t(`console.offline.${name}`)}
              type="number" inputmode="numeric" min="1" max=${most} required />`)}
        </div>`}
      <${FormFault} form=${form} />
      <div><${Submit} form=${form} disabled=${!form.isDirty} /></div>
    </form>`;
}
