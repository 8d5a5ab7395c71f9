/** One card: what waits, how far it is, what runs out; with the private link also its history and settings. */
import { html, useEffect, useRef, useState } from "../static/js/html.js";
import { watchCard } from "../static/js/live.js";
import { money } from "../static/js/money.js";
import { punchCard } from "../static/js/punch-card.js";
import { oneOf, readyOn, wayOf } from "../static/js/rewards.js";
import { calendarDay, dayOf, dayText } from "../static/js/time.js";
import { whenText } from "../static/js/why.js";
import { t } from "../static/js/words.js";
import { Gifts } from "./campaigns.js";
import { CardList } from "./cards.js";
import { FULL_CARD_MS, landing } from "./landing.js";
import { Later } from "./later.js";
import { Masthead, Trouble, Waiting } from "./masthead.js";
import { PrivatePart } from "./private.js";
import { Qr, ScanMode } from "./qr.js";
import { Settings } from "./settings.js";
import { Vouchers } from "./vouchers.js";
import * as wallet from "./wallet.js";
import { Way } from "./way.js";

const DAY_AND_MONTH = { day: "numeric", month: "long" };

export function CardPage({ code, speak }) {
  const [face, setFace] = useState(wallet.card(code)?.face ?? null);
  const [connection, setConnection] = useState(null);
  const [news, setNews] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBig, setBig] = useState(false);
  const [isAnswered, setAnswered] = useState(false);
  const last = useRef(face);

  useEffect(() => watchCard(code, {
    onState: setConnection,
    onGone: setProblem,
    onCard: (card) => {
      setNews((before) => landing(last.current, card) ?? before);
      last.current = card;
      setFace(card);
      wallet.keep(code, { face: card, seen_at: new Date().toISOString() });
      speak(card.business.language);
    },
  }), [code]);

  useEffect(() => {
    if (!news) return undefined;
    const timer = setTimeout(() => setNews(null), FULL_CARD_MS);
    return () => clearTimeout(timer);
  }, [news]);

  useEffect(() => void (document.title = face?.business.name ?? t("customer.title")), [face?.business.name]);

  if (!face && problem) return html`<${Trouble} problem=${problem} />`;
  if (!face) return connection === "away" ? html`<${Trouble} />` : html`<${Waiting} />`;
  const others = wallet.cards().filter(([other]) => other !== code);
  return html`<div class="phone">
    <${Masthead} business=${face.business} />
    <main class="stack">
      ${face.replaced
        ? html`<${Replaced} others=${others} programme=${face.programme} />`
        : html`<${Rewards} face=${face} isNew=${["filled", "earned"].includes(news?.kind)} />
            <${Vouchers} face=${face} />
            ${isAnswered && html`<${Answered} business=${face.business} />`}
            <${Gifts} code=${code} face=${face} />
            <${Loyalty} face=${face} news=${news} onBig=${() => setBig(true)} />
            <${LastSeen} code=${code} zone=${face.business.time_zone} connection=${connection} />
            <${Later} part="Cases" code=${code} face=${face} onNews=${setAnswered} />
            <${PrivatePart} code=${code} face=${face} />`}
      ${others.length > 0 && html`<section class="stack">
        <h2>${t("customer.cards_other")}</h2>
        <${CardList} known=${others} />
      </section>`}
      <${Settings} speak=${speak} />
    </main>
    ${isBig && html`<${ScanMode} face=${face} onClose=${() => setBig(false)} />`}
  </div>`;
}

/** Further down there is an answer to something that went wrong. */
function Answered({ business }) {
  const show = () => {
    const place = document.getElementById("told");
    place.scrollIntoView();
    place.focus();
  };
  return html`<button class="notice answered" onClick=${show}>
    ${t("customer.case_answered", { business: business.name })}
  </button>`;
}

function Rewards({ face, isNew }) {
  if (face.rewards_ready === 0) return null;
  const until = face.rewards_expire_at;
  const kinds = readyOn(face);
  return html`<section class="rewards ${isNew ? "new" : ""} ${kinds.length > 1 ? "several" : ""}">
    <h2>${t("common.rewards_ready", { n: face.rewards_ready })}</h2>
    ${kinds.map(({ tier, ready, names }) => html`
      <p key=${tier} class="what">${ready > 1 && html`<span>${ready} × </span>`}${oneOf(names)}</p>`)}
    <p>${t("customer.rewards_show")}</p>
    ${until && html`<p>${t("customer.rewards_until", { day: dayText(until, face.business.time_zone) })}</p>`}
  </section>`;
}

function Loyalty({ face, news, onBig }) {
  const way = wayOf(face);
  // While a filled card is being admired it stays full; then the next round's stamps show.
  const shown = news?.kind === "filled" ? { stamps: news.needed, needed: news.needed } : face;
  return html`<section class="loyalty">
    <div class="head">
      <h1 class="programme">${face.programme.name}</h1>
      <p class="count" aria-hidden="true">
        <b key=${shown.stamps} class=${news ? "fresh" : ""}>${shown.stamps}</b>
        <span>${t("customer.count_of", shown)}</span>
      </p>
    </div>
    ${punchCard({ ...shown, fresh: news?.fresh ?? 0, gifts: way.map(({ at }) => at) })}
    <p class="to-go" role="status">${progressText(face, news, way)}</p>
    ${face.spend_per_stamp && html`<p>${toNextStamp(face)}</p>`}
    <${Way} way=${way} stamps=${shown.stamps} />
    ${warnings(face).map((text) => html`<p key=${text} class="notice warn">${text}</p>`)}
    ${notes(face).map((note) => html`<p key=${note} class="note">${note}</p>`)}
    <button class="scan" onClick=${onBig}>
      <${Qr} text=${face.url} label=${t("customer.qr_label", { short_code: face.short_code })} />
      <span class="words">
        <span class="soft">${t("common.short_code")}</span>
        <b class="short-code">${face.short_code}</b>
        <span class="press">${t("customer.scan_big")}</span>
      </span>
    </button>
  </section>`;
}

function progressText(face, news, way) {
  const last = way.at(-1);
  if (news) {
    return t(`customer.news_${news.kind}`, { ...face, ...news, reward: oneOf(news.names ?? last.names) });
  }
  const { at, names } = way.find((one) => one.at > face.stamps) ?? last;
  return t("customer.to_go", { left: at - face.stamps, reward: oneOf(names) });
}

const toNextStamp = ({ spend_per_stamp: price, remainder, currency }) =>
  t("customer.to_next_stamp", { money: money(price - remainder, currency) });

/** What is about to run out. */
const warnings = ({ expiring = [], business }) =>
  expiring.map(({ what, n, at }) =>
    t(`customer.expiring_${what}`, { n, day: calendarDay(dayOf(at, business.time_zone), DAY_AND_MONTH) }));

/** What else a customer should know about these figures. */
function notes({ needed, next_needed, stamps_owed, rewards_owed, stamps_expire_at, expiring, business }) {
  const until = !expiring && stamps_expire_at && dayText(stamps_expire_at, business.time_zone);
  return [
    next_needed > needed && t("customer.promise_more", { needed, next_needed }),
    next_needed < needed && t("customer.promise_fewer", { needed, next_needed }),
    stamps_owed > 0 && t("customer.stamps_owed", { n: stamps_owed }),
    rewards_owed > 0 && t("customer.rewards_owed", { n: rewards_owed }),
    until && t("customer.stamps_until", { day: until }),
  ].filter(Boolean);
}

function Replaced({ others, programme }) {
  const newer = others.find(([, { face, key }]) => key && face.programme.id === programme.id);
  return html`<section class="panel stack replaced">
    <h1>${t("customer.replaced_title")}</h1>
    <p>${t("why.card_replaced")}</p>
    ${newer
      ? html`<a class="button wide" href="/c/${newer[0]}">${t("customer.replaced_open")}</a>`
      : html`<p>${t("customer.replaced_do")}</p>`}
  </section>`;
}

function LastSeen({ code, zone, connection }) {
  if (connection === null) return html`<p class="state"></p>`;
  if (connection !== "away") {
    return html`<p class="state centre"><span class="chip dot good">${t("customer.live")}</span></p>`;
  }
  const when = whenText(wallet.card(code).seen_at, zone);
  return html`<p class="state centre">
    <span class="chip dot warn">${t("customer.last_seen", { when })}</span>
  </p>`;
}
