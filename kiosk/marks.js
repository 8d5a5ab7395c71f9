/** Moments worth measuring, for the browser's own tools and for `python -m bench kiosk`. */

/** A moment now, or `at` on the page's clock. */
export const mark = (name, at = performance.now()) => performance.mark(`tenth:${name}`, { startTime: at });

/** After what was just drawn is on the screen: the frame's callback, then the first task behind its paint. */
export function markPainted(name) {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => mark(name);
    port2.postMessage(null);
  });
}
