/** Card codes as people type and scanners read them; tests/vectors/short_codes.json says what comes out. */

// No I, L, O, S, U: they are read as 1, 0, 5 and V.
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRTVWXYZ";
const MISREAD = { O: "0", I: "1", L: "1", S: "5", U: "V" };

const SHORT_LENGTH = 8;
const LONG_LENGTH = 18; // seventeen symbols and at least one for the business

/** What was meant by what was typed: upper case, misread letters put right, spaces and dashes gone. */
export function foldCode(typed) {
  return typed.toUpperCase().replace(/[\s-]/g, "").replace(/[OILSU]/g, (letter) => MISREAD[letter]);
}

/**
 * Look at a typed short code.
 * @returns {{code: string, shown: string, complete: boolean, valid: boolean}} valid: the check symbol agrees
 */
export function readShortCode(typed) {
  const code = foldCode(typed);
  const complete = code.length === SHORT_LENGTH;
  return { code, shown: showShortCode(code), complete, valid: complete && agrees(code) };
}

/** "7K4M9QX" → "7K4M-9QX" */
export const showShortCode = (code) => (code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code);

function agrees(code) {
  const values = [...code].map((symbol) => SYMBOLS.indexOf(symbol));
  if (values.includes(-1)) return false;
  return values.reduce((sum, value, place) => sum + (place + 1) * value, 0) % SYMBOLS.length === 0;
}

/**
 * The card code in what a camera or scanner read: a card's address in any case, a private link, a bare code.
 * @returns {string|null} null when it is not one of our codes
 */
export function cardCodeIn(scanned) {
  const text = scanned.trim();
  const bare = /^[a-z]+:\/\/[^/]+\/c\/([^/?#]+)\/?(?:[?#].*)?$/i.exec(text)?.[1] ?? text;
  const code = foldCode(bare);
  if ([...code].some((symbol) => !SYMBOLS.includes(symbol))) return null;
  // Eight digits may as well be a barcode off the shelf; the check symbol tells.
  return code.length >= LONG_LENGTH || (code.length === SHORT_LENGTH && agrees(code)) ? code : null;
}

/** The code of a voucher in what was read off its slip; null when it is none. */
export function slipCodeIn(scanned) {
  const code = foldCode(/^[a-z]+:\/\/[^/]+\/v\/([^/?#]+)/i.exec(scanned.trim())?.[1] ?? "");
  return code.length >= LONG_LENGTH ? code : null;
}
