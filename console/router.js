/** Which screen the address asks for, and the guard that keeps typed words from being lost. */
import { useEffect, useState } from "../static/js/html.js";

const unsaved = new Set();
const listeners = new Set();
let current = location.hash;
let wished = null; // where the owner wanted to go when there was something unsaved

/** The screen and its arguments: `#/cards/ABC?search=x` is {path: ["cards", "ABC"], query}. */
export function useRoute() {
  const [, again] = useState(0);
  useEffect(() => {
    const listener = () => again((n) => n + 1);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, []);
  return { ...read(current), hash: current, wished };
}

export function go(hash) {
  location.hash = hash;
}

/** Change the address of the screen that is already shown, without a step in the browser's history. */
export function rename(hash) {
  history.replaceState(null, "", hash);
  current = location.hash;
  tell();
}

/** While `isDirty`, leaving this screen asks first. */
export function useUnsaved(isDirty) {
  useEffect(() => {
    if (!isDirty) return undefined;
    const mark = {};
    unsaved.add(mark);
    return () => unsaved.delete(mark);
  }, [isDirty]);
}

/** The answer to "leave without saving?". */
export function leave(isSure) {
  const target = wished;
  wished = null;
  if (isSure) {
    unsaved.clear();
    go(target);
  }
  tell();
}

addEventListener("hashchange", () => {
  if (location.hash === current) return;
  if (unsaved.size > 0) {
    wished = location.hash;
    history.replaceState(null, "", current || "#/today");
  } else {
    current = location.hash;
  }
  tell();
});

addEventListener("beforeunload", (event) => {
  if (unsaved.size > 0) event.preventDefault();
});

function tell() {
  listeners.forEach((listener) => listener());
}

function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decodeURIComponent), query: new URLSearchParams(query) };
}
