/** The card's history: every line with the reason for it, newest first. */
import { problemIn } from "../static/js/api.js";
import { html, useEffect, useState } from "../static/js/html.js";
import { pageOf } from "../static/js/pages.js";
import { whyText } from "../static/js/why.js";
import { t } from "../static/js/words.js";

const AT_ONCE = 6;

export function History({ code, api, zone, latest, onLost }) {
  const [{ lines, next }, setPage] = useState({ lines: null });
  const [shown, setShown] = useState(AT_ONCE);
  const [problem, setProblem] = useState(null);

  const load = async (path, before = []) => {
    try {
      const page = await pageOf(api, path);
      setPage({ lines: [...before, ...page.items], next: page.next });
      setProblem(null);
    } catch (trouble) {
      const found = problemIn(trouble);
      if (found.status === 401 || found.status === 403) onLost();
      else setProblem(found);
    }
  };
  useEffect(() => void load(`/cards/${code}/events`), [code, api, latest]);
  const more = () => {
    setShown(shown + 5 * AT_ONCE);
    if (next && shown + 5 * AT_ONCE > lines.length) load(next, lines);
  };

  return html`<details class="fold" open>
    <summary>${t("customer.history")}</summary>
    ${problem && html`<p class="notice warn">${problem.words}</p>`}
    ${lines?.length === 0 && html`<p class="soft">${t("customer.history_none")}</p>`}
    <ul class="lines history" role="list">
      ${lines?.slice(0, shown).map((line) => html`<${Line} key=${line.id} line=${line} zone=${zone} />`)}
    </ul>
    ${lines?.length > shown && html`
      <button class="button plain" onClick=${more}>${t("common.more")}</button>`}
  </details>`;
}

function Line({ line, zone }) {
  return html`<li class="${line.kind} ${line.voided ? "voided" : ""}">
    <span class="sign" aria-hidden="true">${signOf(line)}</span>
    <span>
      ${whyText(line.why, zone)}${" "}
      ${line.voided && html`<span class="chip">${t("customer.history_voided")}</span>`}
    </span>
  </li>`;
}

function signOf({ kind, stamps, rewards }) {
  if (kind === "redeem") return "★";
  const amount = stamps || rewards;
  return amount > 0 ? `+${amount}` : amount < 0 ? `−${-amount}` : "·";
}
