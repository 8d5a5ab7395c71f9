/** A form over some fields of the business: only what was changed is sent. */
import { useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { toast } from "./dialog.js";
import { useForm } from "./form.js";
import { useUnsaved } from "./router.js";
import { service } from "./service.js";

/** What useForm gives, and `start`: the values it began with. */
export function useBusinessForm(business, fields, onSaved) {
  const [start] = useState(Object.fromEntries(fields.map((name) => [name, business[name]])));
  const form = useForm(start, async (body) => {
    const changes = Object.entries(body).filter(([name, value]) => value !== start[name]);
    await service.patch("/business", Object.fromEntries(changes));
    toast(t("common.saved"));
    await onSaved();
  });
  useUnsaved(form.isDirty && !form.isBusy);
  return { ...form, start };
}
