/** The cards that belong to one of the staff, who cannot stamp them themselves. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { service } from "./service.js";

export function OwnCards({ person, onDone, onClose }) {
  const [cards, setCards] = useState(person.cards);
  const [fault, setFault] = useState(null);
  const path = (code) => `/staff/${person.id}/cards/${encodeURIComponent(code)}`;
  const form = useForm({ code: "" }, async ({ code }) => {
    const answer = await service.put(path(code.trim().split("/").at(-1)));
    setCards(answer.cards);
    form.setValues({ code: "" });
    toast(t("console.staff.card_added", { name: person.name }));
    onDone();
  });
  const remove = async ({ code }) => {
    setFault(null);
    try {
      await service.delete(path(code));
      setCards((before) => before.filter((card) => card.code !== code));
      onDone();
    } catch (problem) {
      setFault(problem.words);
    }
  };
  return html`
    <${Dialog} title=${t("console.staff.cards_of", { name: person.name })} onClose=${onClose}>
      <p>${t("console.staff.cards_text")}</p>
      ${cards.length > 0 && html`
        <ul class="lines" role="list">${cards.map((card) => html`
          <li key=${card.code} class="row apart">
            <a class="to-card" href=${`#/cards/${card.code}`} onClick=${onClose}>
              ${t("console.aside.on_card", { code: card.short_code })}</a>
            <button type="button" class="button quiet" onClick=${() => remove(card)}>${t("common.remove")}
              <span class="unseen"> ${card.short_code}</span></button>
          </li>`)}</ul>`}
      ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
      <form ...${form.attributes}>
        <${Input} form=${form} at="code" label=${t("console.staff.card_code")}
          hint=${t("console.aside.which_card_hint")} required maxlength="300" autocomplete="off" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("console.staff.card_add")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}
