/** What campaigns hold ready for a card: read anew when the card changes, for a gift that was given is gone. */
import { connect } from "../static/js/api.js";
import { html, useEffect, useState } from "../static/js/html.js";
import { calendarDay, clockTime } from "../static/js/time.js";
import { t } from "../static/js/words.js";

export function Gifts({ code, face }) {
  const [gifts, setGifts] = useState([]);
  useEffect(() => {
    // Without an answer the page is as good: gifts are not what it is for.
    connect().get(`/cards/${code}/campaigns`).then(({ items }) => setGifts(items), () => {});
  }, [code, face.last_event_at]);
  return gifts.map((gift) => html`<p class="notice">
    ${t(`customer.gift_${gift.code}`, {
      ...face.programme, ...gift, from: clock(gift.from_minute), until: clock(gift.until_minute),
      days: gift.weekdays.map(weekday).join(", "),
    })}</p>`);
}

const clock = (minute) => clockTime(minute * 60_000, "UTC");
const weekday = (n) => calendarDay(`2024-01-0${n}`, { weekday: "short" }); // that month began on a Monday
