/** Answering a case: a yes to what the staff offered, one press for a usual remedy, another one, or a no. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { Dialog, Field } from "../static/js/parts.js";
import { t } from "../static/js/words.js";
import { FIELDS, costText, kindChoices, remedyText } from "./case-text.js";
import { toast } from "./dialog.js";
import { FormFault, Input, MoneyInput, Submit, useForm } from "./form.js";
import { service } from "./service.js";

const MOST_WORDS = 300;
const NUMBERS = { stamps: { min: 1, max: 20 }, percent: { min: 1, max: 100 } };

export function Answer({ one, currency, onAnswered }) {
  const { offered } = one;
  const [words, setWords] = useState(offered ? offerOf(one).words ?? "" : "");
  const [isDeclining, setDeclining] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState(null);
  const said = () => (words.trim() ? { words } : {});
  const given = () => {
    toast(t(one.card ? "console.good.given_card" : "console.good.given_slip"));
    onAnswered();
  };
  const act = async (path, body) => {
    setBusy(true);
    setFault(null);
    try {
      await service.post(`/cases/${one.id}/${path}`, { ...body, ...said() });
      given();
    } catch (problem) {
      setFault(problem.words);
      if (problem.status === 409) onAnswered(); // somebody was quicker, or the budget has changed
    }
    setBusy(false);
  };
  const give = (remedy) => act("remedies", remedy);
  const choices = html`
    <${Suggestions} one=${one} currency=${currency} isBusy=${isBusy} onGive=${give} />
    <${Another} one=${one} currency=${currency} said=${said} onGiven=${given} />`;
  return html`
    <section class="panel stack">
      <h2>${t(offered ? "console.good.your_yes" : "console.good.put_it_right")}</h2>
      ${offered && html`
        <p>${t("console.good.offers",
            { author: offerOf(one).author, gift: remedyText(offered.remedy, currency) })}
          <br /><span class="soft">${costText(offered, currency)}</span></p>`}
      <${Field} as="textarea" id="answer-words" label=${optional("words")} hint=${t("console.good.words_hint")}
        maxlength=${MOST_WORDS} value=${words}
        onInput=${({ target }) => setWords(target.value)} />
      ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
      ${offered
        ? html`
          <button type="button" class="button wide" disabled=${isBusy || offered.verdict === "over_budget"}
            onClick=${() => act("approvals", {})}>${t("console.good.say_yes")}</button>
          ${offered.verdict === "over_budget" && html`<p><${OverBudget} /></p>`}
          <details>
            <summary>${t("console.good.instead")}</summary><div class="stack">${choices}</div></details>`
        : choices}
      ${one.left !== null && html`
        <p class="soft">
          ${t("console.good.left_now", { left: money(one.left, currency) })}${" "}
          <a href="#/making-good">${t("console.good.to_limits")}</a></p>`}
      <div class="row"><button type="button" class="button danger quiet" onClick=${() => setDeclining(true)}>
        ${t("console.good.decline")}</button></div>
    </section>
    ${isDeclining && html`
      <${Decline} id=${one.id} words=${offered ? "" : words} onDone=${onAnswered}
        onClose=${() => setDeclining(false)} />`}`;
}

const optional = (key) => `${t(`console.good.${key}`)} (${t("common.optional")})`;

const offerOf = ({ lines }) => lines.findLast(({ kind }) => kind === "offered");

const OverBudget = () => html`<span class="chip warn">${t("console.good.over_budget")}</span>`;

/** What is usual for a thing like this, what they wish for first; one press gives it. */
const Suggestions = ({ one, currency, isBusy, onGive }) => html`
  <ul class="lines" role="list">${one.suggestions.map(({ remedy, cost, verdict }) => html`
    <li key=${remedy.kind} class="suggestion">
      <span class="grow"><strong>${remedyText(remedy, currency)}</strong>
        <br /><span class="soft">${costText({ remedy, cost }, currency)}</span>
        ${remedy.kind === one.wish && html`${" "}<span class="chip good">${t("console.good.wished")}</span>`}
        ${verdict === "over_budget" && html`${" "}<${OverBudget} />`}
      </span>
      <button type="button" class="button quiet" disabled=${isBusy || verdict === "over_budget"}
        aria-label=${t("console.good.give_what", { gift: remedyText(remedy, currency) })}
        onClick=${() => onGive(remedy)}>${t("console.good.give")}</button>
    </li>`)}</ul>`;

/** Anything else that can be given. */
function Another({ one, currency, said, onGiven }) {
  const start = { kind: "replacement", stamps: 1, item: "", percent: 10, amount: 0, order_ref: "" };
  const form = useForm(start, async ({ kind, ...values }, options) => {
    const own = FIELDS[kind].filter((name) => values[name] !== "").map((name) => [name, values[name]]);
    await service.post(`/cases/${one.id}/remedies`, { kind, ...Object.fromEntries(own), ...said() }, options);
    onGiven();
  });
  const has = (name) => FIELDS[form.values.kind].includes(name);
  const number = (name) => has(name) && html`
    <${Input} form=${form} at=${name} type="number" inputmode="numeric" class="short" required
      ...${NUMBERS[name]} label=${t(`console.good.how_many_${name}`)} />`;
  const text = (name, box) => has(name) && html`
    <${Input} form=${form} at=${name} maxlength="80" autocomplete="off" ...${box} />`;
  const kinds = kindChoices().filter(([kind]) => kind !== "stamps" || one.card);
  return html`
    <details>
      <summary>${t("console.good.something_else")}</summary>
      <form ...${form.attributes}>
        <${Input} form=${form} at="kind" label=${t("console.good.kind")} options=${kinds} />
        ${number("stamps")}${number("percent")}
        ${text("item", { label: t("console.good.item"), required: true })}
        ${has("amount") && html`
          <${MoneyInput} form=${form} at="amount" currency=${currency} label=${t("console.good.amount")} />`}
        ${text("order_ref", { label: optional("receipt"), hint: t("console.good.receipt_hint") })}
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("console.good.give")}</${Submit}></div>
      </form>
    </details>`;
}

function Decline({ id, words, onDone, onClose }) {
  const form = useForm({ words }, async (body, options) => {
    await service.post(`/cases/${id}/declines`, body, options);
    toast(t("console.good.declined"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.good.decline_title")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="words" as="textarea" label=${t("console.good.words")}
          hint=${t("console.good.decline_hint")} required maxlength=${MOST_WORDS} />
        <${FormFault} form=${form} />
        <div class="row end">
          <${Submit} form=${form} class="danger">${t("console.good.decline")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}
