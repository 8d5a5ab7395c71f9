/** What a screen shows while it waits for the service, and when no good answer came. */
import { html, useCallback, useEffect, useRef, useState } from "../static/js/html.js";
import { pageOf } from "../static/js/pages.js";
import { t } from "../static/js/words.js";
import { service } from "./service.js";

/** Ask the service when the screen opens and whenever `wanted` changes: {data, problem, reload}. */
export function useLoad(load, wanted = []) {
  const [answer, setAnswer] = useState({ data: undefined, problem: null });
  const asked = useRef(0);
  const reload = useCallback(async () => {
    const mine = (asked.current += 1);
    const isLatest = () => mine === asked.current; // a slower, older answer must not win
    try {
      const data = await load();
      if (isLatest()) setAnswer({ data, problem: null });
    } catch (problem) {
      if (isLatest()) setAnswer((before) => ({ ...before, problem }));
    }
  }, wanted);
  useEffect(() => {
    reload();
    return () => {
      asked.current += 1;
    };
  }, [reload]);
  return { ...answer, reload };
}

/** A list that grows page by page: `data` holds the items so far, `more` fetches the next page or is null. */
export function usePages(path) {
  const first = useLoad(() => pageOf(service, path), [path]);
  const [rest, setRest] = useState({ after: null, items: [], next: null });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(null);
  const added = rest.after === first.data ? rest : { items: [], next: first.data?.next };
  const more = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const page = await pageOf(service, added.next);
      setRest({ after: first.data, items: [...added.items, ...page.items], next: page.next });
    } catch (fault) {
      setProblem(fault);
    }
    setBusy(false);
  };
  const data = first.data && [...first.data.items, ...added.items];
  return { data, problem: first.problem ?? problem, reload: first.reload, more: added.next ? more : null,
    isBusy };
}

/** Show `children(data)`, or that it is on its way, or what went wrong and a way to try again. */
export function Loaded({ of, children }) {
  if (of.data !== undefined) return html`${of.problem && html`<${Fault} of=${of} />`}${children(of.data)}`;
  if (of.problem) return html`<${Fault} of=${of} />`;
  return html`<${Waiting} />`;
}

export const Waiting = ({ class: name = "" }) => html`
  <div class=${`waiting ${name}`} role="status"><span class="unseen">${t("common.loading")}</span></div>`;

const Fault = ({ of }) => html`
  <div class="notice bad row apart" role="alert">
    <p>${of.problem.words ?? of.problem.message}</p>
    <button type="button" class="button quiet" onClick=${of.reload}>${t("common.retry")}</button>
  </div>`;

/** The foot of a list that may go on. */
export const More = ({ of }) => of.more && html`
  <button type="button" class="button quiet wide" aria-busy=${of.isBusy} disabled=${of.isBusy}
    onClick=${of.more}>
    ${t("console.show_more")}
  </button>`;
