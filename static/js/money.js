/** Money in the smallest unit, read and written the reader's way. */
import others from "../currencies.json";
import { locale } from "./words.js";

/** 690 and "EUR" → "€6.90" */
export function money(minor, currency) {
  const digits = digitsOf(currency);
  const written = new Intl.NumberFormat(locale(),
    { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
  return written.format(minor / 10 ** digits);
}

/** 690 and "EUR" → "6.90", for a field. */
export function moneyField(minor, currency) {
  const digits = digitsOf(currency);
  return (minor / 10 ** digits).toFixed(digits);
}

/** "6,90" or "6.9" and "EUR" → 690; null when it is not an amount. */
export function readMoney(text, currency) {
  const plain = text.trim().replace(/\s/g, "").replace(",", ".");
  if (!/^\d{1,9}(\.\d*)?$/.test(plain)) return null;
  const [whole, part = ""] = plain.split(".");
  const digits = digitsOf(currency);
  return part.length > digits ? null : Number(whole + part.padEnd(digits, "0"));
}

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. Not the browser's to say: they disagree. */
export function digitsOf(currency) {
  return Number(Object.keys(others).find((digits) => others[digits].includes(currency)) ?? 2);
}
