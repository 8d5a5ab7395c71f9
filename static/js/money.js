/** Money in the smallest unit, read and written the reader's way. */
import { locale } from "./words.js";

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. */
export const minorDigits = (currency) => new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

/** 690 and "EUR" → "€6.90" */
export const money = (minor, currency) =>
  new Intl.NumberFormat(locale(), { style: "currency", currency }).format(minor / 10 ** minorDigits(currency));

/** 690 and "EUR" → "6.90", for a field. */
export const moneyField = (minor, currency) => (minor / 10 ** minorDigits(currency)).toFixed(minorDigits(currency));

/** "6,90" or "6.9" and "EUR" → 690; null when it is not an amount. */
export function readMoney(text, currency) {
  const plain = text.trim().replace(/\s/g, "").replace(",", ".");
  if (!/^\d{1,9}(\.\d*)?$/.test(plain)) return null;
  const [whole, part = ""] = plain.split(".");
  const digits = minorDigits(currency);
  if (part.length > digits) return null;
  return Number(whole + part.padEnd(digits, "0"));
}
