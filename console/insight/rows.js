/** The figures of a plot as a table, always there for those who listen, and as a file for those who reckon on. */
import { html, useState } from "../../static/js/html.js";
import { t } from "../../static/js/words.js";
import { saveCsv } from "./csv.js";

/**
 * Under a plot: a table that can be shown, and a button that keeps it as a file.
 * `columns` are {head, of, write}: of(row) is what the file gets, write(row) what the table says where that differs.
 * The first column names the row. `name` is the file's; `labelledBy` names what the table belongs to.
 */
export function Rows({ name, labelledBy, columns, rows }) {
  const [isShown, setShown] = useState(false);
  return html`
    <div class="stack tight">
      <div class="row end rows-do">
        <button type="button" class="button plain" aria-pressed=${isShown}
          onClick=${() => setShown(!isShown)}>${t("console.plot.table")}</button>
        <${AsFile} name=${name} columns=${columns} rows=${rows} />
      </div>
      <div class=${isShown ? "table-scroll days-table" : "unseen"} tabindex=${isShown ? 0 : undefined}
        role=${isShown ? "region" : undefined} aria-labelledby=${isShown ? labelledBy : undefined}>
        <${Table} columns=${columns} rows=${rows} />
      </div>
    </div>`;
}

export const AsFile = ({ name, columns, rows }) => html`
  <button type="button" class="button plain" onClick=${() => saveCsv(name, [
    columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ of }) => of(row))),
  ])}>${t("insight.csv")}</button>`;

export const Table = ({ columns: [first, ...others], rows }) => html`
  <table class="table">
    <thead><tr>
      <th scope="col">${first.head}</th>
      ${others.map(({ head }) => html`<th key=${head} scope="col" class="number">${head}</th>`)}
    </tr></thead>
    <tbody>${rows.map((row, i) => html`
      <tr key=${i}>
        <th scope="row">${written(first, row)}</th>
        ${others.map((column) => html`<td key=${column.head} class="number">${written(column, row)}</td>`)}
      </tr>`)}</tbody>
  </table>`;

function written({ of, write }, row) {
  if (write) return write(row);
  const value = of(row);
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? t("console.number", { n: value }) : value;
}
