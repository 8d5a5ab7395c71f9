/** The counter itself: what the camera sees on one side, the card in hand on the other. */
import { Toast } from "../../static/js/parts.js";
import { html, useEffect, useRef } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { CardWork } from "./card.js";
import { icon } from "./icons.js";
import { Settings } from "./settings.js";
import { ShortCode } from "./short-code.js";

export function Counter({ state, choices, video, act }) {
  const { work } = state;
  return html`<div class="counter" data-work=${work.kind}>
    <${Bar} state=${state} choices=${choices} act=${act} />
    <main class="desk">
      <section class="eye" aria-label=${t("kiosk.camera")}>
        <${Viewfinder} state=${state.camera} video=${video} act=${act} />
        <${ShortCode} key=${work.opened} onCode=${(code) => act.openCard(code)} />
        <div class="doors">
          <button type="button" class="button quiet" onClick=${() => act.newCard()} aria-busy=${work.kind === "idle" && work.making}>
            ${icon("plus")} ${t("kiosk.new_card")}</button>
          <button type="button" class="button quiet" onClick=${act.showLost}>${t("kiosk.lost_card")}</button>
        </div>
      </section>
      <section class="work panel" aria-label=${t("kiosk.card_in_hand")}>
        ${work.kind === "card" && html`<${CardWork} key=${work.opened} state=${state} act=${act} />`}
        ${work.kind === "idle" && html`<${Idle} state=${state} />`}
        ${work.kind === "choose" && html`<${Choose} programmes=${work.programmes} busy=${work.making} act=${act} />`}
        ${work.kind === "lost" && html`<${Lost} act=${act} />`}
        ${state.undo && html`<${UndoBar} undo=${state.undo} act=${act} />`}
      </section>
    </main>
    <${Toast} message=${state.message} onDone=${act.hush} seconds=${7} />
    ${state.settings && html`<${Settings} state=${state} choices=${choices} act=${act} />`}
  </div>`;
}

function Bar({ state, choices, act }) {
  const { till, staff } = state;
  const sound = choices.muted ? "kiosk.sound_on" : "kiosk.sound_off";
  return html`<header class="bar">
    <h1><strong>${till.shop.name}</strong> <span class="soft">${till.till.name}</span></h1>
    <${Connection} connected=${state.connected} waiting=${state.waiting} />
    <nav class="row" aria-label=${t("kiosk.settings")}>
      ${staff && html`<button type="button" class="button plain" onClick=${act.lock} title=${t("kiosk.lock")}>
        ${icon("lock")} <span class="name">${staff.name}</span><span class="unseen">: ${t("kiosk.lock")}</span></button>`}
      <button type="button" class="button plain icon sound" aria-label=${t(sound)} title=${t(sound)} onClick=${act.toggleSound}>
        ${icon(choices.muted ? "mute" : "loud")}</button>
      <button type="button" class="button plain icon" aria-label=${t("kiosk.settings")} title=${t("kiosk.settings")} onClick=${act.openSettings}>
        ${icon("gear")}</button>
    </nav>
  </header>`;
}

/** Connected, or saved here: how many wait. */
export function Connection({ connected, waiting }) {
  const away = connected === false;
  const tone = away ? "warn" : connected ? "good" : "";
  const text = away || waiting > 0 ? t(away ? "kiosk.saved_waiting" : "kiosk.sending", { n: waiting }) : t(connected ? "kiosk.connected" : "kiosk.connecting");
  return html`<p class="chip dot ${tone} connection" role="status">${text}</p>`;
}

function Viewfinder({ state, video, act }) {
  const frame = useRef(null);
  useEffect(() => {
    frame.current.prepend(video);
    if (video.srcObject) video.play().catch(() => {}); // moving a video stops it
    act.startCamera();
  }, []);
  const mirrored = act.isMirrored() ? "mirrored" : "";
  const trouble = !["on", "off", "asking"].includes(state);
  return html`<div class="viewfinder ${mirrored}" ref=${frame} data-camera=${state}>
    ${state === "on" && html`<span class="guide" aria-hidden="true"></span>`}
    ${state === "asking" && html`<p>${t("kiosk.camera_asking")}</p>`}
    ${trouble && html`<div class="stack">
      <p>${t(`kiosk.camera_${state}`)}</p>
      <button type="button" class="button" onClick=${act.startCamera}>${t("common.retry")}</button>
    </div>`}
    <button type="button" class="button icon flip" aria-label=${t("kiosk.flip")} title=${t("kiosk.flip")} onClick=${act.flipCamera}>${icon("flip")}</button>
  </div>`;
}

function Idle({ state }) {
  return html`<div class="idle">
    <h2>${t("kiosk.ready")}</h2>
    <p class="soft">${t("kiosk.ready_help")}</p>
    ${state.connected === false && html`<p class="notice warn">${t("kiosk.offline_help")}</p>`}
  </div>`;
}

function Choose({ programmes, busy, act }) {
  return html`<div class="stack choose">
    <header class="row apart"><h2>${t("kiosk.which_card")}</h2><${Close} act=${act} /></header>
    ${programmes.map(({ id, name, reward, stamps_needed: n }) => html`<button key=${id} type="button" class="button quiet big wide" disabled=${busy}
      onClick=${() => act.newCard(id)}><span><strong>${name}</strong><br />${t("kiosk.promise", { n, reward })}</span></button>`)}
  </div>`;
}

function Lost({ act }) {
  return html`<div class="stack lost">
    <header class="row apart"><h2>${t("kiosk.lost_card")}</h2><${Close} act=${act} /></header>
    <p>${t("kiosk.lost_help")}</p>
    <${ShortCode} id="lost-code" label=${t("kiosk.lost_code")} focused onCode=${(code) => act.openCard(code, { moving: true })} />
  </div>`;
}

export function Close({ act }) {
  return html`<button type="button" class="button plain icon close" aria-label=${t("common.close")} onClick=${act.close}>${icon("cross", 28)}</button>`;
}

function UndoBar({ undo, act }) {
  const { kind, quantity } = undo.claim;
  return html`<div class="undo">
    <button type="button" class="button quiet" onClick=${act.undo}>${icon("undo")} ${t(`kiosk.undo_${kind}`, { n: quantity })}
      <span class="code soft">${undo.shortCode}</span></button>
  </div>`;
}
