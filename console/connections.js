/** Other software: keys that let it in, and addresses that hear what happens. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { ago, dayAndTime, dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Copy } from "./copy.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, More, useLoad, usePages } from "./loading.js";
import { service } from "./service.js";

export function Connections({ session }) {
  const zone = session.business.time_zone;
  return html`
    <${Screen} title=${t("console.connections.title")} under=${t("console.connections.lead")}>
      <${Keys} zone=${zone} />
      <${Webhooks} zone=${zone} />
      <p><a href="/docs" target="_blank" rel="noopener">${t("console.connections.docs")}</a></p>
    </${Screen}>`;
}

function Keys({ zone }) {
  const keys = useLoad(() => service.get("/api-keys"));
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  const remove = async () => {
    await service.delete(`/api-keys/${open.key.id}`);
    toast(t("console.connections.key_removed", { name: open.key.name }));
    keys.reload();
  };
  return html`
    <section class="panel stack">
      <div class="row apart"><h2>${t("console.connections.keys")}</h2>
        <button type="button" class="button quiet" onClick=${() => setOpen({ kind: "add" })}>
          ${t("console.connections.add_key")}</button></div>
      <p class="soft">${t("console.connections.keys_text")}</p>
      <${Loaded} of=${keys}>${({ items }) => items.length === 0
        ? html`<p class="empty">${t("console.connections.no_keys")}</p>`
        : html`<ul class="lines" role="list">${items.map((key) => html`
            <li key=${key.id}>
              <div class="grow"><strong>${key.name}</strong><p class="soft">${[
                t("console.connections.since", { day: dayText(key.created_at, zone) }),
                key.last_used_at && t("console.connections.used", { ago: ago(key.last_used_at) }),
              ].filter(Boolean).join(" · ")}</p></div>
              <button type="button" class="button danger quiet"
                onClick=${() => setOpen({ kind: "remove", key })}>
                ${t("common.remove")}<span class="unseen"> ${key.name}</span></button>
            </li>`)}</ul>`}
      </${Loaded}>
      ${open?.kind === "add" && html`
        <${AddOne} title=${t("console.connections.add_key")} at="name" path="/api-keys" secret="key"
          label=${t("common.name")} hint=${t("console.connections.key_hint")}
          once=${t("console.connections.key_once")} onDone=${keys.reload} onClose=${close} />`}
      ${open?.kind === "remove" && html`
        <${Confirm} title=${t("console.connections.remove_key", { name: open.key.name })}
          text=${t("console.connections.remove_key_text")} verb=${t("common.remove")} act=${remove}
          onClose=${close} />`}
    </section>`;
}

function Webhooks({ zone }) {
  const hooks = useLoad(() => service.get("/webhooks"));
  const [isAdding, setAdding] = useState(false);
  return html`
    <section class="panel stack">
      <div class="row apart"><h2>${t("console.connections.webhooks")}</h2>
        <button type="button" class="button quiet" onClick=${() => setAdding(true)}>
          ${t("console.connections.add_webhook")}</button></div>
      <p class="soft">${t("console.connections.webhooks_text")}</p>
      <${Loaded} of=${hooks}>${({ items }) => items.length === 0
        ? html`<p class="empty">${t("console.connections.no_webhooks")}</p>`
        : html`<ul class="lines" role="list">${items.map((hook) => html`
            <li key=${hook.id}>
              <div class="grow">
                <a href=${`#/connections/${hook.id}`}>${hook.url}</a>
                <p class="soft">${t("console.connections.since", { day: dayText(hook.created_at, zone) })}</p>
              </div>
              <${HookState} hook=${hook} />
            </li>`)}</ul>`}
      </${Loaded}>
      ${isAdding && html`
        <${AddOne} title=${t("console.connections.add_webhook")} at="url" path="/webhooks" secret="secret"
          label=${t("console.connections.address")} hint=${t("console.connections.address_hint")}
          box=${{ type: "url", placeholder: "https://" }} once=${t("console.connections.secret_once")}
          onDone=${hooks.reload} onClose=${() => setAdding(false)} />`}
    </section>`;
}

/** Make a key or a webhook, and show its secret the one time it can be seen. */
function AddOne({ title, at, path, secret, label, hint, box = {}, once, onDone, onClose }) {
  const [made, setMade] = useState(null);
  const form = useForm({ [at]: "" }, async (body, options) => {
    setMade(await service.post(path, body, options));
    onDone();
  });
  if (made) {
    return html`
      <${Dialog} title=${made[at]} onClose=${onClose}>
        <p class="notice warn">${once}</p>
        <${Copy} text=${made[secret]} label=${title} />
        <div class="row end">
          <button type="button" class="button" onClick=${onClose}>${t("common.done")}</button>
        </div>
      </${Dialog}>`;
  }
  return html`
    <${Dialog} title=${title} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at=${at} label=${label} hint=${hint} required maxlength="200"
          autocomplete="off" ...${box} />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("common.add")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}

/** One webhook: what was sent there and how it went. */
export function Webhook({ id, session }) {
  const zone = session.business.time_zone;
  const hook = useLoad(async () => {
    const { items } = await service.get("/webhooks");
    return items.find((one) => one.id === id) ?? null;
  }, [id]);
  const deliveries = usePages(`/webhooks/${id}/deliveries`);
  const [fault, setFault] = useState(null);
  const [isRemoving, setRemoving] = useState(false);
  const act = async (call, done) => {
    setFault(null);
    try {
      await call();
      toast(t(done));
      hook.reload();
      deliveries.reload();
    } catch (problem) {
      setFault(problem.words);
    }
  };
  const test = () => act(() => service.post(`/webhooks/${id}/tests`, {}), "console.connections.test_sent");
  const setActive = (active) => act(() => service.patch(`/webhooks/${id}`, { active }), "common.saved");
  const remove = async () => {
    await service.delete(`/webhooks/${id}`);
    toast(t("console.connections.webhook_removed"));
    location.hash = "#/connections";
  };
  return html`
    <${Screen} title=${t("console.connections.webhook")} under=${hook.data?.url}
      back=${["#/connections", t("console.connections.title")]}>
      <${Loaded} of=${hook}>${(found) => !found
        ? html`<p class="notice bad" role="alert">${t("problem.not_found")}</p>`
        : html`
          <div class="row">
            <${HookState} hook=${found} />
            ${found.active && html`
              <button type="button" class="button" onClick=${test}>${t("console.connections.test")}</button>`}
            <button type="button" class=${found.active ? "button quiet" : "button"}
              onClick=${() => setActive(!found.active)}>
              ${t(found.active ? "console.connections.pause" : "console.connections.resume")}</button>
            <button type="button" class="button danger quiet" onClick=${() => setRemoving(true)}>
              ${t("common.remove")}</button>
          </div>
          ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
          <section class="panel stack">
            <div class="row apart"><h2>${t("console.connections.deliveries")}</h2>
              <button type="button" class="button plain" onClick=${deliveries.reload}>
                ${t("console.connections.look_again")}</button></div>
            <${Loaded} of=${deliveries}>${(items) => items.length === 0
              ? html`<p class="empty">${t("console.connections.no_deliveries")}</p>`
              : html`
                <ul class="lines" role="list">
                  ${items.map((one) => html`<${Delivery} key=${one.id} delivery=${one} zone=${zone} />`)}
                </ul>
                <${More} of=${deliveries} />`}
            </${Loaded}>
          </section>
          ${isRemoving && html`
            <${Confirm} title=${t("console.connections.remove_webhook")}
              text=${t("console.connections.remove_webhook_text")} verb=${t("common.remove")} act=${remove}
              onClose=${() => setRemoving(false)} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

function HookState({ hook }) {
  const chip = (kind, text) => html`<span class=${`chip ${kind} dot`}>${text}</span>`;
  if (!hook.active) return chip("bad", t(`console.hook.off_${hook.off_reason}`));
  if (hook.failing_since) return chip("warn", t("console.hook.failing", { ago: ago(hook.failing_since) }));
  return chip("good", t("console.hook.on"));
}

const CHIPS = { delivered: "good", failed: "bad", waiting: "warn" };

const Delivery = ({ delivery, zone }) => html`
  <li class="row apart">
    <span><strong>${t(`console.kind.${delivery.kind}`)}</strong>${" "}
      <span class="soft">${dayAndTime(delivery.created_at, zone)}</span></span>
    <span class="row tight">
      <span class="soft">${[
        delivery.error && t(`console.delivery.error_${delivery.error}`),
        delivery.answer_status && `HTTP ${delivery.answer_status}`,
        delivery.attempts > 1 && t("console.connections.attempts", { n: delivery.attempts }),
      ].filter(Boolean).join(" · ")}</span>
      <span class=${`chip ${CHIPS[delivery.status]}`}>${t(`console.delivery.${delivery.status}`)}</span>
    </span>
  </li>`;
