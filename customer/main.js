/** The phone page: /join/… hands out a card, /c/CODE shows one, /c/ all on this phone, /v/CODE a voucher. */
import { html, render } from "../static/js/html.js";
import { foldCode } from "../static/js/short-code.js";
import { chooseLanguage, chosenLanguage, firstWeHave, language, loadWords } from "../static/js/words.js";
import { CardPage } from "./card.js";
import { CardsPage } from "./cards.js";
import { JoinPage } from "./join.js";
import { Later } from "./later.js";
import * as wallet from "./wallet.js";

// Codes come in upper case from QR codes, and in any case from people.
const [, kind, name = ""] = location.pathname.split("/").map(decodeURIComponent);
const place = kind.toLowerCase();
const isJoin = place === "join";
const code = isJoin ? "" : foldCode(name);
const page = document.getElementById("page");
const isSlip = place === "v";

function view() {
  if (isSlip) return html`<${Later} part="SlipPage" code=${code} speak=${speak} />`;
  if (isJoin) return html`<${JoinPage} shop=${name} speak=${speak} />`;
  return code ? html`<${CardPage} code=${code} speak=${speak} />` : html`<${CardsPage} />`;
}

/** Paint all in another language. Chosen by hand, it is remembered; else the reader's own goes first. */
async function speak(wanted, { chosen = false } = {}) {
  if (chosen) chooseLanguage("customer", wanted);
  else if (wanted === language() || firstWeHave(readersOwn())) return;
  await loadWords([wanted]);
  render(view(), page);
}

const readersOwn = () => [chosenLanguage("customer"), ...navigator.languages];

if (!isSlip) wallet.adoptKeyFromAddress(code);
await loadWords([...readersOwn(), wallet.card(code)?.face?.business.language]);
page.replaceChildren();
render(view(), page);

if ("serviceWorker" in navigator && place === "c") navigator.serviceWorker.register("/c/sw.js", { scope: "/c/" });
