/** A campaign in words: what it gives and for what, where it stands, and days as moments of the shop. */
import { html } from "../static/js/html.js";
import { calendarDay, dayText, momentOf } from "../static/js/time.js";
import { locale, t } from "../static/js/words.js";
import { minuteText } from "./watch-form.js";

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const DAY_MINUTES = 1440;
const DAY_MS = 86_400_000;
const CHIPS = { running: "good", planned: "", paused: "warn", used_up: "warn", ended: "" };

/** 1 is "Monday", as in January 2024, which began with one. */
export const weekday = (n, style = "long") => calendarDay(`2024-01-0${n}`, { weekday: style });

export function giftText({ stamps, rewards, per }) {
  return rewards
    ? t("console.campaign.gives_reward") : t(`console.campaign.gives_${per}`, { n: stamps });
}

export function forText(campaign) {
  const { kind, item, quiet_days: quiet, first_cards: first } = campaign;
  if (kind === "hours") return hoursText(campaign);
  return t(`console.campaign.for_${kind}`, { item, n: first || quiet });
}

function hoursText({ weekdays, from_minute: from, until_minute: until }) {
  const days = weekdays.length === WEEKDAYS.length
    ? t("console.campaign.every_day")
    : new Intl.ListFormat(locale(), { type: "unit", style: "short" }).format(weekdays.map((n) => weekday(n)));
  if (from === 0 && until === DAY_MINUTES) return days;
  return t("console.campaign.for_hours", { days, from: minuteText(from), until: minuteText(until) });
}

/** From when to when; it ends with a day, so the last moment is that of the day before. */
export function spanText({ starts_at: from, ends_at: until, ended_by: by }, zone) {
  const days = { from: dayText(from, zone), until: until && dayText(Date.parse(until) - 1, zone), by };
  if (!until) return t("console.campaign.since", days);
  return t(by ? "console.campaign.span_by" : "console.campaign.span", days);
}

export const StateChip = ({ state }) => html`
  <span class=${`chip ${CHIPS[state]}`}>${t(`console.campaign.is_${state}`)}</span>`;

/** The moment a day such as "2026-11-21" begins in the shop. */
export const beginningOf = (day, zone) => momentOf(`${day}T00:00`, zone);

/** The moment such a day is over there. */
export const endOf = (day, zone) =>
  beginningOf(new Date(Date.parse(`${day}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10), zone);
