/** How a page puts things on the screen: Preact's view, written as html`…`, which escapes everything it is given. */
import { h, render } from "preact";
import htm from "htm";

export const html = htm.bind(h);
export { render };
export { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
