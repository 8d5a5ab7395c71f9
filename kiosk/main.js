/** Starts the till: one window, the words, what it knew yesterday, the line to the service, eyes and ears. */
import { connect } from "../static/js/api.js";
import { html, render } from "../static/js/html.js";
import { chooseLanguage, chosenLanguage, loadWords, t } from "../static/js/words.js";
import { createCamera } from "./camera.js";
import { choices, choose, showTheme } from "./choices.js";
import * as counter from "./counter.js";
import * as faces from "./faces.js";
import { inView } from "./in-view.js";
import { listenToKeys } from "./keys.js";
import { ANSWER_TIMEOUT_MS, createLine } from "./line.js";
import { markPainted } from "./marks.js";
import * as outbox from "./outbox.js";
import * as people from "./people.js";
import { play, warmUp } from "./sound.js";
import { onChange, set, state } from "./state.js";
import { keepUp } from "./snapshot.js";
import { clearShop, forgetSent, recall } from "./store.js";
import { keepUpToDate } from "./update.js";
import { Counter } from "./views/counter.js";
import { fetchLater } from "./views/later.js";
import { Pair } from "./views/pair.js";
import { SignOn } from "./views/sign-on.js";

const root = document.querySelector("#till");
const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
const isNew = inView();
const CLOSED = { elsewhere: "kiosk.elsewhere", insecure: "kiosk.insecure" };

const line = createLine({
  api: connect({ principal: "till", timeoutMs: ANSWER_TIMEOUT_MS }),
  onState: set,
  onResult: (result, claim) => counter.showResult(claim, result),
  onTill: (till) => people.heardTill(till),
  onUnpaired: cutOff,
});
counter.useLine(line);

const camera = createCamera({
  onText: (text, at) => {
    if (state.screen !== "counter" || state.settings || !isNew(text, at)) return;
    stayOpen();
    counter.scanned(text, at);
  },
  onState: (camera) => set({ camera }),
});
const startCamera = () => camera.start(video, choices.camera);

const act = {
  ...counter,
  lock,
  startCamera,
  isMirrored: () => camera.facing() === "user" || (camera.facing() === null && choices.camera === "user"),
  flipCamera: () => (choose("camera", choices.camera === "user" ? "environment" : "user"), startCamera()),
  toggleSound: () => (choose("muted", !choices.muted), choices.muted || play("seen"), set({})),
  openSettings: () => set({ settings: true }),
  closeSettings: () => set({ settings: false }),
  choose: (name, value) => (choose(name, value), name === "camera" && startCamera(), set({})),
  changeLanguage: (code) => (chooseLanguage("kiosk", code), useWords()),
  sendNow: () => line.send(),
  hush: () => set({ message: null }),
};

onChange(() => {
  if (state.connected && state.till && state.work.kind === "idle") whenQuiet();
  render(view(), root);
});
start();

function view() {
  const { screen, till, connected, waiting } = state;
  const { signOn } = people;
  if (screen === "pair")
    return html`<${Pair} waiting=${waiting} onPair=${pair} onLanguage=${act.changeLanguage} />`;
  if (screen === "sign-on")
    return html`<${SignOn} till=${till} connected=${connected} onSignOn=${signOn} onPerson=${startCamera} />`;
  if (screen === "counter")
    return html`<${Counter} state=${state} choices=${choices} video=${video} act=${act} />`;
  if (CLOSED[screen]) return html`<${Waiting} text=${CLOSED[screen]} onRetry=${() => location.reload()} />`;
  return html`<${Waiting} text=${connected === false ? "kiosk.no_service" : "common.loading"} />`;
}

function Waiting({ text, onRetry }) {
  return html`<main class="door"><section class="panel stack centre">
    <p role="status">${t(text)}</p>
    ${onRetry && html`<button class="button" onClick=${onRetry}>${t("common.retry")}</button>`}
  </section></main>`;
}

async function start() {
  showTheme();
  if (!isSecureContext) return useWords().then(() => set({ screen: "insecure" }));
  if (!(await onlyWindow())) return useWords().then(() => set({ screen: "elsewhere" }));
  const till = await recall("till");
  await useWords(till);
  await outbox.recover();
  set({ till });
  if (till) await people.showTill();
  markPainted("open");
  line.send();
  listenToKeys((text) => state.screen === "counter" && counter.scanned(text), onKey);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, touched, true);
  document.addEventListener("visibilitychange", awake);
  stayOpen();
  awake();
  faces.tidy();
  outbox.tidy();
  fetchLater().then(({ undoLeft }) => undoLeft(), () => {}); // not there: it is fetched when it is needed
  navigator.storage?.persist?.(); // a browser short of space must not throw the outbox away
  keepUpToDate(() => state.screen === "sign-on" || (state.work.kind === "idle" && !state.undo));
}

async function useWords(till = state.till) {
  await loadWords([chosenLanguage("kiosk"), till?.business.language, ...navigator.languages]);
  document.title = t("kiosk.title");
  set({});
}

async function pair(code) {
  await people.pair(code);
  await useWords();
  line.send();
}

/** Two windows on one outbox would answer for each other: the newest one waits until the other is closed. */
function onlyWindow() {
  return new Promise((resolve) => {
    navigator.locks.request("tenth-till", { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise(() => {}); // held until the window closes
    });
  });
}

let lockTimer;

/** Somebody is here: sound may play now. */
function touched() {
  warmUp();
  stayOpen();
}

function stayOpen() {
  clearTimeout(lockTimer);
  lockTimer = setTimeout(lock, (state.till?.lock_after_seconds ?? 120) * 1000);
}

/** In touch, and no card in hand. */
function whenQuiet() {
  if (state.staff?.unproved) lock();
  keepUp();
}

/**
 * This device is no till any more. If the owner took it out of use, nothing of the shop stays on it but what could
 * not be sent. If the service has never heard of it, that was restored from a backup of before it was paired.
 */
async function cutOff(isRevoked) {
  const business = state.till?.business.id;
  camera.stop();
  counter.forget();
  set({ screen: "pair", till: null, staff: null, settings: false, connected: true });
  if (isRevoked) await forgetSent();
  await clearShop(business);
}

function lock() {
  counter.close();
  if (state.till?.staff.length > 0) camera.stop();
  people.lock();
}

/** A tablet on the counter must not fall asleep; one in a drawer need not look. */
function awake() {
  if (document.hidden) return camera.stop();
  navigator.wakeLock?.request("screen").catch(() => {});
  if (state.screen === "counter") startCamera();
}

function onKey(key, event) {
  if (state.screen !== "counter" || state.settings) return;
  const { work } = state;
  const takesStamps = work.kind === "card" && !work.moving && work.known !== "no";
  if (key === "Escape" && work.kind !== "idle") counter.close();
  else if (event.target.closest("input, select, textarea")) return;
  else if (/^(\d|Backspace|Enter)$/.test(key) && takesStamps) press(key, event);
  else if (key.toLowerCase() === "u" && state.undo) counter.undo();
  else if (key.toLowerCase() === "n") counter.newCard();
}

/** Only what is on the screen can be pressed; a button that has the focus presses itself. */
function press(key, { target }) {
  if (key !== "Enter" || !target.closest("button")) document.querySelector(`[data-key="${key}"]`)?.click();
}
