/** Campaigns: the list, and one of them with what it gave, what it cost, and the visits it caused. */
import { html, useState } from "../static/js/html.js";
import { money } from "../static/js/money.js";
import { Dialog } from "../static/js/parts.js";
import { dayAndTime, dayOf } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { CampaignEffect } from "./campaign-effect.js";
import { StateChip, endOf, forText, giftText, spanText } from "./campaign-text.js";
import { Confirm, toast } from "./dialog.js";
import { FormFault, Input, MoneyInput, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { Loaded, useLoad } from "./loading.js";
import { service } from "./service.js";

export { NewCampaign } from "./campaign-form.js";

export function Campaigns({ session }) {
  const campaigns = useLoad(() => service.get("/campaigns"));
  const { currency, time_zone: zone } = session.business;
  const add = html`<a class="button" href="#/campaigns/new">${t("console.campaign.add")}</a>`;
  return html`
    <${Screen} title=${t("console.campaign.title")} under=${t("console.campaign.lead")} actions=${add}>
      <${Loaded} of=${campaigns}>${({ items }) => items.length === 0
        ? html`<div class="panel empty"><p>${t("console.campaign.none")}</p></div>`
        : html`<ul class="tiles" role="list">${items.map((one) => html`
            <li key=${one.id} class="panel stack programme">
              <div class="stack tight">
                <div class="row apart"><h2><a href=${`#/campaigns/${one.id}`}>${one.name}</a></h2>
                  <${StateChip} state=${one.state} /></div>
                <p>${giftText(one)} · ${forText(one)}</p>
                <p class="soft">${spanText(one, zone)}</p>
              </div>
              <${Spent} campaign=${one} currency=${currency} />
            </li>`)}</ul>`}
      </${Loaded}>
    </${Screen}>`;
}

export function Campaign({ id, session }) {
  const { currency, time_zone: zone } = session.business;
  const campaign = useLoad(() => service.get(`/campaigns/${id}`), [id]);
  const [open, setOpen] = useState(null);
  const [fault, setFault] = useState(null);
  const data = campaign.data;
  const close = () => setOpen(null);
  const changed = (word) => {
    toast(t(word));
    campaign.reload();
  };
  const act = async (call, word) => {
    setFault(null);
    try {
      await call();
      changed(word);
    } catch (problem) {
      setFault(problem.words);
    }
  };
  const end = async () => {
    await service.post(`/campaigns/${id}/endings`, {});
    changed("console.campaign.has_ended");
  };
  const pause = () => act(() => service.post(`/campaigns/${id}/pauses`, {}), "console.campaign.was_paused");
  const resume = () => act(() => service.delete(`/campaigns/${id}/pauses/current`), "console.campaign.goes_on");
  const button = (word, onClick, kind = "quiet") => html`
    <button type="button" class=${`button ${kind}`} onClick=${onClick}>
      ${t(`console.campaign.${word}`)}</button>`;
  const actions = data && data.state !== "ended" && html`
    ${data.state === "running" && button("pause", pause)}
    ${data.state === "paused" && button("resume", resume, "")}
    ${button("change", () => setOpen("change"))}
    ${button("end", () => setOpen("end"), "danger quiet")}`;
  return html`
    <${Screen} title=${data?.name ?? t("console.campaign.one")} actions=${actions}
      under=${data && `${giftText(data)} · ${forText(data)}`}
      back=${["#/campaigns", t("console.campaign.title")]}>
      ${fault && html`<p class="notice bad" role="alert">${fault}</p>`}
      <${Loaded} of=${campaign}>${(found) => html`
        ${found.state === "used_up" && html`
          <p class="notice warn">${t(`console.campaign.used_up_${found.budget ? "budget" : "cards"}`)}</p>`}
        <div class="halves">
          <section class="panel stack">
            <div class="row apart">
              <h2>${t("console.campaign.given")}</h2><${StateChip} state=${found.state} /></div>
            <${Spent} campaign=${found} currency=${currency} />
            ${found.cards > 0 && html`<p>${t("console.campaign.given_to", { n: found.cards })}</p>`}
            ${found.gifts > 0 && found.spent === 0 && html`
              <p class="soft">${t("console.campaign.no_cost")}</p>`}
          </section>
          <section class="panel stack">
            <h2>${t("console.campaign.times")}</h2>
            <p>${spanText(found, zone)}</p>
            <ul class="changes">${found.breaks.map((one) => html`
              <li key=${one.from_at}>${breakText(one, zone)}</li>`)}</ul>
            <p class="soft">${t(found.hold_out ? "console.campaign.held_out" : "console.campaign.none_held_out",
              { n: found.hold_out })}</p>
          </section>
        </div>
        <${CampaignEffect} id=${id} zone=${zone} />
        ${open === "change" && html`
          <${Change} campaign=${found} currency=${currency} zone=${zone} onClose=${close}
            onSaved=${() => changed("common.saved")} />`}
        ${open === "end" && html`
          <${Confirm} title=${t("console.campaign.end_sure", { name: found.name })}
            text=${t("console.campaign.end_text")} verb=${t("console.campaign.end")} act=${end}
            onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

/** How much was given, and of what budget. */
function Spent({ campaign, currency }) {
  const { gifts, spent, budget } = campaign;
  const share = budget ? Math.min(100, (100 * spent) / budget) : 0;
  const figures = { n: gifts, spent: money(spent, currency), budget: money(budget, currency),
    left: money(budget - spent, currency) };
  return html`
    <div class="stack tight">
      <p>${t(`console.campaign.spent${budget ? "_of" : gifts ? "" : "_none"}`, figures)}</p>
      ${budget > 0 && html`<div class="progress" aria-hidden="true">
        <div style=${{ inlineSize: `${share}%` }}></div></div>`}
    </div>`;
}

function breakText({ reason, from_at: from, until_at: until, author }, zone) {
  const words = { from: dayAndTime(from, zone), until: until && dayAndTime(until, zone), author };
  return t(`console.campaign.${reason}_${until ? "span" : "since"}`, words);
}

function Change({ campaign, currency, zone, onSaved, onClose }) {
  const day = campaign.ends_at ? dayOf(Date.parse(campaign.ends_at) - 1, zone) : "";
  const start = { name: campaign.name, budget: campaign.budget, ends_at: day };
  const form = useForm(start, async ({ name, budget, ends_at: last }) => {
    const ends_at = last && last !== day ? endOf(last, zone) : null;
    await service.patch(`/campaigns/${campaign.id}`, { name, budget, ends_at });
    onSaved();
    onClose();
  });
  return html`
    <${Dialog} title=${t("console.campaign.change")} onClose=${onClose}>
      <form ...${form.attributes}>
        <${Input} form=${form} at="name" label=${t("console.campaign.name")}
          hint=${t("console.campaign.name_hint")} required maxlength="80" />
        <${MoneyInput} form=${form} at="budget" currency=${currency} label=${t("console.campaign.budget")}
          hint=${t("console.campaign.budget_hint")} />
        <${Input} form=${form} at="ends_at" type="date" label=${t("console.campaign.last_day")}
          hint=${t("console.campaign.last_day_hint")} />
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form} /></div>
      </form>
    </${Dialog}>`;
}
