/**
 * Taking a voucher: never without the network, and never twice. A use has an id of its own, on disk before the
 * service is asked; whatever became of one that nobody waits for any more is undone.
 */
import { connect } from "../static/js/api.js";
import { uuid7 } from "../static/js/uuid7.js";
import { t } from "../static/js/words.js";
import { keepFace } from "./faces.js";
import { ANSWER_TIMEOUT_MS } from "./line.js";
import { play } from "./sound.js";
import { say, state } from "./state.js";
import { LEFT_USES, recall, settled, write } from "./store.js";

const api = connect({ principal: "till", timeoutMs: ANSWER_TIMEOUT_MS });
const AGAIN_MS = 5000;

let waitedFor = null; // the id of the use on the screen

/** Slip or card, what is in hand takes this voucher. act: what the counter can do. */
export async function take(voucher, act) {
  const { kind, code, face } = state.work;
  const use = { id: uuid7(), voucher: voucher.id, card: kind === "card" ? (face?.code ?? code) : null };
  waitedFor = use.id;
  act.patchWork({ using: { voucher, use, stage: "asking", leave } });
  try {
    await change((uses) => [...uses, use]);
  } catch {
    play("refused");
    say(t("kiosk.not_saved"), { bad: true });
    return act.patchWork({ using: null });
  }
  await ask(act);
}

/** Ask, or ask again: it is the same use, however often. */
export async function ask(act) {
  const { using } = state.work;
  const { use, voucher } = using;
  const show = (patch) => act.patchWork({ using: { ...using, ...patch } });
  const isStill = () => state.work.using?.use.id === use.id;
  show({ stage: "asking" });
  try {
    await post(use);
    if (!isStill()) return; // it is being undone
    await forget(use);
  } catch (problem) {
    if (!isStill()) return;
    play("refused");
    if (problem.passing !== false) return show({ stage: "no_answer" });
    await forget(use);
    return show({ stage: "refused", problem });
  }
  waitedFor = null;
  play("full");
  show({ stage: "done" });
  const { face, vouchers } = state.work;
  const left = vouchers?.filter(({ id }) => id !== voucher.id);
  act.patchWork({ vouchers: left });
  if (face) keepFace({ ...face, vouchers: left });
  offerUndo(use, act);
  act.closeSoon();
}

const offerUndo = (use, act) => act.offerUndo({ kind: "voucher", quantity: 1 }, () => undo(use, act));

/** It was a slip of the cashier's: the voucher is as good as before. */
async function undo(use, act) {
  const { work } = state;
  act.undone();
  try {
    await unuse(use);
  } catch (problem) {
    play("refused");
    if (problem.passing) offerUndo(use, act);
    return say(problem.words, { bad: true });
  }
  if (use.card) await act.openCard(use.card);
  else if (work.kind === "slip") act.openSlip(work.code);
  play("stamped");
  say(t("kiosk.voucher_undone"));
}

/** Nobody waits any more: the voucher stays as it was. */
function leave() {
  waitedFor = null;
  undoLeft();
}

/**
 * Undo what was asked and then left. It is asked once more before that: what comes late finds its own id, and
 * does nothing.
 */
export async function undoLeft() {
  for (const use of (await recall(LEFT_USES)) ?? []) {
    if (use.id === waitedFor) continue;
    try {
      await post(use);
      await unuse(use);
    } catch (problem) {
      if (problem.passing) return void setTimeout(undoLeft, AGAIN_MS);
    }
    await forget(use); // undone, or refused: then there was nothing to undo
  }
}

const post = ({ id: use_id, voucher, card }) =>
  api.post(`/vouchers/${voucher}/uses`, { use_id, ...(card && { card }) });

const unuse = ({ id, voucher }) => api.post(`/vouchers/${voucher}/uses/${id}/voids`);

const forget = ({ id }) => change((uses) => uses.filter((use) => use.id !== id));

const change = (edit) => write("facts", async (facts) => {
  const uses = (await settled(facts.get(LEFT_USES))) ?? [];
  facts.put(edit(uses), LEFT_USES);
});
