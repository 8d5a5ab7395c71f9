/** Pairing a till: a one-use code in big letters, how long it lasts, and the news when the till has come. */
import { html, useEffect, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { t } from "../static/js/words.js";
import { Copy } from "./copy.js";
import { FormFault, Input, Submit, named, useForm } from "./form.js";
import { Icon } from "./icons.js";
import { service } from "./service.js";

const LOOK_EVERY_MS = 2500;

export function Pairing({ shops, shop, tills, onPaired, onClose }) {
  const [pairing, setPairing] = useState(null); // {code, expires_at, name}
  const [known] = useState(() => new Set(tills.map((till) => till.id)));
  const start = { shop: shop.id, till_name: t("console.tills.nth", { n: tills.length + 1 }) };
  const form = useForm(start, async ({ shop: where, till_name }, options) => {
    const code = await service.post(`/shops/${where}/pairing-codes`, { till_name }, options);
    setPairing({ ...code, name: till_name });
  });
  const arrived = useArrival(pairing, known, onPaired);
  if (arrived) return html`<${Arrived} till=${arrived} onClose=${onClose} />`;
  const again = () => setPairing(null);
  if (pairing) return html`<${Code} pairing=${pairing} onAgain=${again} onClose=${onClose} />`;
  return html`
    <${Dialog} title=${t("console.tills.pair")} onClose=${onClose}>
      <form ...${form.attributes}>
        ${shops.length > 1 && html`
          <${Input} form=${form} at="shop" label=${t("console.tills.which_shop")} options=${named(shops)} />`}
        <${Input} form=${form} at="till_name" label=${t("console.tills.till_name")}
          hint=${t("console.tills.till_name_hint")} required maxlength="80" autocomplete="off" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("console.tills.make_code")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}

function Code({ pairing, onAgain, onClose }) {
  const left = useSecondsLeft(pairing.expires_at);
  return html`
    <${Dialog} title=${t("console.tills.pair_name", { name: pairing.name })} onClose=${onClose}>
      <ol class="numbered">
        <li>${t("console.tills.open_kiosk")}
          <${Copy} text=${`${location.origin}/kiosk/`} label=${t("console.tills.kiosk_address")} /></li>
        <li>${t("console.tills.type_code")}
          <p class="big-code" aria-label=${[...pairing.code].join(" ")}>${pairing.code}</p></li>
      </ol>
      ${left > 0
        ? html`
          <p class="soft row apart"><span>${t("console.tills.expires")}</span>
            <strong class="clock" role="timer">${clock(left)}</strong></p>
          <p class="notice" role="status">${t("console.tills.waiting")}</p>`
        : html`
          <div class="notice warn row apart" role="alert"><p>${t("console.tills.expired")}</p>
            <button type="button" class="button quiet" onClick=${onAgain}>
              ${t("console.tills.new_code")}</button>
          </div>`}
    </${Dialog}>`;
}

const Arrived = ({ till, onClose }) => html`
  <${Dialog} title=${t("console.tills.arrived", { name: till.name })} onClose=${onClose}>
    <p class="notice" role="status">
      <${Icon} name="check" /><span>${t("console.tills.arrived_text")}</span></p>
    <div class="row end"><a class="button quiet" href="#/staff">${t("console.tills.to_staff")}</a>
      <button type="button" class="button" onClick=${onClose}>${t("common.done")}</button></div>
  </${Dialog}>`;

/** The till that was not there before, once it is. */
function useArrival(pairing, known, onPaired) {
  const [till, setTill] = useState(null);
  useEffect(() => {
    if (!pairing || till) return undefined;
    const timer = setInterval(async () => {
      const answer = await service.get("/tills").catch(() => null); // asked again in a moment
      const fresh = answer?.items.find((one) => !known.has(one.id));
      if (!fresh) return;
      setTill(fresh);
      onPaired();
    }, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [pairing, till]);
  return till;
}

function useSecondsLeft(until) {
  const seconds = () => Math.max(0, Math.ceil((new Date(until) - Date.now()) / 1000));
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    setLeft(seconds());
    const timer = setInterval(() => setLeft(seconds()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
