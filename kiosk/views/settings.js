/** The drawer: what can be chosen on this device, and what this till is. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { Dialog } from "../../static/js/parts.js";
import { language, languages, t } from "../../static/js/words.js";
import { cameras } from "../camera.js";
import { Button } from "./buttons.js";
import { Connection } from "./connection.js";

export function Settings({ state, choices, act }) {
  const { connected, waiting, till: here } = state;
  const [devices, setDevices] = useState([]);
  useEffect(() => void cameras().then(setDevices), []);
  const named = devices.map(({ deviceId, label }, i) =>
    [deviceId, label || t("kiosk.camera_n", { n: i + 1 })]);
  const select = (name, label, options) => html`
    <${Select} id=${name} label=${label} options=${options} value=${choices[name]}
      onChange=${(event) => act.choose(name, event.target.value)} />`;
  return html`<${Dialog} title=${t("kiosk.settings")} class="drawer" onClose=${act.closeSettings}>
    <p class="row">
      <strong>${here.business.name} · ${here.shop.name} · ${here.till.name}</strong>
      <${Connection} connected=${connected} waiting=${waiting} />
    </p>
    ${(connected === false || waiting > 0) && html`
      <${Button} class="quiet" onClick=${act.sendNow}>${t("kiosk.send_now")}<//>`}
    ${select("onScan", t("kiosk.on_scan"), [
      ["ask", t("kiosk.on_scan_ask")], ["stamp", t("kiosk.on_scan_stamp")],
    ])}
    ${select("camera", t("kiosk.camera"), [
      ["environment", t("kiosk.camera_back")], ["user", t("kiosk.camera_front")], ...named,
    ])}
    <${Select} id="language" label=${t("common.language")}
      options=${Object.entries(languages)} value=${language()}
      onChange=${(event) => act.changeLanguage(event.target.value)} />
    ${select("theme", t("common.theme"), [
      ["auto", t("common.like_device")], ["light", t("common.bright")], ["dark", t("common.dark")],
    ])}
    <label class="choice">
      <input type="checkbox" checked=${!choices.muted} onChange=${act.toggleSound} /> ${t("kiosk.sounds")}
    </label>
    <p class="soft">${t("kiosk.keys")}</p>
    <p class="soft">${t("kiosk.unpair_note")}</p>
  <//>`;
}

const Select = ({ id, label, value, onChange, options }) => html`<div class="field">
  <label for=${id}>${label}</label>
  <select id=${id} onChange=${onChange}>
    ${options.map(([key, name]) => html`<option value=${key} selected=${key === value}>${name}</option>`)}
  </select>
</div>`;
