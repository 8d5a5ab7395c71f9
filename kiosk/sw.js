/** Keeps the till's page in the device, so that it opens with no network. Never touches what the API says. */
import words from "tenth:langs";
import precache, { version } from "tenth:precache";

const NAME = `tenth-kiosk-${version}`;
const SHELL = "/kiosk/";
const KEPT = [...precache, ...Object.values(words), "/static/icons/mark.svg"];

addEventListener("install", (event) => event.waitUntil(keep()));

addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

addEventListener("activate", (event) => event.waitUntil(clearAway().then(() => clients.claim())));

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && pathname === SHELL) event.respondWith(fromHere(SHELL));
  else if (KEPT.includes(pathname)) event.respondWith(fromHere(pathname));
});

async function keep() {
  const cache = await caches.open(NAME);
  await cache.addAll([new Request(SHELL, { cache: "reload" }), ...KEPT]);
}

async function fromHere(path) {
  return (await caches.match(path, { cacheName: NAME })) ?? fetch(path);
}

/** Ours only: the phone page keeps its own. */
async function clearAway() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("tenth-kiosk-") && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
}
