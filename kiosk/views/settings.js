/** The drawer: what can be chosen on this device, and what this till is. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { Dialog } from "../../static/js/parts.js";
import { moment } from "../../static/js/time.js";
import { t } from "../../static/js/words.js";
import { cameras } from "../camera.js";
import { saveToFile } from "../keep.js";
import { head } from "../snapshot.js";
import { zone } from "../state.js";
import { Button } from "./buttons.js";
import { Connection } from "./connection.js";
import { Language, Select } from "./select.js";

export function Settings({ state, choices, act }) {
  const { connected, waiting, till: here } = state;
  const [devices, setDevices] = useState([]);
  const [stored, setStored] = useState({});
  useEffect(() => {
    cameras().then(setDevices);
    const asked = [head(), navigator.storage.persisted()];
    Promise.all(asked).then(([known, isKept]) => setStored({ known, isKept }));
  }, []);
  const named = devices.map(({ deviceId, label }, i) =>
    [deviceId, label || t("kiosk.camera_n", { n: i + 1 })]);
  const select = (name, label, options) => html`
    <${Select} id=${name} label=${label} options=${options} value=${choices[name]}
      onChoice=${(value) => act.choose(name, value)} />`;
  return html`<${Dialog} title=${t("kiosk.settings")} class="drawer" onClose=${act.closeSettings}>
    <p class="row">
      <strong>${here.business.name} · ${here.shop.name} · ${here.till.name}</strong>
      <${Connection} state=${state} />
    </p>
    ${(connected === false || waiting > 0) && html`
      <${Button} class="quiet" onClick=${act.sendNow}>${t("kiosk.send_now")}<//>`}
    ${waiting > 0 && html`<${Button} class="quiet" onClick=${() => saveToFile(here)}>${t("kiosk.save_file")}<//>`}
    <${Button} class="quiet" onClick=${act.showCases}>${t("kiosk.open_cases")}<//>
    <${Stored} ...${stored} />
    ${select("onScan", t("kiosk.on_scan"), [
      ["ask", t("kiosk.on_scan_ask")], ["stamp", t("kiosk.on_scan_stamp")],
    ])}
    ${select("camera", t("kiosk.camera"), [
      ["environment", t("kiosk.camera_back")], ["user", t("kiosk.camera_front")], ...named,
    ])}
    <${Language} onLanguage=${act.changeLanguage} />
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

/** What this device remembers, and whether the browser promised to keep it. */
const Stored = ({ known, isKept }) => html`<p class="soft">
  ${known && t("kiosk.cards_known", { n: known.cards, when: moment(known.at, zone()) })}${" "}
  ${isKept !== undefined && t(isKept ? "kiosk.storage_kept" : "kiosk.storage_loose")}
</p>`;
