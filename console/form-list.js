/** A list inside a form: each of its items as a form of its own, to which others are added and from which it is taken. */

/** Item `nth` of the list at `list`; its fields are named by their place in the whole: "terms.tiers.0.at". */
export function itemOf(form, list, nth) {
  const start = `${list}.${nth}.`;
  const items = form.values[list];
  const named = Object.entries(items[nth]).map(([name, value]) => [start + name, value]);
  const set = (at, value) => change(form, list, nth, { ...items[nth], [at.slice(start.length)]: value });
  return { values: Object.fromEntries(named), faults: form.faults, set };
}

export const add = (form, list, item) => form.set(list, [...form.values[list], item]);

export const drop = (form, list, nth) => form.set(list, form.values[list].filter((_, i) => i !== nth));

function change(form, list, nth, item) {
  form.set(list, form.values[list].map((one, i) => (i === nth ? item : one)));
}
