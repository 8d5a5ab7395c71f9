/** A table whose cells are the darker the more they hold. */
import { html } from "../../static/js/html.js";

// Darker than this, and the number could no longer be read on it.
const DARKEST = 0.5;

/**
 * `heads`: of the columns. `over`: {skip, span, text}, what stands over some of them. `rows`: {head, cells},
 * each cell {value, text}, its value 0 to 1 or null for none.
 */
export const Heat = ({ labelledBy, heads, over, rows }) => html`
  <div class="table-scroll" role="region" tabindex="0" aria-labelledby=${labelledBy}>
    <table class="table heat">
      <thead>
        ${over && html`
          <tr><td colspan=${over.skip}></td><th scope="colgroup" colspan=${over.span}>${over.text}</th></tr>`}
        <tr>${heads.map((head) => html`<th key=${head} scope="col">${head}</th>`)}</tr>
      </thead>
      <tbody>${rows.map(({ head, cells }) => html`
        <tr key=${head}>
          <th scope="row">${head}</th>
          ${cells.map(({ value, text }, i) => html`
            <td key=${i} style=${value > 0 ? { "--heat": DARKEST * value } : undefined}>${text}</td>`)}
        </tr>`)}</tbody>
    </table>
  </div>`;
