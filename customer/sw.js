/** Opens the card page without a network: keeps the shell and our own files, never the API and never the live stream. */
import urls from "tenth:langs";
import precache, { version } from "tenth:precache";

const CACHE = `tenth-customer-${version}`;
const SHELL = "/c/";
const ICONS = ["/static/icons/mark.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(clearOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(shell());
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

/** English always, and whatever the phone speaks; another language is kept when it is first chosen. */
async function fill() {
  const spoken = ["en", ...navigator.languages.map((tag) => tag.split("-")[0])];
  const words = [...new Set(spoken)].map((code) => urls[code]).filter(Boolean);
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...precache, ...words, ...ICONS]);
}

/** The files of one build belong together, so an older build's are dropped as a whole. */
async function clearOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tenth-customer-") && name !== CACHE).map((name) => caches.delete(name)));
}

async function shell() {
  const kept = await caches.match(SHELL, { cacheName: CACHE });
  return kept ?? fetch(SHELL);
}

async function file(request) {
  const kept = await caches.match(request, { cacheName: CACHE });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
}
