/** An answer that may take the service a while: how far it is, a way to stop, and a way to ask again. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { Waiting } from "../loading.js";
import { service } from "../service.js";

const ASK_AGAIN_MS = 1000;

/**
 * Ask until the answer is there: {data, progress, problem, isStopped, stop, again}.
 * While another path is asked the answer before it stays; no path asks nothing.
 */
export function useAnswer(path) {
  const [found, setFound] = useState({});
  const [turn, setTurn] = useState({ isStopped: false });
  useEffect(() => {
    if (!path || turn.isStopped) return undefined;
    let isLeft = false;
    let timer;
    const hear = ({ status, body }) => {
      if (status !== 202) return setFound({ data: body });
      timer = setTimeout(ask, ASK_AGAIN_MS);
      return setFound(({ data }) => ({ data, progress: body }));
    };
    const ask = async () => {
      try {
        const answer = await service.fresh(path);
        if (!isLeft) hear(answer);
      } catch (problem) {
        if (!isLeft) setFound(({ data }) => ({ data, problem }));
      }
    };
    ask();
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [path, turn]);
  const again = () => setTurn({ isStopped: false });
  const stop = () => {
    setTurn({ isStopped: true });
    service.delete("/insight").catch(() => {}); // it also ends by itself when nobody asks any more
  };
  return { ...found, isStopped: turn.isStopped, stop, again };
}

/** Show `children(data)`, or how far the answer is, or why there is none. */
export function Answer({ of, children }) {
  if (of.isStopped) return html`<${Again} of=${of} text=${t("insight.stopped")} verb=${t("insight.go_on")} />`;
  const problem = of.problem && html`
    <${Again} of=${of} isBad text=${of.problem.words ?? of.problem.message} verb=${t("common.retry")} />`;
  if (of.data === undefined && problem) return problem;
  if (of.data === undefined && !of.progress) return html`<${Waiting} />`;
  return html`
    ${problem}
    ${of.progress && html`<${Reading} of=${of} />`}
    ${of.data !== undefined && children(of.data)}`;
}

const Again = ({ of, text, verb, isBad = false }) => html`
  <div class=${`notice row apart ${isBad ? "bad" : ""}`} role=${isBad ? "alert" : "status"}>
    <p>${text}</p>
    <button type="button" class="button quiet" onClick=${of.again}>${verb}</button>
  </div>`;

/** So many cards of so many; when all are read, what is left is the reckoning, and nobody knows how long. */
function Reading({ of: { progress: { done, of: all }, stop } }) {
  const isReading = all > 0 && done < all;
  const text = isReading ? t("insight.reading", { done, n: all })
    : t(all === null ? "insight.in_line" : "insight.reckoning");
  return html`
    <section class="panel stack reading">
      <p role="status">${text}</p>
      <progress aria-label=${text} max=${isReading ? all : undefined} value=${isReading ? done : undefined}>
      </progress>
      <div class="row end">
        <button type="button" class="button quiet" onClick=${stop}>${t("common.cancel")}</button>
      </div>
    </section>`;
}
