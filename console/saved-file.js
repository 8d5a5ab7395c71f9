/** Bringing in what a till saved to a file because its network never came back. */
import { html, useRef, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { service } from "./service.js";

const FORMAT = "tenth-outbox";
const VERSION = 1;
// What the service takes in one go, with room to spare.
const PIECE = 500;
// So many are written to disk one by one before the answer comes.
const ANSWER_TIMEOUT_MS = 60_000;

export function SavedFile({ tills, onDone }) {
  const [said, setSaid] = useState(null); // {text, isBad}
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  const choose = async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    setBusy(true);
    setSaid(null);
    setSaid(await bringIn(file, tills));
    setBusy(false);
    box.current.value = "";
    onDone();
  };
  return html`
    <section class="panel stack">
      <h2>${t("console.saved_file.title")}</h2>
      <p class="soft" id="saved-file-hint">${t("console.saved_file.hint")}</p>
      <div>
        <label class="button quiet file" aria-busy=${isBusy}>
          ${t("console.saved_file.choose")}
          <input ref=${box} class="unseen" type="file" accept=".json,application/json" disabled=${isBusy}
            aria-describedby="saved-file-hint" onChange=${choose} />
        </label>
      </div>
      <div role="status">
        ${said && html`<p class=${`notice ${said.isBad ? "bad" : "good"}`}>${said.text}</p>`}
      </div>
    </section>`;
}

/** Send a file's events piece by piece; once more is harmless. What became of them, in a sentence. */
async function bringIn(file, tills) {
  const saved = await readSaved(file);
  if (!saved) return { isBad: true, text: t("console.saved_file.not_one") };
  const till = tills.find(({ id }) => id === saved.till.id);
  if (!till) return { isBad: true, text: t("console.saved_file.unknown_till", { name: saved.till.name }) };
  const became = { applied: 0, flagged: 0, duplicate: 0, kept: 0, refused: 0 };
  try {
    for (let start = 0; start < saved.events.length; start += PIECE) {
      const { results } = await service.post(
        `/tills/${till.id}/imported-events`,
        { sent_at: new Date().toISOString(), events: saved.events.slice(start, start + PIECE) },
        { timeoutMs: ANSWER_TIMEOUT_MS },
      );
      for (const { status } of results) became[status] += 1;
    }
  } catch (problem) {
    if (!problem.words) throw problem; // not the service's answer but a mistake of ours
    return { isBad: true, text: t("console.saved_file.stopped", { problem: problem.words }) };
  }
  const counted = became.applied + became.flagged;
  return { text: t("console.saved_file.done", { ...became, name: till.name, counted }) };
}

/** What a till has written, or null when this file is something else. */
async function readSaved(file) {
  try {
    const saved = JSON.parse(await file.text());
    const isOurs = saved.format === FORMAT && saved.version === VERSION;
    return isOurs && saved.till?.id && Array.isArray(saved.events) ? saved : null;
  } catch {
    return null;
  }
}
