/** The phone page: /join/… hands out a card, /c/CODE shows one, /c/ shows every card this phone knows. */
import { html, render } from "../static/js/html.js";
import { foldCode } from "../static/js/short-code.js";
import { chosenLanguage, chooseLanguage, language, languages, loadWords } from "../static/js/words.js";
import { CardPage } from "./card.js";
import { CardsPage } from "./cards.js";
import { JoinPage } from "./join.js";
import * as wallet from "./wallet.js";

const [, kind, name = ""] = location.pathname.split("/");
const page = document.getElementById("page");

/** Which page the address asks for. `/C/CODE` comes from QR codes, which are shorter in upper case. */
function view() {
  if (kind.toLowerCase() === "join") return html`<${JoinPage} shop=${decodeURIComponent(name)} speak=${speak} />`;
  const code = foldCode(decodeURIComponent(name));
  return code ? html`<${CardPage} code=${code} speak=${speak} />` : html`<${CardsPage} />`;
}

/** Paint everything again in another language; what was chosen by hand is remembered. */
async function speak(wanted, { chosen = false } = {}) {
  if (chosen) chooseLanguage("customer", wanted);
  else if (wanted === language() || readersOwn().some(haveWords)) return;
  await loadWords(chosen ? [wanted] : [...readersOwn(), wanted]);
  render(view(), page);
}

const readersOwn = () => [chosenLanguage("customer"), ...navigator.languages].filter(Boolean);
const haveWords = (tag) => tag in languages || tag.split("-")[0] in languages;

wallet.adoptKeyFromAddress(foldCode(name));
await loadWords([...readersOwn(), wallet.card(foldCode(name))?.face?.business.language]);
page.replaceChildren();
render(view(), page);

if ("serviceWorker" in navigator && kind.toLowerCase() === "c") navigator.serviceWorker.register("/c/sw.js", { scope: "/c/" });
