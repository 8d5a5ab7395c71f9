/** Small line drawings that stand beside words, never instead of them. */
import { html } from "../static/js/html.js";

const LINES = {
  today: "M4 20V11M10 20V4M16 20v-7M21 20H3",
  cards: "M3 7q0-2 2-2h14q2 0 2 2v10q0 2-2 2H5q-2 0-2-2ZM7 10h0m5 0h0m5 0h0M7 14h0m5 0h0m5 0h0",
  programmes: "M12 8v13M4 12v9h16v-9M3 8h18v4H3ZM12 8C8 8 7 3 9.5 3S12 8 12 8s0-5 2.5-5S16 8 12 8Z",
  "making-good": "M4 4h16v12h-9l-5 4v-4H4ZM8 10l3 3 5-6",
  campaigns: "M3 10v4h3l9 5V5l-9 5ZM6 14l1 6h3l-1-4M18 9q3 3 0 6",
  tills: "M5 3h14v12H5ZM3 21h18M9 15v6M15 15v6",
  staff: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21q0-7 7-7t7 7M17 4a4 4 0 0 1 0 7M18 14q4 1 4 7",
  print: "M7 8V3h10v5M7 17H4V9h16v8h-3M7 14h10v7H7Z",
  business: "M4 10v11h16V10M3 10l2-6h14l2 6q0 3-3 3t-3-3q0 3-3 3t-3-3q0 3-3 3t-3-3Z",
  "set-aside": "M4 13l3-9h10l3 9v7H4ZM4 13h5c0 2 1 3 3 3s3-1 3-3h5",
  watch: "M2 12q10-14 20 0q-10 14-20 0ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
  connections: "M9 7V3M15 7V3M6 7h12v4a6 6 0 0 1-12 0ZM12 17v4",
  doing: "M3 17l6-6 4 4 8-9M15 6h6v6",
  slipping: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21q0-7 7-7 3 0 5 2M15 20h7M19 17l3 3-3 3",
  "what-if": "M8 9a4 4 0 1 1 5.5 3.5Q12 13.5 12 15.5M12 20h0",
  "did-it-work": "M4 21V4h13l-3 4 3 4H4",
  owing: "M6 3h12v18l-3-2-3 2-3-2-3 2ZM10 8h4M10 12h4",
  more: "M5 12h0M12 12h0M19 12h0",
  check: "M5 13l5 5L19 7",
  back: "M15 5l-7 7 7 7",
};

export const Icon = ({ name }) => html`
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"
    stroke-linecap="round" stroke-linejoin="round"><path d=${LINES[name]} /></svg>`;
