/** Shops and the tills in them: pair one, rename it, cut one off that was lost. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { dayText, duration } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Copy } from "./copy.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Gaps } from "./gaps.js";
import { Loaded, useLoad } from "./loading.js";
import { Pairing } from "./pairing.js";
import { rename } from "./router.js";
import { SavedFile } from "./saved-file.js";
import { service } from "./service.js";
import { TillState } from "./till-state.js";

export function Tills({ session, query, onSession }) {
  const all = useLoad(async () => {
    const [shops, tills] = await Promise.all([service.get("/shops"), service.get("/tills")]);
    return { shops: shops.items, tills: tills.items };
  });
  const [open, setOpen] = useState(query.get("pair") ? { kind: "pair" } : null);
  const close = () => {
    if (query.get("pair")) rename("#/tills");
    setOpen(null);
  };
  const shopsChanged = () => {
    all.reload();
    onSession();
  };
  const revoke = async () => {
    await service.post(`/tills/${open.till.id}/revocations`, {});
    toast(t("console.tills.revoked", { name: open.till.name }));
    all.reload();
  };
  const actions = html`
    <button type="button" class="button" onClick=${() => setOpen({ kind: "pair" })}>
      ${t("console.tills.pair")}</button>
    <button type="button" class="button quiet" onClick=${() => setOpen({ kind: "shop" })}>
      ${t("console.tills.add_shop")}</button>`;
  return html`
    <${Screen} title=${t("console.tills.title")} actions=${actions}>
      <${Loaded} of=${all}>${({ shops, tills }) => html`
        <${Gaps} tills=${tills} zone=${session.business.time_zone} onSeen=${all.reload} />
        ${shops.map((shop) => html`
          <${Shop} key=${shop.id} shop=${shop} zone=${session.business.time_zone}
            tills=${tills.filter((till) => till.shop.id === shop.id)} onOpen=${setOpen} />`)}
        ${tills.length > 0 && html`<${SavedFile} tills=${tills} onDone=${all.reload} />`}
        ${open?.kind === "pair" && html`
          <${Pairing} shops=${shops} shop=${open.shop ?? shops[0]} tills=${tills}
            onPaired=${all.reload} onClose=${close} />`}
        ${open?.kind === "shop" && html`
          <${ShopName} shop=${open.shop} onDone=${shopsChanged} onClose=${close} />`}
        ${open?.kind === "till" && html`
          <${TillName} till=${open.till} onDone=${all.reload} onClose=${close} />`}
        ${open?.kind === "revoke" && html`
          <${Confirm} title=${t("console.tills.revoke_title", { name: open.till.name })}
            text=${t("console.tills.revoke_text")} verb=${t("console.tills.revoke")}
            act=${revoke} onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

function Shop({ shop, tills, zone, onOpen }) {
  const inUse = tills.filter((till) => !till.revoked_at);
  const former = tills.filter((till) => till.revoked_at);
  const line = (till) => html`<${Till} key=${till.id} till=${till} zone=${zone} onOpen=${onOpen} />`;
  return html`
    <section class="panel stack">
      <div class="row apart">
        <h2>${shop.name}</h2>
        <button type="button" class="button plain"
          aria-label=${t("console.rename_what", { name: shop.name })}
          onClick=${() => onOpen({ kind: "shop", shop })}>${t("console.rename")}</button>
      </div>
      ${inUse.length === 0
        ? html`
          <div class="row apart"><p class="soft">${t("console.tills.none")}</p>
            <button type="button" class="button quiet" onClick=${() => onOpen({ kind: "pair", shop })}>
              ${t("console.tills.pair")}</button></div>`
        : html`<ul class="lines" role="list">${inUse.map(line)}</ul>`}
      ${former.length > 0 && html`
        <details><summary>${t("console.tills.former", { n: former.length })}</summary>
          <ul class="lines" role="list">${former.map(line)}</ul></details>`}
      <div class="stack tight"><p class="soft">${t("console.tills.join")}</p>
        <${Copy} text=${shop.join_url} label=${t("console.tills.join")} /></div>
    </section>`;
}

const Till = ({ till, zone, onOpen }) => html`
  <li class="till">
    <div class="grow"><strong>${till.name}</strong> <${TillState} till=${till} />
      <p class="soft">${till.revoked_at
        ? t("console.tills.revoked_on", { day: dayText(till.revoked_at, zone) })
        : t("console.tills.paired_on", { day: dayText(till.paired_at, zone) })}</p>
      ${!till.revoked_at && till.clock_ahead_seconds !== 0 && html`
        <p class="notice warn">${clockText(till.clock_ahead_seconds)}</p>`}</div>
    ${!till.revoked_at && html`
      <div class="row tight">
        <button type="button" class="button plain"
          aria-label=${t("console.rename_what", { name: till.name })}
          onClick=${() => onOpen({ kind: "till", till })}>${t("console.rename")}</button>
        <button type="button" class="button danger quiet" onClick=${() => onOpen({ kind: "revoke", till })}>
          ${t("console.tills.revoke")}<span class="unseen"> ${till.name}</span></button>
      </div>`}
  </li>`;

function clockText(seconds) {
  const time = duration(Math.abs(seconds));
  return t(seconds > 0 ? "console.tills.clock_ahead" : "console.tills.clock_behind", { time });
}

/** A new shop, or another name for one there is. */
function ShopName({ shop, onDone, onClose }) {
  const add = (body, options) => service.post("/shops", body, options);
  const change = (body) => service.patch(`/shops/${shop.id}`, body);
  return html`
    <${NameForm} title=${t(shop ? "console.rename" : "console.tills.add_shop")} name=${shop?.name ?? ""}
      label=${t("console.setup.shop")} hint=${t("console.setup.shop_hint")} send=${shop ? change : add}
      onDone=${onDone} onClose=${onClose} />`;
}

const TillName = ({ till, onDone, onClose }) => html`
  <${NameForm} title=${t("console.rename")} label=${t("console.tills.till_name")} name=${till.name}
    send=${(body) => service.patch(`/tills/${till.id}`, body)} onDone=${onDone} onClose=${onClose} />`;

function NameForm({ title, label, hint, name, send, onDone, onClose }) {
  const form = useForm({ name }, async (body, options) => {
    await send(body, options);
    toast(t("common.saved"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="name" label=${label} hint=${hint} required maxlength="80"
          autocomplete="off" />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}
