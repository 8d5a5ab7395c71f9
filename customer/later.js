/** A part of the page that is not in the card's way: its script comes after the card has been painted. */
import { html, useEffect, useState } from "../static/js/html.js";

/** @param {{part: string}} what the name of it in more.js; the rest is handed to it */
export function Later({ part, ...rest }) {
  const [parts, setParts] = useState(null);
  // Without a network, and before the service worker keeps it, the card is all there is.
  useEffect(() => void import("./more.js").then(setParts, () => {}), []);
  return parts && html`<${parts[part]} ...${rest} />`;
}
