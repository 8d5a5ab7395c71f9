/**
 * Tells a USB or Bluetooth scanner from a person at the keyboard. A scanner types as a US keyboard
 * whatever the tablet's layout is, so it is the place of a key that counts (`code`), not the letter (`key`).
 */

// Scanners send a key every 1 to 30 ms; the fastest typist needs about 60.
const BURST_GAP_MS = 50;
const SHORTEST_SCAN = 8;
const PLAIN = { Slash: "/", Period: ".", Minus: "-", Equal: "=", Semicolon: ";" };
const SHIFTED = { Slash: "?", Minus: "_", Equal: "+", Semicolon: ":", Digit3: "#" };

/**
 * @param onScan  the text of one scan
 * @param onKey   a single key that was not part of a scan and not meant for a field or a button
 */
export function listenToKeys(onScan, onKey) {
  let burst = null; // {text, last, field, before}
  let timer;

  function finish(text) {
    clearTimeout(timer);
    const { field, before } = burst;
    burst = null;
    if (field) {
      field.value = before; // the scanner typed into a field that happened to have the focus
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.blur();
    }
    onScan(text);
  }

  function onDown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const isEnd = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab";
    const symbol = symbolOf(event);
    if (!isEnd && !symbol) {
      if (event.code.startsWith("Shift")) return;
      burst = null;
      return void onKey(event.key, event);
    }
    const follows = burst && event.timeStamp - burst.last < BURST_GAP_MS * (isEnd ? 2 : 1);
    if (isEnd) {
      if (follows && burst.text.length >= SHORTEST_SCAN) {
        event.preventDefault();
        event.stopPropagation(); // or the button with the focus would be pressed by the scanner
        return finish(burst.text);
      }
      quiet(); // what was pressed before it comes before it
      return void onKey(event.key, event);
    }
    if (follows) burst.text += symbol;
    else {
      quiet(); // a digit pressed a moment before still counts
      burst = { text: symbol, event, ...fieldOf(event.target) };
    }
    burst.last = event.timeStamp;
    clearTimeout(timer);
    timer = setTimeout(quiet, BURST_GAP_MS * 2);
  }

  /** No key for a while: a scan without an end key, or somebody pressed one key, or digits in a hurry. */
  function quiet() {
    if (!burst) return;
    clearTimeout(timer);
    const { text, field, event } = burst;
    if (/\/[CV]\/[0-9A-Z]{18,}(#|$)/i.test(text)) return finish(text);
    burst = null;
    if (field || text.length >= SHORTEST_SCAN) return;
    if (text.length === 1) onKey(event.key, event);
    else if (/^\d+$/.test(text)) [...text].forEach((digit) => onKey(digit, event));
  }

  addEventListener("keydown", onDown, true);
  return () => removeEventListener("keydown", onDown, true);
}

function symbolOf({ code, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (shiftKey && SHIFTED[code]) return SHIFTED[code];
  if (/^(Digit|Numpad)\d$/.test(code)) return code.at(-1);
  return PLAIN[code];
}

function fieldOf(target) {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return isField ? { field: target, before: target.value } : {};
}
