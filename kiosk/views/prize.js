/** A reward waits: handed over with one tap, which also says which one where there are several. */
import { html } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { objection } from "../alone.js";
import { claimed, rewardsOf } from "../rewards.js";
import { Button } from "./buttons.js";

/** On a card that has just become full (`turned`) it is all there is to see. */
export function Prize({ state, act, turned = false }) {
  const { work, connected } = state;
  const refusal = connected === false && objection(work);
  const kinds = rewardsOf(work);
  const [{ names }] = kinds;
  const isPlain = kinds.length === 1 && names.length === 1;
  const isTier = work.doing?.result?.why.code === "tier_earned";
  return html`<div class="prize ${turned ? "turned" : ""} ${isPlain ? "" : "several"}">
    ${turned && html`<p class="cheer">${t(isTier ? "kiosk.earned" : "kiosk.full")}</p>`}
    <h2>${isPlain ? names[0] : t("kiosk.which_reward")}</h2>
    ${refusal && html`<p>${t(`kiosk.wait_${refusal}`)}</p>`}
    ${!refusal && !isPlain && html`<${Picks} kinds=${kinds} act=${act} />`}
    <div class="row">
      ${!refusal && isPlain && html`
        <${Button} class="reward big" onClick=${() => act.redeem(claimed(kinds[0], names[0]))}>
          ${t("kiosk.hand_over")}<//>`}
      ${(!refusal || turned) && html`
        <${Button} class="quiet big" onClick=${act.saveForLater}>${t("kiosk.save_for_later")}<//>`}
    </div>
  </div>`;
}

/** A button for each thing there is to hand over. */
export const Picks = ({ kinds, act }) => html`<div class="picks">
  ${kinds.flatMap((kind) => kind.names.map((name) => html`
    <${Button} key=${`${kind.tier}/${name}`} class="reward big" onClick=${() => act.redeem(claimed(kind, name))}>
      ${name}${kind.ready > 1 && html` <span class="times">× ${kind.ready}</span>`}<//>`))}
</div>`;
