/** Terms that will come into force by themselves, and those that did not because the programme was changed meanwhile. */
import { html, useState } from "../static/js/html.js";
import { dayAndTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { service } from "./service.js";
import { Changes } from "./terms-text.js";

/** versions: newest first. What was found stale is shown until its owner makes a newer version. */
export function Scheduled({ programme, scheduled, versions, business, onChanged, onOpen }) {
  const newest = versions[0].created_at;
  const isOpen = ({ state, settled_at: at }) => state === "waiting" || (state === "stale" && at >= newest);
  const open = scheduled.filter(isOpen).reverse();
  if (open.length === 0) return null;
  return html`
    <section class="panel stack">
      <h2>${t("console.scheduled.title")}</h2>
      <ol class="lines" role="list">${open.map((one) => html`
        <${Line} key=${one.id} one=${one} programme=${programme} business=${business}
          onChanged=${onChanged} onOpen=${onOpen} />`)}</ol>
    </section>`;
}

function Line({ one, programme, business, onChanged, onOpen }) {
  const { id, state, starts_at: starts, terms, policy, author, note } = one;
  const [fault, setFault] = useState(null);
  const isStale = state === "stale";
  const when = dayAndTime(starts, business.time_zone);
  const withdraw = async () => {
    try {
      await service.delete(`/programmes/${programme.id}/scheduled-versions/${id}`);
      toast(t("console.scheduled.withdrawn"));
      onChanged();
    } catch (problem) {
      setFault(problem.words);
    }
  };
  return html`
    <li class="version">
      <span class=${`chip ${isStale ? "warn" : ""}`}>${t(`console.scheduled.${state}`)}</span>
      <div class="grow stack tight">
        <p><strong>${t("console.scheduled.from", { when })}</strong></p>
        ${note && html`<p>${note}</p>`}
        ${isStale && html`<p>${t("console.scheduled.why_stale")}</p>`}
        <${Changes} terms=${terms} before=${programme.terms} currency=${business.currency} />
        <p class="soft">${[author, t(`console.policy.${policy}`)].join(" · ")}</p>
        ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
      </div>
      ${isStale
        ? html`<button type="button" class="button quiet" onClick=${() => onOpen(one)}>
            ${t("console.scheduled.open")}</button>`
        : html`<button type="button" class="button quiet" onClick=${withdraw}>
            ${t("console.scheduled.withdraw")}</button>`}
    </li>`;
}
