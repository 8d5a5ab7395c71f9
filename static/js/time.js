/** Moments and lengths of time, written the reader's way and in the business's zone. */
import { locale } from "./words.js";

const DAY = { day: "numeric", month: "short" };
const made = new Map();

/** Intl formatters are slow to make and quick to use: keep each. */
function formatter(Kind, options) {
  const name = `${Kind.name} ${locale()} ${JSON.stringify(options)}`;
  if (!made.has(name)) made.set(name, new Kind(locale(), options));
  return made.get(name);
}

function write(at, zone, options) {
  return formatter(Intl.DateTimeFormat, { ...options, timeZone: zone }).format(new Date(at));
}

/** "12:41" */
export const clockTime = (at, zone) => write(at, zone, { timeStyle: "short" });

/** "21 November 2026", or "21 Nov" when short. */
export function dayText(at, zone, { short = false } = {}) {
  return write(at, zone, short ? DAY : { dateStyle: "long" });
}

/** "21 November 2026 at 12:41" */
export const dayAndTime = (at, zone) => write(at, zone, { dateStyle: "medium", timeStyle: "short" });

/** A calendar day such as "2026-11-21", which belongs to no zone. */
export const calendarDay = (day, options = DAY) => write(`${day}T12:00:00Z`, "UTC", options);

/** The calendar day of a moment in a zone, as "2026-11-21". */
export function dayOf(at, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(new Date(at));
}

/** What the wall clock of a zone shows at a moment, to the minute: "2026-12-01T06:00". */
export const wallOf = (at, zone) =>
  new Date(at).toLocaleString("sv", { timeZone: zone }).slice(0, 16).replace(" ", "T");

/** The moment at which the wall clock of a zone shows this. */
export function momentOf(wall, zone) {
  const asUtc = Date.parse(`${wall}Z`);
  const ahead = (at) => Date.parse(`${wallOf(at, zone)}Z`) - at;
  return new Date(asUtc - ahead(asUtc - ahead(asUtc))).toISOString();
}

/** "12:41" when it was today, else "21 Nov, 12:41": what a sentence says. */
export function moment(at, zone, now = Date.now()) {
  if (dayOf(at, zone) === dayOf(now, zone)) return clockTime(at, zone);
  return write(at, zone, { ...DAY, hour: "numeric", minute: "2-digit" });
}

const STEPS = [
  ["year", 31_536_000], ["month", 2_592_000], ["week", 604_800],
  ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1],
];

/** "3 minutes ago", "in 2 days". */
export function ago(at, now = Date.now()) {
  const seconds = (new Date(at) - now) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
  return formatter(Intl.RelativeTimeFormat, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** "45 seconds", "5 minutes": rounded up, so that nobody comes back too soon. */
export function duration(seconds) {
  const [unit, size] = seconds > 5400 ? ["hour", 3600] : seconds > 90 ? ["minute", 60] : ["second", 1];
  const written = formatter(Intl.NumberFormat, { style: "unit", unit, unitDisplay: "long" });
  return written.format(Math.ceil(seconds / size));
}
