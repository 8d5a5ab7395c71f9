/** "Something was wrong", told in a few taps. It is kept on the phone until the service has it. */
import { connect, problemIn } from "../static/js/api.js";
import { fieldsOf } from "../static/js/faults.js";
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { Field } from "../static/js/parts.js";
import { uuid7 } from "../static/js/uuid7.js";
import { t } from "../static/js/words.js";
import * as wallet from "./wallet.js";

const AGAIN_MS = 5000;
const EMPTY = { picked: "", words: "", severity: 2, wish: "", contact: "" };

export function Tell({ code, onTold, onClose }) {
  // Sent as it is until there is an answer: other words under the same id would be another case.
  const [sending, setSending] = useState(wallet.card(code)?.telling);
  const [draft, setDraft] = useState(sending ? draftOf(sending) : EMPTY);
  const [problem, setProblem] = useState(null);
  const head = useRef(null);
  useEffect(() => {
    head.current.focus();
    head.current.scrollIntoView();
  }, []);

  useEffect(() => {
    if (!sending) return undefined;
    let timer = null;
    const send = async () => {
      try {
        await connect().post(`/cards/${code}/cases`, sending);
        wallet.keep(code, { telling: undefined });
        onTold();
      } catch (trouble) {
        const found = problemIn(trouble);
        setProblem(found);
        if (found.passing) timer = setTimeout(send, found.retryAfterSeconds * 1000 || AGAIN_MS);
        else {
          wallet.keep(code, { telling: undefined });
          setSending(null);
        }
      }
    };
    send();
    return () => clearTimeout(timer);
  }, [sending]);

  const submit = (event) => {
    event.preventDefault();
    setProblem(null);
    const telling = tellingOf(draft);
    if (telling.what) {
      wallet.keep(code, { telling });
      setSending(telling);
    } else {
      setProblem({ errors: [{ pointer: "/what", code: "missing" }], body: {} });
      event.target.elements.words.focus();
    }
  };

  const isWaiting = sending && problem;
  return html`<form class="panel stack" onSubmit=${submit} noValidate>
    <h2 tabindex="-1" ref=${head}>${t("customer.case_title")}</h2>
    ${isWaiting
      ? html`<blockquote class="soft">${sending.what}</blockquote>
          <p class="notice warn" role="status">${t("customer.case_waits")}</p>`
      : html`<${Questions}
          draft=${draft} set=${(change) => setDraft({ ...draft, ...change })}
          problem=${problem} isBusy=${Boolean(sending)} onClose=${onClose}
        />`}
  </form>`;
}

function Questions({ draft, set, problem, isBusy, onClose }) {
  const errors = problem ? fieldsOf(problem) : {};
  const into = (name) => ({ value: draft[name], onInput: ({ target }) => set({ [name]: target.value }) });
  return html`
    <${Picks}
      name="picked" label=${t("customer.case_what")} chosen=${draft.picked} set=${set}
      options=${["order", "slow", "other", "manner", "stamps"].map((one) => [one, whatText(one)])}
    />
    <${Field}
      id="words" as="textarea" rows="3" maxlength="240" label=${t("customer.case_words")}
      error=${errors.what && t("customer.case_missing")} ...${into("words")}
    />
    <${Picks}
      name="severity" label=${t("customer.case_bad")} chosen=${draft.severity} set=${set}
      options=${[1, 2, 3].map((one) => [one, t(`customer.case_bad_${one}`)])}
    />
    <${Field} id="wish" as="select" label=${t("customer.case_wish")} ...${into("wish")}>
      ${["", "apology", "replacement", "money_back", "percent", "stamps"].map((one) => html`
        <option value=${one}>${t(`customer.case_wish_${one || "none"}`)}</option>`)}
    <//>
    <${Field}
      id="contact" label=${t("customer.case_contact")} hint=${t("customer.case_contact_why")}
      maxlength="200" autocomplete="email" error=${errors.contact} ...${into("contact")}
    />
    ${problem?.words && html`<p class="notice warn" role="alert">${problem.words}</p>`}
    <div class="row">
      <button class="button" aria-busy=${isBusy} disabled=${isBusy}>${t("customer.case_send")}</button>
      <button class="button plain" type="button" onClick=${onClose}>${t("common.cancel")}</button>
    </div>`;
}

function Picks({ name, label, options, chosen, set }) {
  const option = ([value, text]) => html`<label key=${value}>
    <input type="radio" name=${name} checked=${value === chosen} onChange=${() => set({ [name]: value })} />
    <span>${text}</span>
  </label>`;
  return html`<fieldset class="field picks">
    <legend>${label}</legend>
    <div>${options.map(option)}</div>
  </fieldset>`;
}

const whatText = (picked) => t(`customer.case_what_${picked}`);

/** What is sent, under an id of its own. */
function tellingOf({ picked, words: typed, severity, wish, contact }) {
  const words = typed.trim();
  const what = picked && words ? t("customer.case_said", { what: whatText(picked), words })
    : picked ? whatText(picked) : words;
  return { id: uuid7(), what, severity, wish: wish || null, contact: contact.trim() || null };
}

/** What the phone has kept, back in the form. */
const draftOf = ({ what, severity, wish, contact }) =>
  ({ ...EMPTY, words: what, severity, wish: wish ?? "", contact: contact ?? "" });
