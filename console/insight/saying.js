/** Figures the way an owner would say them: shares in small whole numbers, and what stands behind each. */
import { calendarDay, dayOf } from "../../static/js/time.js";
import { locale, t } from "../../static/js/words.js";

// A share this near to three of four is three of four.
const NEAR = 0.015;
const SMALL = [2, 3, 4, 5, 10];
// Of fewer than this a share says more about chance than about the shop.
export const FEWEST = 20;

export const percent = (share) => Math.round(100 * share);
export const rounded = (value, digits = 1) => Number(value.toFixed(digits));
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** With one digit after the point, also where it is 0: means stand below each other. */
export const decimal = (value) => new Intl.NumberFormat(locale(),
  { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value);

/** "+0.66", "−0.1", "0" */
export const signed = (value) => new Intl.NumberFormat(locale(),
  { maximumFractionDigits: 2, signDisplay: "exceptZero" }).format(value ?? 0).replace("-", "−");

/** 0.758 → {n: 3, of: 4}; 0.43 → {n: 43, of: 100}. */
export function outOf(share) {
  const of = SMALL.find((size) => {
    const n = Math.round(share * size);
    return n > 0 && n < size && Math.abs(n / size - share) <= NEAR;
  }) ?? 100;
  return { n: Math.round(share * of), of };
}

/** "+12%", "−3%", "0%". */
export const change = (share) =>
  new Intl.NumberFormat(locale(), { style: "percent", signDisplay: "exceptZero" }).format(rounded(share, 2));

const DAY = { day: "numeric", month: "short", year: "numeric" };
const MONTH = { month: "short", year: "numeric" };

export const day = (text) => calendarDay(text, DAY);
/** "2026-03" → "Mar 2026" */
export const month = (text) => calendarDay(`${text}-01`, MONTH);

/** "n = 1,393 cards, 22 Nov 2025 to 22 Nov 2026": what was counted ("cards", "rewards", "visits"), and when. */
export const behind = ({ n, since, until }, zone, counted) =>
  t(`insight.n_${counted}`, { n, from: day(dayOf(since, zone)), to: day(dayOf(until, zone)) });

