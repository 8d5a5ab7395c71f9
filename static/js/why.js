/** Why a number is what it is, or why not: one sentence, the same for cashier, customer and owner. */
import { has, locale, t } from "./words.js";
import { clockTime, dayOf, dayText, duration } from "./time.js";

/**
 * @param {{code: string, at?: string, shop?: string, till?: string}} why as the service gives it
 * @param {string} [zone] the business's time zone
 */
export function whyText(why, zone) {
  const key = bestKey(why);
  if (!key) return t("why.unknown", { code: why?.code ?? "" });
  const params = { ...why };
  if (why.at) params.when = whenText(why.at, zone);
  if (why.code.startsWith("adjusted")) {
    Object.assign(params, { stamps: signed(why.quantity), rewards: signed(why.rewards) });
  }
  if (why.seconds_left !== undefined) params.wait = duration(why.seconds_left);
  return t(key, params);
}

const signed = (amount) => new Intl.NumberFormat(locale(), { signDisplay: "exceptZero" }).format(amount ?? 0);

/** Sentences are never glued from pieces: a code has several, and the fullest we can fill is said. */
function bestKey(why) {
  const plain = `why.${why?.code}`;
  const keys = [plain];
  if (why?.at) keys.unshift(`${plain}_at`);
  if (why?.at && why.shop) keys.unshift(`${plain}_shop`);
  if (why?.at && why.shop && why.till) keys.unshift(`${plain}_till`);
  return keys.find(has);
}

/** "at 12:41" of today, else "on 21 Nov at 12:41". */
export function whenText(at, zone, now = Date.now()) {
  const time = clockTime(at, zone);
  if (dayOf(at, zone) === dayOf(now, zone)) return t("common.at_time", { time });
  return t("common.at_day", { day: dayText(at, zone, { short: true }), time });
}
