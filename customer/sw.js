/** Opens the card page without a network: keeps the shell and our own files, never the API or a stream. */
import urls from "tenth:langs";
import precache, { version } from "tenth:precache";

const OURS = "tenth-customer-";
const CACHE = OURS + version;
const SHELL = "/c/";
const MARK = "/static/icons/mark.svg";

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clearOld().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(kept(SHELL));
  else if (url.pathname.startsWith("/static/")) event.respondWith(kept(event.request));
});

/** English always, and whatever the phone speaks; another language is kept when it is first chosen. */
async function fill() {
  const spoken = ["en", ...navigator.languages.map((tag) => tag.split("-")[0])];
  const words = [...new Set(spoken)].map((code) => urls[code]).filter(Boolean);
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, MARK, ...precache, ...words]);
}

/** The files of one build belong together, so an older build's are dropped as a whole. */
async function clearOld() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
