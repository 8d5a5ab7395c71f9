/** A new case, told by the owner: somebody called, wrote, or stood in the door. */
import { html, useRef, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { uuid7 } from "../static/js/uuid7.js";
import { kindChoices } from "./case-text.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, Submit, named, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { go, useUnsaved } from "./router.js";
import { service } from "./service.js";

const NONE = ["", "–"];
const START = { what: "", severity: 2, card: "", shop: "", wish: "", contact: "" };

export function NewCase({ session, query }) {
  const id = useRef(uuid7());
  const [isMade, setMade] = useState(false);
  const [start] = useState({ ...START, card: query.get("card") ?? "" });
  const form = useForm(start, async (told) => {
    const said = Object.entries(told).filter(([, value]) => value !== "");
    const made = await service.post("/cases", { id: id.current, ...Object.fromEntries(said) });
    setMade(true);
    toast(t("console.good.added"));
    setTimeout(() => go(`#/making-good/${made.id}`)); // once the form no longer counts as unsaved
  });
  useUnsaved(form.isDirty && !isMade);
  const { severity } = form.values;
  const optional = (key) => `${t(`console.good.${key}`)} (${t("common.optional")})`;
  return html`
    <${Screen} title=${t("console.good.add")} back=${["#/making-good", t("console.good.title")]}>
      <form ...${form.attributes}>
        <section class="panel stack">
          <${Input} form=${form} at="what" as="textarea" label=${t("console.good.what")} required
            maxlength="300" />
          <fieldset class="stack tight">
            <legend>${t("console.good.how_bad")}</legend>
            ${[1, 2, 3].map((n) => html`
              <${Choice} key=${n} type="radio" name="severity" checked=${severity === n}
                label=${t(`console.good.severity_${n}`)} onChange=${() => form.set("severity", n)} />`)}
          </fieldset>
          <${Input} form=${form} at="wish" label=${optional("wish")} options=${[NONE, ...kindChoices()]} />
        </section>
        <section class="panel stack">
          <${Input} form=${form} at="card" label=${optional("card")} hint=${t("console.good.card_hint")}
            maxlength="300" autocomplete="off" />
          ${session.shops.length > 1 && html`
            <${Input} form=${form} at="shop" label=${optional("shop")}
              options=${[NONE, ...named(session.shops)]} />`}
          <${Input} form=${form} at="contact" label=${optional("contact")}
            hint=${t("console.good.contact_hint")} minlength="3" maxlength="200" autocomplete="off" />
        </section>
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("console.good.open")}</${Submit}></div>
      </form>
    </${Screen}>`;
}
