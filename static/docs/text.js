/** A sentence in which `this` is code. */
import { html } from "../js/html.js";

export const Text = ({ of }) => of.split("`").map((part, place) => (place % 2 ? html`<code>${part}</code>` : part));
