/** What only the private link opens: the history with its reasons, the customer's details, a new phone. */
import { connect, problemIn } from "../static/js/api.js";
import { html, useEffect, useMemo, useState } from "../static/js/html.js";
import { t } from "../static/js/words.js";
import { History } from "./history.js";
import { HomeScreen } from "./home-screen.js";
import { Later } from "./later.js";
import * as wallet from "./wallet.js";

export function PrivatePart({ code, face }) {
  const [key, setKey] = useState(wallet.card(code)?.key ?? null);
  const [wasLost, setLost] = useState(false);
  const api = useMemo(() => connect({ key: () => key }), [key]);

  const onKey = (fresh) => {
    wallet.keep(code, { key: fresh, offered: undefined });
    setKey(fresh);
  };
  const onLost = () => {
    wallet.keep(code, { key: undefined });
    setKey(null);
    setLost(true);
  };
  useEffect(() => void tryOffered(code, onKey), [code]);

  if (!key) {
    const text = t(wasLost ? "customer.key_lost" : "customer.key_none");
    return html`<p class="notice ${wasLost ? "warn" : ""}">${text}</p>`;
  }
  const { business, last_event_at: latest } = face;
  return html`<section class="private">
    <${History} code=${code} api=${api} zone=${business.time_zone} latest=${latest} onLost=${onLost} />
    <${Later} part="Details" ...${{ code, api, business }} birthdayStamps=${face.birthday_stamps} />
    <${Later} part="NewPhone" face=${face} api=${api} cardKey=${key} onKey=${onKey} />
    <${HomeScreen} face=${face} cardKey=${key} />
  </section>`;
}

/** A private link was opened over a key we had: it takes over only if the service accepts it. */
async function tryOffered(code, onKey) {
  const offered = wallet.card(code)?.offered;
  if (!offered) return;
  try {
    await connect({ key: () => offered }).get(`/cards/${code}/events`);
    onKey(offered);
  } catch (trouble) {
    if (!problemIn(trouble).passing) wallet.keep(code, { offered: undefined });
  }
}
