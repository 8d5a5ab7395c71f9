/** Currencies and time zones as the browser knows them, and a first guess at the owner's. */
import { language } from "../static/js/words.js";

// Only a first guess for the form: the region in the browser's language, and the money people use there.
const CURRENCY_OF = {
  AU: "AUD", BR: "BRL", CA: "CAD", CH: "CHF", CZ: "CZK", DK: "DKK", GB: "GBP", HU: "HUF", ID: "IDR",
    IN: "INR", JP: "JPY", KR: "KRW",
  MX: "MXN", NO: "NOK", NZ: "NZD", PL: "PLN", RO: "RON", SE: "SEK", SG: "SGD", TH: "THB", TR: "TRY",
    UA: "UAH", US: "USD", ZA: "ZAR",
};
const REGION_OF_ZONE = { "Europe/Warsaw": "PL", "Europe/London": "GB", "Asia/Bangkok": "TH",
  "Asia/Jakarta": "ID", "Europe/Zurich": "CH" };

export const guessZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

export function guessCurrency() {
  const region = REGION_OF_ZONE[guessZone()] ?? new Intl.Locale(navigator.language).maximize().region;
  return CURRENCY_OF[region] ?? (guessZone().startsWith("America/") ? "USD" : "EUR");
}

/** [code, "EUR – euro"] for every currency, as choices of a field. */
export function currencies() {
  const names = new Intl.DisplayNames(language(), { type: "currency" });
  return Intl.supportedValuesOf("currency").map((code) => [code, `${code} – ${names.of(code)}`]);
}

/** Every time zone as choices of a field; `current` is among them even if this browser calls it otherwise. */
export function zones(current) {
  const known = Intl.supportedValuesOf("timeZone");
  return (known.includes(current) ? known
    : [current, ...known]).map((zone) => [zone, zone.replaceAll("_", " ")]);
}
