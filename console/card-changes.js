/** Putting a card right: undo one line, adjust its figures, move it to a new card. Each asks why. */
import { html, useState } from "../static/js/html.js";
import { Dialog } from "../static/js/parts.js";
import { qrPath } from "../static/js/qr.js";
import { whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { Copy } from "./copy.js";
import { toast } from "./dialog.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { service } from "./service.js";

const REASON = { maxlength: 200, required: true, autocomplete: "off" };

export function Undo({ code, line, zone, onDone, onClose }) {
  const form = useForm({ reason: "" }, async (body, options) => {
    await service.post(`/cards/${code}/voids`, { ref: line.id, ...body }, options);
    toast(t("console.undo.done"));
    onDone();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.undo.title")} onClose=${onClose}>
      <p>${whyText(line.why, zone)}</p>
      <form ...${form.attributes}>
        <${Input} form=${form} at="reason" label=${t("console.reason")} hint=${t("console.undo.reason_hint")}
          ...${REASON} />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} class="danger">${t("console.undo.go")}</${Submit}></div>
      </form>
    </${Dialog}>`;
}

/** Stamps, and rewards of one kind. */
export function Adjust({ card, onDone, onClose }) {
  const form = useForm({ stamps: 0, rewards: 0, tier: null, reason: "" }, async (body, options) => {
    await service.post(`/cards/${card.code}/adjustments`, body, options);
    toast(t("console.adjust.done"));
    onDone();
    onClose();
  });
  const { stamps, rewards, tier } = form.values;
  const main = { key: null, reward: card.programme.reward, ready: card.rewards_ready, ...card.reward };
  const kinds = [main, ...(card.tiers ?? [])];
  const { ready } = kinds.find(({ key }) => key === tier);
  return html`
    <${Dialog} title=${t("console.adjust.title")} onClose=${onClose}>
      <p>${t("console.adjust.text")}</p>
      <form ...${form.attributes}>
        <div class="pair">
          <${Stepper} form=${form} at="stamps" label=${t("console.adjust.stamps")} />
          <${Stepper} form=${form} at="rewards" label=${t("console.adjust.rewards")} />
        </div>
        ${kinds.length > 1 && html`
          <${Input} form=${form} at="tier" label=${t("console.adjust.tier")}
            options=${kinds.map(({ key, reward }) => [key, reward])} />`}
        <p class="soft" role="status">
          ${t("console.adjust.now", { stamps: card.stamps, rewards: ready })}</p>
        <${Input} form=${form} at="reason" label=${t("console.reason")}
          hint=${t("console.adjust.reason_hint")} ...${REASON} />
        <${FormFault} form=${form} />
        <div class="row end">
          <${Submit} form=${form} disabled=${!stamps && !rewards}>${t("console.adjust.go")}</${Submit}>
        </div>
      </form>
    </${Dialog}>`;
}

/** A number that is mostly one up or one down. */
function Stepper({ form, at, label }) {
  const step = (by) => form.set(at, (form.values[at] ?? 0) + by);
  return html`
    <div class="stepper">
      <button type="button" class="button quiet icon" aria-label=${t("console.adjust.less", { what: label })}
        onClick=${() => step(-1)}>−</button>
      <${Input} form=${form} at=${at} label=${label} type="number" inputmode="numeric" step="1" min="-1000"
        max="1000" />
      <button type="button" class="button quiet icon" aria-label=${t("console.adjust.more", { what: label })}
        onClick=${() => step(1)}>+</button>
    </div>`;
}

/** Everything moves to a new card; its private link is shown once, for the customer's phone. */
export function Replace({ card, onDone, onClose }) {
  const [made, setMade] = useState(null);
  const form = useForm({ reason: "" }, async ({ reason }, options) => {
    setMade(await service.post(`/cards/${card.code}/replacements`, reason ? { reason } : {}, options));
    onDone();
  });
  if (made) return html`<${NewCard} made=${made} onClose=${onClose} />`;
  return html`
    <${Dialog} title=${t("console.replace.title")} onClose=${onClose}>
      <p>${t("console.replace.text")}</p>
      <form ...${form.attributes}>
        <${Input} form=${form} at="reason" label=${`${t("console.reason")} (${t("common.optional")})`}
          ...${REASON} required=${false} />
        <${FormFault} form=${form} />
        <div class="row end">
          <${Submit} form=${form} class="danger">${t("console.replace.go")}</${Submit}>
        </div>
      </form>
    </${Dialog}>`;
}

function NewCard({ made, onClose }) {
  const link = `${made.card.url}#${made.key}`;
  const { size, d } = qrPath(link);
  return html`
    <${Dialog} title=${t("console.replace.done")} onClose=${onClose}>
      <p>${t("console.replace.scan", { code: made.card.short_code })}</p>
      <svg class="qr" viewBox=${`-4 -4 ${size + 8} ${size + 8}`} role="img"
        aria-label=${t("console.replace.qr")}>
        <rect x="-4" y="-4" width=${size + 8} height=${size + 8} fill="#fff" /><path d=${d} fill="#000" />
      </svg>
      <${Copy} text=${link} label=${t("console.replace.link")} />
      <div class="row end">
        <a class="button" href=${`#/cards/${made.card.code}`} onClick=${onClose}>
          ${t("console.replace.open")}</a>
      </div>
    </${Dialog}>`;
}
