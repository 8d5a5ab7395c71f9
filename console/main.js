/** The owner's console: who is signed in, which screen the address asks for, and the frame round it. */
import { html, render, useEffect, useState } from "../static/js/html.js";
import { chosenLanguage, loadWords, t } from "../static/js/words.js";
import { Dialog } from "../static/js/parts.js";
import { Business } from "./business.js";
import { Card } from "./card.js";
import { Cards } from "./cards.js";
import { Connections, Webhook } from "./connections.js";
import { Toasts } from "./dialog.js";
import { FIGURES, Frame, MorePlaces } from "./frame.js";
import { Loaded, Waiting, useLoad } from "./loading.js";
import { applyTheme, whenLanguageChosen } from "./look.js";
import { Print } from "./print.js";
import { NewProgramme, Programme, Programmes } from "./programmes.js";
import { go, leave, rename, useRoute } from "./router.js";
import { service, whenSignedOut } from "./service.js";
import { SetAside } from "./set-aside.js";
import { SetUp } from "./set-up.js";
import { SignIn } from "./sign-in.js";
import { Staff } from "./staff.js";
import { Tills } from "./tills.js";
import { Today } from "./today.js";
import { Watch } from "./watch.js";

const SCREENS = {
  today: Today, cards: Cards, programmes: Programmes, tills: Tills, staff: Staff, print: Print,
  "set-aside": SetAside, watch: Watch, business: Business, connections: Connections, more: MorePlaces,
};
// What stands behind the second word of an address, such as #/cards/CODE.
const INNER = { cards: Card, programmes: Programme, connections: Webhook };
// Fetched when one of them is first opened.
const Figures = later(() => import("./insight/pages.js"), ({ PAGES }, { place }) => PAGES[place]);
const CampaignPages = later(() => import("./campaigns.js"), ({ Campaigns, Campaign, NewCampaign }, { id }) =>
  (id === "new" ? NewCampaign : id ? Campaign : Campaigns));
const CasePages = later(() => import("./making-good.js"), ({ MakingGood, Case, NewCase }, { id }) =>
  (id === "new" ? NewCase : id ? Case : MakingGood));

function Console() {
  const route = useRoute();
  const [session, setSession] = useState(undefined);
  const [unreachable, setUnreachable] = useState(null);
  const [, again] = useState(0);

  const open = async () => {
    setUnreachable(null);
    try {
      setSession(await service.get("/session"));
    } catch (problem) {
      if (problem.status === 401) setSession(null);
      else setUnreachable(problem);
    }
  };
  useEffect(() => {
    whenSignedOut(() => setSession(null));
    whenLanguageChosen(async (code) => {
      await loadWords([code]);
      again((n) => n + 1);
    });
    open();
  }, []);
  // Until the owner chooses for this browser, the console speaks the language of the business.
  useEffect(() => {
    if (!session || chosenLanguage("console")) return;
    loadWords([session.business.language]).then(() => again((n) => n + 1));
  }, [session?.business.language]);

  const setUpToken = /^#setup=(.+)$/.exec(route.hash)?.[1];
  const signedIn = (answer) => {
    if (setUpToken) rename("#/today");
    setSession(answer);
  };
  const signOut = async () => {
    await service.delete("/sessions/current").catch(() => {}); // signed out already is signed out
    setSession(null);
    go("#/today");
  };

  if (setUpToken) return html`<${SetUp} token=${setUpToken} onDone=${signedIn} />`;
  if (unreachable) return html`<${Unreachable} problem=${unreachable} onAgain=${open} />`;
  if (session === undefined) return html`<${Waiting} />`;
  if (session === null) return html`<${SignIn} onDone=${signedIn} />`;
  return html`
    <${Frame} session=${session} place=${route.path[0] ?? "today"} onSignOut=${signOut}>
      <${screenOf(route.path)} key=${route.path.join("/")} session=${session} query=${route.query}
        place=${route.path[0]} id=${route.path[1]} onSignOut=${signOut} onSession=${open} />
    </${Frame}>
    ${route.wished && html`<${LeaveUnsaved} />`}
    <${Toasts} />`;
}

function screenOf([place = "today", inner]) {
  if (place === "programmes" && inner === "new") return NewProgramme;
  if (place === "campaigns") return CampaignPages;
  if (place === "making-good") return CasePages;
  if (FIGURES.includes(place)) return Figures;
  return (inner ? INNER[place] : SCREENS[place]) ?? Today;
}

/** A screen out of a module that comes later; `choose(module, given)` says which. */
function later(load, choose) {
  return (given) => {
    const found = useLoad(load);
    return html`<${Loaded} of=${found}>${(module) => html`<${choose(module, given)} ...${given} />`}</${Loaded}>`;
  };
}

const LeaveUnsaved = () => html`
  <${Dialog} title=${t("console.unsaved.title")} onClose=${() => leave(false)}>
    <p>${t("console.unsaved.text")}</p>
    <div class="row end">
      <button type="button" class="button danger quiet" onClick=${() => leave(true)}>
        ${t("console.unsaved.leave")}</button>
      <button type="button" class="button" onClick=${() => leave(false)}>${t("console.unsaved.stay")}</button>
    </div>
  </${Dialog}>`;

const Unreachable = ({ problem, onAgain }) => html`
  <main class="alone stack">
    <h1>Tenth</h1>
    <p class="notice bad" role="alert">${problem.words ?? problem.message}</p>
    <button type="button" class="button" onClick=${onAgain}>${t("common.retry")}</button>
  </main>`;

applyTheme();
await loadWords([chosenLanguage("console"), ...navigator.languages]);
const page = document.getElementById("page");
page.replaceChildren();
render(html`<${Console} />`, page);
