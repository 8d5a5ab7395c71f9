/** What this month's budget for making good still holds, and the limits that the owner sets. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { Dialog } from "../static/js/parts.js";
import { dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, MoneyInput, Submit, useForm } from "./form.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

// Where the form starts for a shop that sets its first budget, in the smallest unit of money.
const FIRST_BUDGET = 10_000;

export function Budget({ currency, zone }) {
  const goodwill = useLoad(() => service.get("/goodwill"));
  const [isOpen, setOpen] = useState(false);
  return html`
    <section class="panel stack">
      <h2>${t("console.good.budget")}</h2>
      <${Loaded} of=${goodwill}>${(data) => html`
        <${Spent} data=${data} currency=${currency} zone=${zone} />
        ${!data.priced && html`
          <p class="notice warn"><span>${t("console.good.unpriced")}${" "}
            <a href="#/programmes">${t("console.good.to_programme")}</a></span></p>`}
        <ul class="changes">
          <li>${t("console.good.per_case_is", { amount: money(data.staff_per_case, currency) })}</li>
          <li>${t("console.good.per_day_is", { amount: money(data.staff_per_day, currency) })}</li>
          <li>${t("console.good.days_are", { n: data.voucher_days })}</li>
        </ul>
        <div class="row"><button type="button" class="button quiet" onClick=${() => setOpen(true)}>
          ${t("console.good.change_limits")}</button></div>
        ${isOpen && html`
          <${Limits} data=${data} currency=${currency} onSaved=${goodwill.reload}
            onClose=${() => setOpen(false)} />`}`}
      </${Loaded}>
    </section>`;
}

function Spent({ data, currency, zone }) {
  const { spent, left, monthly_budget: budget, month_until: until } = data;
  const hasBudget = budget !== null;
  const words = { spent: money(spent, currency), budget: money(budget ?? 0, currency),
    left: money(left ?? 0, currency), day: dayText(Date.parse(until) - 1, zone) };
  const share = budget ? Math.min(100, (100 * spent) / budget) : 100;
  return html`
    <div class="stack tight">
      <p class="budget-left">${t(hasBudget ? "console.good.left" : "console.good.given", words)}</p>
      ${hasBudget && html`
        <div class="progress" aria-hidden="true"><div style=${{ inlineSize: `${share}%` }}></div></div>`}
      <p class="soft">${t(hasBudget ? "console.good.given_of" : "console.good.no_budget", words)}</p>
    </div>`;
}

function Limits({ data, currency, onSaved, onClose }) {
  const { monthly_budget: budget, staff_per_case, staff_per_day, voucher_days } = data;
  const start = { hasBudget: budget !== null, monthly_budget: budget ?? FIRST_BUDGET, staff_per_case,
    staff_per_day, voucher_days };
  const form = useForm(start, async ({ hasBudget, ...policy }) => {
    await service.put("/goodwill", { ...policy, monthly_budget: hasBudget ? policy.monthly_budget : null });
    toast(t("common.saved"));
    onSaved();
    onClose();
  });
  const { hasBudget, monthly_budget: wished } = form.values;
  const amount = (at, label, hint) => html`
    <${MoneyInput} form=${form} at=${at} currency=${currency} label=${t(`console.good.${label}`)}
      hint=${t(`console.good.${hint}`)} required />`;
  return html`
    <${Dialog} title=${t("console.good.change_limits")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Choice} label=${t("console.good.has_budget")} hint=${t("console.good.has_budget_hint")}
          checked=${hasBudget} onChange=${({ target }) => form.set("hasBudget", target.checked)} />
        ${hasBudget && amount("monthly_budget", "monthly", "monthly_hint")}
        ${amount("staff_per_case", "per_case", "per_case_hint")}
        ${amount("staff_per_day", "per_day", "per_day_hint")}
        <${Input} form=${form} at="voucher_days" type="number" inputmode="numeric" min="1" max="730" required
          class="short" label=${t("console.good.days")} hint=${t("console.good.days_hint")} />
        <${FormFault} form=${form} />
        <div class="row end">
          <${Submit} form=${form} disabled=${hasBudget && wished === null /* null would mean no limit */} />
        </div>
      </form>
    </${Dialog}>`;
}
