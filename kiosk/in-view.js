/** Says when a code comes into the camera's view: once, until it has been gone for a while. */

// A hand that shakes or a screen that dims loses a code for some frames; nobody puts a phone away and
// back this fast.
const GONE_AFTER_MS = 1500;

export function inView() {
  const seen = new Map();
  return (code, at) => {
    for (const [other, last] of seen) if (at - last > GONE_AFTER_MS) seen.delete(other);
    const isNew = !seen.has(code);
    seen.set(code, at);
    return isNew;
  };
}
