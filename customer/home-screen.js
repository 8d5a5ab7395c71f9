/** Keeping the card on the home screen: by the browser's own question, else how it is done. */
import { html, useEffect, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";

// Chrome asks once, early; keep the question until the customer wants it.
let question = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  question = event;
  dispatchEvent(new Event("tenth:may-install"));
});

const isApple = "standalone" in navigator;
const isInstalled = () => matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;

export function HomeScreen({ face, cardKey }) {
  const [canAsk, setCanAsk] = useState(question !== null);
  useEffect(() => {
    const onQuestion = () => setCanAsk(true);
    addEventListener("tenth:may-install", onQuestion);
    return () => removeEventListener("tenth:may-install", onQuestion);
  }, []);
  useEffect(() => linkManifest(face.code), [face.code]);
  if (isInstalled()) return null;

  // An Apple home screen has its own storage and opens the address it was made from: then the key is in it.
  const onToggle = (event) => {
    if (isApple) history.replaceState(null, "", event.target.open ? `#${cardKey}` : location.pathname);
  };
  const ask = async () => {
    await question.prompt();
    question = null;
    setCanAsk(false);
  };
  return html`<details class="fold" onToggle=${onToggle}>
    <summary>${t("customer.home")}</summary>
    <p class="soft">${t("customer.home_why")}</p>
    ${canAsk
      ? html`<button class="button" onClick=${ask}>${t("customer.home_add")}</button>`
      : html`<p>${t(isApple ? "customer.home_apple" : "customer.home_other")}</p>`}
  </details>`;
}

/** Each card has its own manifest, so that each can be its own icon. */
function linkManifest(code) {
  if (isApple) return;
  const link = document.querySelector("link[rel=manifest]") ?? document.createElement("link");
  link.rel = "manifest";
  link.href = `/c/${code}/manifest.webmanifest`;
  document.head.append(link);
}
