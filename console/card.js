/** One card: where it stands, its whole history with the why of each line, and putting things right. */
import { html, useState } from "../static/js/html.js";
import { punchCard } from "../static/js/punch-card.js";
import { oneOf, readyOn, wayOf } from "../static/js/rewards.js";
import { dayText } from "../static/js/time.js";
import { t } from "../static/js/words.js";
import { Adjust, Replace, Undo } from "./card-changes.js";
import { Customer } from "./card-customer.js";
import { Screen } from "./frame.js";
import { HistoryLine } from "./history-line.js";
import { Loaded, More, useLoad, usePages } from "./loading.js";
import { service } from "./service.js";
import { CardVouchers } from "./voucher.js";

export function Card({ id: code, session }) {
  const path = `/cards/${encodeURIComponent(code)}`;
  const card = useLoad(() => service.get(path), [path]);
  const history = usePages(`${path}/events`);
  const [change, setChange] = useState(null); // {kind: "undo", line} and the like: the dialog that is open
  const close = () => setChange(null);
  const changed = () => {
    card.reload();
    history.reload();
  };
  const zone = session.business.time_zone;
  const isUnknown = card.problem && card.problem.status === 404;

  if (isUnknown) {
    return html`
      <${Screen} title=${t("console.card.title")} back=${["#/cards", t("console.cards.title")]}>
        <p class="notice bad" role="alert">${card.problem.words}</p>
      </${Screen}>`;
  }
  return html`
    <${Screen} title=${card.data?.short_code ?? t("console.card.title")} under=${card.data?.programme.name}
      back=${["#/cards", t("console.cards.title")]}>
      <${Loaded} of=${card}>${(face) => html`
        <div class="beside">
          <div class="stack">
            <${Face} face=${face} zone=${zone} />
            ${!face.replaced && html`
              <div class="row">
                <button type="button" class="button quiet" onClick=${() => setChange({ kind: "adjust" })}>
                  ${t("console.card.adjust")}</button>
                <button type="button" class="button quiet" onClick=${() => setChange({ kind: "replace" })}>
                  ${t("console.card.replace")}</button>
                <a class="button quiet" href=${`#/making-good/new?card=${face.code}`}>
                  ${t("console.card.complain")}</a>
              </div>
              <${CardVouchers} code=${face.code} zone=${zone} />`}
            <${Customer} code=${face.code} zone=${zone} />
          </div>
          <section class="panel stack">
            <h2>${t("console.card.history")}</h2>
            <${Loaded} of=${history}>${(lines) => lines.length === 0
              ? html`<p class="empty">${t("console.card.no_history")}</p>`
              : html`
                  <ol class="lines history" role="list">
                    ${lines.map((line) => html`
                      <${HistoryLine} key=${line.id} line=${line} zone=${zone}
                        onUndo=${mayUndo(line, face) && (() => setChange({ kind: "undo", line }))} />`)}
                  </ol>
                  <${More} of=${history} />`}
            </${Loaded}>
          </section>
        </div>
        ${change?.kind === "undo" && html`
          <${Undo} code=${face.code} line=${change.line} zone=${zone} onDone=${changed} onClose=${close} />`}
        ${change?.kind === "adjust" && html`
          <${Adjust} card=${face} onDone=${changed} onClose=${close} />`}
        ${change?.kind === "replace" && html`
          <${Replace} card=${face} onDone=${changed} onClose=${close} />`}`}
      </${Loaded}>
    </${Screen}>`;
}

const UNDOABLE = ["stamp", "redeem"];
const mayUndo = (line, face) => UNDOABLE.includes(line.kind) && !line.voided && !face.replaced;

function Face({ face, zone }) {
  const { needed, next_needed: next } = face;
  const until = (at) => ({ day: dayText(at, zone) });
  const remarks = [
    needed !== next && t("console.card.promise", { needed, n: next }),
    face.stamps_owed > 0 && t("console.card.stamps_owed", { n: face.stamps_owed }),
    face.rewards_owed > 0 && t("console.card.rewards_owed", { n: face.rewards_owed }),
    face.stamps_expire_at && t("console.card.stamps_expire", until(face.stamps_expire_at)),
    face.rewards_expire_at && t("console.card.rewards_expire", until(face.rewards_expire_at)),
    t("console.card.since", until(face.created_at)),
  ];
  return html`
    <section class="panel stack card-face">
      <p class="count"><span>${t("common.stamps_of", { stamps: face.stamps, needed })}</span>
        ${face.replaced && html`<span class="chip bad">${t("console.card.replaced")}</span>`}</p>
      ${punchCard({ stamps: face.stamps, needed, gifts: wayOf(face).map(({ at }) => at) })}
      ${face.rewards_ready > 0 && html`
        <p class="notice warn"><strong>${t("common.rewards_ready", { n: face.rewards_ready })}</strong>
          <span>${readyOn(face).map(({ names }) => oneOf(names)).join(" · ")}</span></p>`}
      ${remarks.filter(Boolean).map((remark) => html`<p key=${remark} class="soft">${remark}</p>`)}
      <p><a href=${face.url} target="_blank" rel="noopener">${t("console.card.open")}</a></p>
    </section>`;
}
