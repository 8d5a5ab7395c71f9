/** Forms that show the service's answer next to the field it is about. */
import { idempotencyKey, problemIn } from "../static/js/api.js";
import { fieldsOf } from "../static/js/faults.js";
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { moneyField, readMoney } from "../static/js/money.js";
import { Field } from "../static/js/parts.js";
import { t } from "../static/js/words.js";

/**
 * A form whose fields are named by their place in the body that is sent: "owner.name" is {owner: {name}}.
 * `send(body, options)`: options hold the key that makes sending the same form twice harmless.
 */
export function useForm(start, send) {
  const [values, setValues] = useState(start);
  const [faults, setFaults] = useState({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef(null);
  const key = useRef(null);
  key.current ??= idempotencyKey();

  // Only an answer to the whole form may move the focus, never one that comes while somebody types.
  const isAnswered = useRef(false);
  useEffect(() => {
    if (isAnswered.current) form.current?.querySelector("[aria-invalid=true]")?.focus();
    isAnswered.current = false;
  }, [faults]);

  const set = (name, value) => {
    key.current = null;
    setValues((before) => ({ ...before, [name]: value }));
    const isOver = (at) => at === "" || isWithin(at, name);
    if (Object.keys(faults).some(isOver)) setFaults((before) => without(before, isOver));
  };
  const blame = (problem) => setFaults(problem ? faultsOf(problem, values) : {});
  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setFaults({});
    try {
      await send(bodyOf(values), { idempotencyKey: key.current });
      key.current = null;
    } catch (problem) {
      if (!problem.passing) key.current = null; // answered: the next try is a new one
      isAnswered.current = true;
      blame(problem);
    } finally {
      setBusy(false);
    }
  };
  const isDirty = Object.keys(start).some((name) => values[name] !== start[name]);
  const attributes = { ref: form, onSubmit: submit, class: "stack" };
  return { values, set, setValues, faults, blame, isBusy, isDirty, body: bodyOf(values), attributes };
}

/** {"owner.name": "Ala"} becomes {owner: {name: "Ala"}}. */
export function bodyOf(values) {
  const body = {};
  for (const [path, value] of Object.entries(values)) {
    const names = path.split(".");
    const last = names.pop();
    names.reduce((inner, name) => (inner[name] ??= {}), body)[last] = value;
  }
  return body;
}

/** The sentences of a problem by field; what belongs to no field of this form stands under "". */
function faultsOf(problem, values) {
  const fields = fieldsOf(problemIn(problem));
  const names = Object.keys(values);
  const faults = without(fields, (at) => !names.some((name) => isWithin(at, name)));
  return Object.keys(faults).length ? faults : { "": problem.words };
}

/** Is "terms.tiers.0.at" this field, or part of it? */
const isWithin = (at, name) => `${at}.`.startsWith(`${name}.`);

const without = (faults, isGone) =>
  Object.fromEntries(Object.entries(faults).filter(([at]) => !isGone(at)));

/**
 * A field of `form`. `options` ([value, text] pairs) makes it a choice, `as` "textarea" room for lines; the rest
 * goes to the box itself.
 */
export function Input({ form, at, options, as = "input", ...box }) {
  const isNumber = box.type === "number";
  const onInput = ({ target }) => {
    if (options) form.set(at, options[target.selectedIndex][0]);
    else form.set(at, isNumber ? readNumber(target.value) : target.value);
  };
  const value = form.values[at];
  return html`
    <${Field} ...${box} id=${fieldId(at)} as=${options ? "select" : as} value=${value ?? ""}
      error=${form.faults[at]} onInput=${onInput}>
      ${options?.map(([code, text]) => html`
        <option key=${code} value=${code} selected=${code === value}>${text}</option>`)}
    </${Field}>`;
}

/** An amount of money; the form holds it in the smallest unit, or null while it cannot be read. */
export function MoneyInput({ form, at, currency, label, ...box }) {
  const minor = form.values[at];
  const [text, setText] = useState(moneyField(minor ?? 0, currency));
  useEffect(() => {
    if (minor !== null && readMoney(text, currency) !== minor) setText(moneyField(minor, currency));
  }, [minor, currency]);
  const onInput = ({ target }) => {
    setText(target.value);
    form.set(at, readMoney(target.value, currency));
  };
  return html`
    <${Field} ...${box} id=${fieldId(at)} label=${`${label} (${currency})`} value=${text}
      inputmode="decimal" autocomplete="off" error=${form.faults[at]} onInput=${onInput} />`;
}

/** A box to tick or, with type="radio", one of several. */
export function Choice({ label, hint, ...box }) {
  return html`
    <label class="choice">
      <input type="checkbox" ...${box} />
      <span>${label}${hint && html`<br /><span class="soft">${hint}</span>`}</span>
    </label>`;
}

/** What is wrong with the form as a whole. */
export const FormFault = ({ form: { faults } }) =>
  faults[""] && html`<p class="notice bad" role="alert">${faults[""]}</p>`;

export const Submit = ({ form, children, disabled = false, class: name = "" }) => html`
  <button class=${`button ${name}`} disabled=${form.isBusy || disabled} aria-busy=${form.isBusy}>
    ${children ?? t("common.save")}</button>`;

/** Nouns of the service as choices: their names, standing for their ids. */
export const named = (nouns) => nouns.map(({ id, name }) => [id, name]);

/** The usual numbers to choose from, and the one that is set if it is none of them. */
export const among = (usual, current) =>
  current === null || usual.includes(current) ? usual : [...usual, current].sort((a, b) => a - b);

const fieldId = (at) => `field-${at.replaceAll(".", "-")}`;
const readNumber = (text) => (text === "" ? null : Number(text));
