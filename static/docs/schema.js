/** A JSON schema as a reader wants it: the fields with what may be in them, the types by name. */
import { html } from "../js/html.js";
import { Text } from "./text.js";

export function Schema({ of: schema }) {
  if (!schema) return null;
  if (!schema.properties) return html`<${Kind} of=${schema} /> <${Limits} of=${schema} />`;
  const required = new Set(schema.required);
  return html`
    <div class="scroll"><table class="fields"><tbody>${Object.entries(schema.properties).map(([name, field]) => html`
      <tr key=${name}>
        <th scope="row"><code>${name}</code>${!required.has(name) && html`<span class="soft"> optional</span>`}</th>
        <td><${Kind} of=${field} />${field.place && html`<span class="soft"> in ${field.place}</span>`}</td>
        <td><${Limits} of=${field} /></td>
      </tr>`)}</tbody></table></div>`;
}

/** text, number, a list of …, a type by name, or one of some values. */
function Kind({ of: schema }) {
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return html`<a href=${`#type-${name}`}>${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return joined(choices.map((each) => html`<${Kind} of=${each} />`));
  if (schema.enum) return joined(schema.enum.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  if ("const" in schema) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.type === "array") return html`list of <${Kind} of=${schema.items ?? {}} />`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type ?? "anything";
}

const joined = (parts) => parts.flatMap((part, place) => (place ? [" or ", part] : [part]));

/** What it means, how long, how much, what it looks like, and what it is when left out. */
function Limits({ of: schema }) {
  const { minimum, maximum, minLength, maxLength, maxItems, pattern } = { ...schema.anyOf?.[0], ...schema };
  const said = [
    range(minimum, maximum, ""), range(minLength, maxLength, " characters"), range(undefined, maxItems, " items"),
  ].filter(Boolean);
  const usual = schema.default !== undefined && schema.default !== null;
  return html`
    ${schema.description && html`<${Text} of=${schema.description} /> `}
    ${said.join(", ")}
    ${usual && html` <span class="soft">otherwise <code>${JSON.stringify(schema.default)}</code></span>`}
    ${pattern && html` <code class="soft">${pattern}</code>`}`;
}

function range(least, most, unit) {
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
