/** A new campaign, in plain words: what for, what to give, and how far it may go. */
import { html, useState } from "../static/js/html.js";
import { dayOf } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { WEEKDAYS, beginningOf, endOf, forText, giftText, weekday } from "./campaign-text.js";
import { toast } from "./dialog.js";
import { Choice, FormFault, Input, MoneyInput, Submit, useForm } from "./form.js";
import { Screen } from "./frame.js";
import { go, useUnsaved } from "./router.js";
import { service } from "./service.js";
import { minuteText } from "./watch-form.js";

// What belongs to each kind; nothing else is sent with it.
const FIELDS = {
  hours: ["weekdays", "from_minute", "until_minute", "per"], item: ["item", "per"], come_back: ["quiet_days"],
  first: ["first_cards"],
};
const START = {
  kind: "hours", name: "", weekdays: [2], from_minute: 840, until_minute: 960, per: "visit", item: "",
  quiet_days: 60, first_cards: 100, gift: "stamps", stamps: 1, budget: 0, hold_out: 10, ends_at: "",
};
const HALF_HOURS = Array.from({ length: 48 }, (_, n) => n * 30);
const SHARES = [0, 5, 10, 20, 30, 50];

export function NewCampaign({ session }) {
  const { currency, time_zone: zone } = session.business;
  const today = dayOf(Date.now(), zone);
  const [start] = useState({ ...START, starts_at: today });
  const [isMade, setMade] = useState(false);
  const form = useForm(start, async (values, options) => {
    const made = await service.post("/campaigns", bodyOf(values, today, zone), options);
    setMade(true);
    toast(t("console.campaign.added", { name: made.name }));
    setTimeout(() => go(`#/campaigns/${made.id}`)); // once the form no longer counts as unsaved
  });
  useUnsaved(form.isDirty && !isMade);
  const { kind } = form.values;
  const field = (at, label, box = {}) => html`
    <${Input} form=${form} at=${at} label=${t(`console.campaign.${label}`)} required ...${box} />`;
  const count = (at, max) =>
    field(at, at, { type: "number", inputmode: "numeric", class: "short", min: 1, max });
  const date = (at, label, box) => field(at, label, { type: "date", min: today, ...box });
  return html`
    <${Screen} title=${t("console.campaign.add")} back=${["#/campaigns", t("console.campaign.title")]}>
      <form ...${form.attributes}>
        <fieldset class="panel stack">
          <legend>${t("console.campaign.what_for")}</legend>
          ${Object.keys(FIELDS).map((name) => html`
            <${Choice} key=${name} type="radio" name="kind" checked=${kind === name}
              label=${t(`console.campaign.kind_${name}`)} hint=${t(`console.campaign.kind_${name}_hint`)}
              onChange=${() => form.set("kind", name)} />`)}
          ${kind === "hours" && html`<${Hours} form=${form} />`}
          ${kind === "item" && field("item", "item", { maxlength: 80, hint: t("console.campaign.item_hint") })}
          ${kind === "come_back" && count("quiet_days", 730)}
          ${kind === "first" && count("first_cards", 100_000)}
        </fieldset>
        <fieldset class="panel stack">
          <legend>${t("console.campaign.gift")}</legend>
          <${Gift} form=${form} count=${count} />
          ${field("name", "name", { maxlength: 80, hint: t("console.campaign.name_hint") })}
        </fieldset>
        <fieldset class="panel stack">
          <legend>${t("console.campaign.limits")}</legend>
          <${MoneyInput} form=${form} at="budget" currency=${currency} label=${t("console.campaign.budget")}
            hint=${t("console.campaign.budget_hint")} />
          <div class="pair">
            ${date("starts_at", "first_day")}
            ${date("ends_at", "last_day", { required: false, hint: t("console.campaign.last_day_hint") })}
          </div>
          <${Input} form=${form} at="hold_out" label=${t("console.campaign.hold_out")}
            hint=${t("console.campaign.hold_out_hint")}
            options=${SHARES.map((n) => [n, t("console.campaign.percent", { n })])} />
        </fieldset>
        <p class="notice">
          <span>${giftText(bodyOf(form.values, today, zone))} · ${forText(form.values)}</span></p>
        <${FormFault} form=${form} />
        <div class="row end"><${Submit} form=${form}>${t("console.campaign.start")}</${Submit}></div>
      </form>
    </${Screen}>`;
}

function Hours({ form }) {
  const { weekdays } = form.values;
  const toggle = (day) => {
    const others = weekdays.filter((one) => one !== day);
    form.set("weekdays", others.length < weekdays.length ? others : [...others, day].sort());
  };
  const times = (at, minutes) => html`
    <${Input} form=${form} at=${at} label=${t(`console.campaign.${at}`)}
      options=${minutes.map((minute) => [minute, minuteText(minute)])} />`;
  return html`
    <div class="stack tight" role="group" aria-label=${t("console.campaign.weekdays")}>
      <div class="row tight days">${WEEKDAYS.map((day) => html`
        <button key=${day} type="button" class="button quiet" aria-pressed=${weekdays.includes(day)}
          onClick=${() => toggle(day)}>${weekday(day, "short")}</button>`)}</div>
      ${form.faults.weekdays && html`<p class="error" role="alert">${form.faults.weekdays}</p>`}
    </div>
    <div class="pair">
      ${times("from_minute", HALF_HOURS)}${times("until_minute", HALF_HOURS.map((minute) => minute + 30))}
    </div>`;
}

function Gift({ form, count }) {
  const { kind, gift, per } = form.values;
  const isEach = FIELDS[kind].includes("per");
  const choice = (at, name) => html`
    <${Choice} key=${name} type="radio" name=${at} checked=${(at === "per" ? per : gift) === name}
      label=${t(`console.campaign.${at}_${name}`)} onChange=${() => form.set(at, name)} />`;
  return html`
    ${!isEach && html`${choice("gift", "stamps")}${choice("gift", "reward")}`}
    ${(isEach || gift === "stamps") && count("stamps", 20)}
    ${isEach && html`${choice("per", "visit")}${choice("per", "stamp")}`}`;
}

/** What the service is sent: only what belongs to the kind, and days as moments in the shop's zone. */
function bodyOf(values, today, zone) {
  const { kind, name, stamps, gift, budget, hold_out, starts_at: first, ends_at: last } = values;
  const isReward = gift === "reward" && !FIELDS[kind].includes("per");
  return {
    kind, name, budget, hold_out, ...Object.fromEntries(FIELDS[kind].map((field) => [field, values[field]])),
    stamps: isReward ? 0 : stamps, rewards: isReward ? 1 : 0,
    starts_at: first > today ? beginningOf(first, zone) : null, ends_at: last ? endOf(last, zone) : null,
  };
}
