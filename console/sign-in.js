/** Signing in with e-mail and password. */
import { html, useEffect } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { FormFault, Input, Submit, useForm } from "./form.js";
import { Mark } from "./frame.js";
import { Look } from "./look.js";
import { service } from "./service.js";

export function SignIn({ onDone }) {
  const form = useForm({ email: "", password: "" },
    async (body) => onDone(await service.post("/sessions", body)));
  useEffect(() => {
    document.title = `${t("console.sign_in.title")} · Tenth`;
  });
  return html`
    <main class="alone stack">
      <header class="set-up-head"><${Mark} /><h1>${t("console.sign_in.title")}</h1></header>
      <form ...${form.attributes} class="panel stack">
        <${Input} form=${form} at="email" label=${t("common.email")} type="email" required
          autocomplete="username" />
        <${Input} form=${form} at="password" label=${t("common.password")} type="password" required
          autocomplete="current-password" />
        <${FormFault} form=${form} />
        <${Submit} form=${form} class="wide">${t("console.sign_in.go")}</${Submit}>
      </form>
      <${Look} />
    </main>`;
}
