/** Money in the smallest unit, read and written the reader's way. */
import { locale } from "./words.js";

/** 690 and "EUR" → "€6.90" */
export function money(minor, currency) {
  const written = new Intl.NumberFormat(locale(), { style: "currency", currency });
  return written.format(minor / 10 ** digitsOf(currency));
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

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. */
function digitsOf(currency) {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
}
