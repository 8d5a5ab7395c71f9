/** The counter itself: what the camera sees on one side, the card in hand on the other. */
import { html, useEffect, useRef } from "../../static/js/html.js";
import { money } from "../../static/js/money.js";
import { Toast } from "../../static/js/parts.js";
import { moment } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { currency, zone } from "../state.js";
import { Bought } from "./bought.js";
import { Button, Close, icon, IconButton } from "./buttons.js";
import { CardWork } from "./card.js";
import { Connection } from "./connection.js";
import { Later } from "./later.js";
import { ShortCode } from "./short-code.js";

const LATER = { slip: "Slip", case: "CaseWork", cases: "CaseList" };

export function Counter({ state, choices, video, act }) {
  const { work, undo } = state;
  return html`<div class="counter" data-work=${work.kind}>
    <${Bar} state=${state} choices=${choices} act=${act} />
    <main class="desk">
      <section class="eye" aria-label=${t("kiosk.camera")}>
        <${Viewfinder} state=${state.camera} video=${video} act=${act} />
        <${ShortCode} key=${work.opened} onCode=${(code) => act.openCard(code)} />
        <div class="doors">
          <${Button} class="quiet" aria-busy=${work.kind === "idle" && work.making}
            onClick=${() => act.newCard()}>${icon("plus")} ${t("kiosk.new_card")}<//>
          <${Button} class="quiet" onClick=${act.showLost}>${t("kiosk.lost_card")}<//>
          <${Button} class="plain wrong" onClick=${() => act.openCase()}>${t("kiosk.something_wrong")}<//>
        </div>
      </section>
      <section class="work panel" aria-label=${t("kiosk.card_in_hand")}>
        ${work.kind === "card" && html`<${CardWork} key=${work.opened} state=${state} act=${act} />`}
        ${work.kind === "idle" && html`<${Idle} state=${state} choices=${choices} act=${act} />`}
        ${work.kind === "choose" && html`<${Choose} work=${work} act=${act} />`}
        ${work.kind === "lost" && html`<${Lost} act=${act} />`}
        ${LATER[work.kind] && html`
          <${Later} key=${work.opened} view=${LATER[work.kind]} state=${state} act=${act} />`}
        ${undo && html`<div class="undo"><${Button} class="quiet" onClick=${act.undo}>
          ${icon("undo")} ${undoText(undo.claim)}
          <span class="code soft">${undo.shortCode}</span><//></div>`}
      </section>
    </main>
    <${Toast} message=${state.message} onDone=${act.hush} seconds=${7} />
    ${state.settings && html`<${Later} view="Settings" state=${state} choices=${choices} act=${act} />`}
  </div>`;
}

function undoText({ kind, quantity: n, amount }) {
  if (!amount) return t(`kiosk.undo_${kind}`, { n });
  return t("kiosk.undo_amount", { money: money(amount, currency()) });
}

function Bar({ state, choices, act }) {
  const { till, staff } = state;
  const { muted } = choices;
  return html`<header class="bar">
    <h1><strong>${till.shop.name}</strong> <span class="soft">${till.till.name}</span></h1>
    <${Connection} state=${state} />
    <nav class="row" aria-label=${t("kiosk.settings")}>
      ${staff && html`<${Button} class="plain" title=${t("kiosk.lock")} onClick=${act.lock}>
        ${icon("lock")}
        <span class="name">${staff.name}</span><span class="unseen">: ${t("kiosk.lock")}</span><//>`}
      <${IconButton} class="plain sound" picture=${muted ? "mute" : "loud"} onClick=${act.toggleSound}
        name=${t(muted ? "kiosk.sound_on" : "kiosk.sound_off")} />
      <${IconButton} picture="gear" name=${t("kiosk.settings")} onClick=${act.openSettings} />
    </nav>
  </header>`;
}

function Viewfinder({ state, video, act }) {
  const frame = useRef(null);
  useEffect(() => {
    frame.current.prepend(video);
    if (video.srcObject) video.play().catch(() => {}); // moving a video stops it
    act.startCamera();
  }, []);
  const isTrouble = !["on", "off", "asking"].includes(state);
  return html`<div class="viewfinder ${act.isMirrored() ? "mirrored" : ""}" ref=${frame} data-camera=${state}>
    ${state === "on" && html`<span class="guide" aria-hidden="true"></span>`}
    ${state === "asking" && html`<p>${t("kiosk.camera_asking")}</p>`}
    ${isTrouble && html`<div class="stack">
      <p>${t(`kiosk.camera_${state}`)}</p>
      <${Button} onClick=${act.startCamera}>${t("common.retry")}<//>
    </div>`}
    <${IconButton} class="flip" picture="flip" name=${t("kiosk.flip")} onClick=${act.flipCamera} />
  </div>`;
}

function Idle({ state, choices, act }) {
  const { alarm, held: n, connected, since } = state;
  const [tone, help] =
    alarm ? ["notice bad", "kiosk.alarm"]
    : n ? ["notice warn", "kiosk.held_help"]
    : connected === false ? ["notice warn", "kiosk.offline_help"]
    : ["soft", "kiosk.ready_help"];
  return html`<div class="idle">
    <h2>${t("kiosk.ready")}</h2>
    <p class=${tone}>${t(help, { n, when: since && moment(since, zone()) })}</p>
    ${choices.onScan === "stamp" && html`<${Bought} state=${state} act=${act} />`}
  </div>`;
}

function Choose({ work, act }) {
  return html`<div class="stack choose">
    <header class="row apart"><h2>${t("kiosk.which_card")}</h2><${Close} act=${act} /></header>
    ${work.programmes.map(({ id, name, reward, stamps_needed: n }) => html`
      <${Button} key=${id} class="quiet big wide" disabled=${work.making} onClick=${() => act.newCard(id)}>
        <span><strong>${name}</strong><br />${t("kiosk.promise", { n, reward })}</span><//>`)}
  </div>`;
}

function Lost({ act }) {
  return html`<div class="stack lost">
    <header class="row apart"><h2>${t("kiosk.lost_card")}</h2><${Close} act=${act} /></header>
    <p>${t("kiosk.lost_help")}</p>
    <${ShortCode} id="lost-code" label=${t("kiosk.lost_code")} focused
      onCode=${(code) => act.openCard(code, { moving: true })} />
  </div>`;
}
