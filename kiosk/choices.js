/** What was chosen on this device: sound, camera, colours, what a scan does. Kept in localStorage. */

const KEY = "tenth.kiosk.choices";
const DEFAULTS = { muted: false, camera: "environment", theme: "auto", onScan: "ask" };

export const choices = { ...DEFAULTS, ...readKept() };

export function choose(name, value) {
  choices[name] = value;
  localStorage.setItem(KEY, JSON.stringify(choices));
  if (name === "theme") showTheme();
}

export function showTheme() {
  if (choices.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choices.theme;
}

function readKept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // somebody's hand was in it
  }
}
