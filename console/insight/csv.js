/** A table as a file that a spreadsheet opens: comma-separated, in UTF-8, with nothing in it that could run. */
import { save } from "../print.js";

// A text that begins so is taken for a formula by spreadsheets, and a customer may be called anything.
const LIKE_A_FORMULA = /^[=+\-@\t\r]/;

/** Keep the rows, the first of them the heads, as a file. Numbers stay numbers. */
export function saveCsv(name, rows) {
  save(new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}

/** The mark at the beginning tells older spreadsheets that this is UTF-8. */
const csvText = (rows) => `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = LIKE_A_FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
