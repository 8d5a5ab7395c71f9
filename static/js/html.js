/** How a page puts things on the screen: Preact, written as html`…`, which escapes all it is given. */
import { h, render } from "preact";
import htm from "htm";

export const html = htm.bind(h);
export { render };
export { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
