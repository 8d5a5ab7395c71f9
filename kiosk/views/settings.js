/** The drawer: what can be chosen on this device, and what this till is. */
import { Dialog } from "../../static/js/parts.js";
import { html, useEffect, useState } from "../../static/js/html.js";
import { language, languages, t } from "../../static/js/words.js";
import { cameras } from "../camera.js";
import { Connection } from "./counter.js";

export function Settings({ state, choices, act }) {
  const [devices, setDevices] = useState([]);
  useEffect(() => void cameras().then(setDevices), []);
  const { till, shop, business } = state.till;
  const pick = (name) => (event) => act.choose(name, event.target.value);
  return html`<${Dialog} title=${t("kiosk.settings")} class="drawer" onClose=${act.closeSettings}>
    <p class="row"><strong>${business.name} · ${shop.name} · ${till.name}</strong><${Connection} connected=${state.connected} waiting=${state.waiting} /></p>
    ${(state.connected === false || state.waiting > 0) && html`<button type="button" class="button quiet" onClick=${act.sendNow}>${t("kiosk.send_now")}</button>`}
    <${Select} id="on-scan" label=${t("kiosk.on_scan")} value=${choices.onScan} onChange=${pick("onScan")}
      options=${[["ask", t("kiosk.on_scan_ask")], ["stamp", t("kiosk.on_scan_stamp")]]} />
    <${Select} id="camera-choice" label=${t("kiosk.camera")} value=${choices.camera} onChange=${pick("camera")}
      options=${[["environment", t("kiosk.camera_back")], ["user", t("kiosk.camera_front")], ...devices.map((device, i) => [device.deviceId, device.label || t("kiosk.camera_n", { n: i + 1 })])]} />
    <${Select} id="language" label=${t("common.language")} value=${language()} onChange=${(event) => act.changeLanguage(event.target.value)} options=${Object.entries(languages)} />
    <${Select} id="theme" label=${t("common.theme")} value=${choices.theme} onChange=${pick("theme")}
      options=${[["auto", t("common.like_device")], ["light", t("common.bright")], ["dark", t("common.dark")]]} />
    <label class="choice"><input type="checkbox" checked=${!choices.muted} onChange=${act.toggleSound} /> ${t("kiosk.sounds")}</label>
    <p class="soft">${t("kiosk.keys")}</p>
    <p class="soft">${t("kiosk.unpair_note")}</p>
  </${Dialog}>`;
}

function Select({ id, label, value, onChange, options }) {
  return html`<div class="field"><label for=${id}>${label}</label>
    <select id=${id} onChange=${onChange}>${options.map(([key, name]) => html`<option value=${key} selected=${key === value}>${name}</option>`)}</select></div>`;
}
