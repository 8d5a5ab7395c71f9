/** What went wrong, as the customer sees it: told, answered, put right or not. */
import { connect } from "../static/js/api.js";
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { Case } from "./case.js";
import { Tell } from "./tell.js";
import * as wallet from "./wallet.js";

/** onNews: is there an answer that the customer has not said anything to? */
export function Cases({ code, face, onNews }) {
  const [{ items, currency }, setFound] = useState({ items: [] });
  const [isTelling, setTelling] = useState(Boolean(wallet.card(code)?.telling));
  const [isThanked, setThanked] = useState(false);
  const [justSaid, setJustSaid] = useState([]); // a case that went away under the finger would puzzle
  const thanks = useRef(null);

  const load = () => {
    const ask = (key) => connect({ key: () => key }).get(`/cards/${code}/cases`);
    // A private link that moved to another phone is refused; without one there are the cases, but no words.
    return ask(wallet.card(code)?.key).catch(() => ask()).then(setFound, () => {});
  };
  useEffect(() => void load(), [code, face]);
  useEffect(() => void thanks.current?.focus(), [isThanked]);

  const isRead = ({ id, put_right: rating }) => rating || wallet.card(code)?.read?.includes(id);
  const isNews = (one) => one.state !== "open" && !isRead(one);
  const isCurrent = (one) => one.state === "open" || isNews(one) || justSaid.includes(one.id);
  const current = items.filter(isCurrent);
  const earlier = items.filter((one) => !isCurrent(one));
  useEffect(() => onNews(items.some(isNews)));

  const tell = () => {
    setThanked(false);
    setTelling(true);
  };
  const onTold = async () => {
    await load();
    setTelling(false);
    setThanked(true);
  };
  const caseOf = (one) => html`<${Case}
    key=${one.id} one=${one} code=${code} business=${face.business} currency=${currency}
    onSaid=${() => setJustSaid([...justSaid, one.id])}
  />`;

  return html`<section class="cases stack" id="told" tabindex="-1">
    ${isTelling
      ? html`<${Tell} code=${code} onTold=${onTold} onClose=${() => setTelling(false)} />`
      : html`<button class="button plain" onClick=${tell}>${t("customer.case_tell")}</button>`}
    ${isThanked && items.some(({ state }) => state === "open") && html`
      <p class="notice" role="status" tabindex="-1" ref=${thanks}>${t("customer.case_thanks")}</p>`}
    ${current.length > 0 && html`<h2>${t("customer.cases_title")}</h2>`}
    ${current.map(caseOf)}
    ${earlier.length > 0 && html`<details class="fold">
      <summary>${t("customer.cases_earlier", { n: earlier.length })}</summary>
      ${earlier.map(caseOf)}
    </details>`}
  </section>`;
}
