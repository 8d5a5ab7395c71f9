/** Keeps the page in the device (service worker), and changes to a newer one while nobody is being served. */

const LOOK_EVERY_MS = 60 * 60 * 1000;
const TRY_EVERY_MS = 20_000;

/** @param isQuiet  may the page be loaded again now? */
export async function keepUpToDate(isQuiet) {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const had = serviceWorker.controller; // the first one takes over without a need to load again
  const registration = await serviceWorker.register("/kiosk/sw.js", { scope: "/kiosk/" }).catch(() => null);
  if (!registration) return;
  serviceWorker.addEventListener("controllerchange", () => had && location.reload());
  setInterval(() => registration.update().catch(() => {}), LOOK_EVERY_MS);
  setInterval(() => isQuiet() && registration.waiting?.postMessage("take over"), TRY_EVERY_MS);
}
