/** What a page says first of each figure: the finding, what stands behind it, and what the figure means. */
import { html, useEffect, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";

/** One finding: `of` names its words, `title` says it, `under` tells what it was reckoned from. */
export const Finding = ({ of, title, under, children }) => html`
  <section class="panel stack finding">
    <div class="what-place">
      <div class="row apart">
        <h2 id=${titleId(of)} class="grow">${title}</h2><${What} of=${of} />
      </div>
      ${under && html`<p class="soft">${under}</p>`}
    </div>
    ${children}
  </section>`;

export const titleId = (of) => `finding-${of}`;

/** One number with its name above, and beneath it what it was reckoned from. */
export const Fact = ({ of, value, under }) => html`
  <div class="fact what-place">
    <dt class="row apart"><span class="grow">${t(`insight.${of}.name`)}</span><${What} of=${of} /></dt>
    <dd class="fact-value">${value}</dd>
    ${under && html`<dd class="soft">${under}</dd>`}
  </div>`;

/** What a figure means: by mouse, finger or keyboard; who listens hears it with the button. */
function What({ of }) {
  const [isHovered, setHovered] = useState(false);
  const [isPinned, setPinned] = useState(false);
  const isOpen = isHovered || isPinned;
  const hide = () => {
    setHovered(false);
    setPinned(false);
  };
  useEffect(() => {
    if (!isOpen) return undefined;
    const onKey = ({ key }) => key === "Escape" && hide();
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOpen]);
  const hover = (isOver) => ({ pointerType }) => pointerType === "mouse" && setHovered(isOver);
  return html`
    <span class="what" onPointerEnter=${hover(true)} onPointerLeave=${hover(false)}>
      <button type="button" aria-label=${t("insight.what_is", { name: t(`insight.${of}.name`) })}
        aria-describedby=${`what-${of}`} aria-expanded=${isOpen}
        onFocus=${({ target }) => target.matches(":focus-visible") && setPinned(true)}
        onBlur=${() => setPinned(false)} onClick=${() => setPinned(!isPinned)}>
        <span aria-hidden="true">?</span></button>
      <span id=${`what-${of}`} class="what-text" hidden=${!isOpen}>${t(`insight.${of}.what`)}</span>
    </span>`;
}

/** The page on paper, or as a PDF by the browser's own way to print. */
export const OnPaper = () => html`
  <button type="button" class="button quiet" onClick=${() => globalThis.print()}>${t("common.print")}</button>`;

/** Why there is no figure yet. */
export const TooEarly = ({ text }) => html`<p class="notice">${text}</p>`;
