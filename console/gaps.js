/** What a till has numbered and never sent, in a sentence, until the owner has seen it. */
import { html, useState } from "../static/js/html.js";
import { whenText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { service } from "./service.js";

/** Every open gap of these tills; `onSeen` when one is gone. */
export const Gaps = ({ tills, zone, onSeen }) => tills.map((till) => till.gaps.map((gap) => html`
  <${Gap} key=${till.id + gap.first} till=${till} gap=${gap} zone=${zone} onSeen=${onSeen} />`));

export const countGaps = (tills) => tills.reduce((sum, till) => sum + till.gaps.length, 0);

function Gap({ till, gap, zone, onSeen }) {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState(null);
  const seen = async () => {
    setBusy(true);
    setFault(null);
    try {
      await service.post(`/tills/${till.id}/gaps/${gap.first}/reviews`, {});
      await onSeen();
    } catch (problem) {
      setFault(problem.words);
    }
    setBusy(false);
  };
  return html`
    <div class="notice warn gap">
      <p class="grow">${gapText(till, gap, zone)}${fault && html`<br /><span role="alert">${fault}</span>`}</p>
      <button type="button" class="button quiet" disabled=${isBusy} aria-busy=${isBusy} onClick=${seen}>
        ${t("console.gaps.seen")}<span class="unseen"> ${till.name}</span></button>
    </div>`;
}

function gapText(till, { first, last, noticed_at }, zone) {
  const when = whenText(noticed_at, zone);
  if (last === null) return t("console.gaps.forgotten", { name: till.name, when });
  return t("console.gaps.missing", { n: last - first + 1, name: till.name, when });
}
