/** Which fields of a form the service minds, and what it says about each. */
import { problemWords } from "./api.js";
import { has } from "./words.js";

/** {field name: sentence} of a Problem whose errors point at fields; "/terms/reward" is under "terms.reward". */
export function fieldsOf({ body, errors }) {
  const pointing = [...errors, body].filter(({ pointer }) => pointer);
  return Object.fromEntries(pointing.map((error) => [fieldName(error.pointer), fieldWords(error)]));
}

const fieldName = (pointer) => pointer.replace(/^\//, "").replaceAll("/", ".");

function fieldWords(error) {
  const isKnown = has(`problem.${error.code}`) && error.code !== "invalid";
  return problemWords(isKnown ? error.code : "invalid_value", error);
}
