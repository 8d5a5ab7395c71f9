/** The frame round every screen: where one can go, who is signed in, and the title of the screen. */
import { html, useEffect, useRef } from "../static/js/html.js";
import { STAMP_PATH } from "../static/js/punch-card.js";
import { t } from "../static/js/words.js";
import { Icon } from "./icons.js";
import { Look } from "./look.js";

// The first four are always at hand on a phone; the others wait behind "More".
const PLACES = [
  "today", "cards", "programmes", "tills", "staff", "making-good", "campaigns", "print", "set-aside", "watch",
  "business", "connections",
];
const AT_HAND = 4;
// The owner's questions stand together under one heading.
export const FIGURES = ["doing", "slipping", "what-if", "did-it-work", "owing"];

export function Frame({ session, place, onSignOut, children }) {
  const isFurther = place === "more" || FIGURES.includes(place) || PLACES.indexOf(place) >= AT_HAND;
  return html`
    <a class="skip button" href="#content" onClick=${skip}>${t("console.skip")}</a>
    <div class="frame">
      <header class="side">
        <a class="brand" href="#/today">
          <${Mark} business=${session.business} /><span>${session.business.name}</span></a>
        <nav aria-label=${t("console.places")}>
          <ul role="list">
            ${PLACES.slice(0, AT_HAND).map((name) => html`
              <li key=${name}><${Place} name=${name} isHere=${name === place} /></li>`)}
            <li class="further"><${FigurePlaces} id="figures" place=${place} /></li>
            ${PLACES.slice(AT_HAND).map((name) => html`
              <li key=${name} class="further"><${Place} name=${name} isHere=${name === place} /></li>`)}
            <li class="more-place"><${Place} name="more" isHere=${isFurther} /></li>
          </ul>
        </nav>
        <div class="side-foot stack">
          <${Look} /><${SignOut} session=${session} onSignOut=${onSignOut} />
        </div>
      </header>
      <main id="content" tabindex="-1">${children}</main>
    </div>`;
}

/** On a phone, the places that have no room at the foot of the screen. */
export function MorePlaces({ session, onSignOut }) {
  return html`
    <${Screen} title=${t("console.more.title")}>
      <nav class="panel more-list" aria-labelledby="more-figures">
        <${FigurePlaces} id="more-figures" />
      </nav>
      <nav class="panel" aria-label=${t("console.more.title")}>
        <ul class="lines more-list" role="list">
          ${PLACES.slice(AT_HAND).map((name) => html`<li key=${name}><${Place} name=${name} /></li>`)}
        </ul>
      </nav>
      <section class="panel stack">
        <${Look} /><${SignOut} session=${session} onSignOut=${onSignOut} />
      </section>
    </${Screen}>`;
}

/** One screen: its title takes the focus, so that a screen reader says where one has come to. */
export function Screen({ title, under, actions, back, wide = false, children }) {
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${title} · Tenth`;
  }, [title]);
  useEffect(() => {
    scrollTo(0, 0);
    heading.current.focus({ preventScroll: true });
  }, []);
  return html`
    <div class=${`screen stack ${wide ? "wide" : ""}`}>
      ${back && html`<a class="back" href=${back[0]}><${Icon} name="back" />${back[1]}</a>`}
      <div class="row apart screen-head">
        <div>
          <h1 ref=${heading} tabindex="-1">${title}</h1>${under && html`<p class="soft">${under}</p>`}
        </div>
        ${actions && html`<div class="row">${actions}</div>`}
      </div>
      ${children}
    </div>`;
}

export const Mark = ({ business }) =>
  business?.logo
    ? html`<img class="mark" src=${business.logo} alt="" />`
    : html`
      <svg class="mark" viewBox="0 0 100 100" aria-hidden="true">
        <path fill-rule="evenodd" d=${STAMP_PATH} /></svg>`;

const Place = ({ name, isHere = false }) => html`
  <a class="place" href=${`#/${name}`} aria-current=${isHere ? "page" : undefined}>
    <${Icon} name=${name} /><span>${t(`console.place.${name}`)}</span>
  </a>`;

const FigurePlaces = ({ id, place }) => html`
  <p class="places-head soft" id=${id}>${t("console.figures")}</p>
  <ul role="list" aria-labelledby=${id}>${FIGURES.map((name) => html`
    <li key=${name}><${Place} name=${name} isHere=${name === place} /></li>`)}</ul>`;

const SignOut = ({ session, onSignOut }) => html`
  <div class="row apart">
    <span class="soft">${session.owner.name}</span>
    <button type="button" class="button plain" onClick=${onSignOut}>${t("console.sign_out")}</button>
  </div>`;

function skip(event) {
  event.preventDefault(); // the address belongs to the screens
  document.getElementById("content").focus();
}
