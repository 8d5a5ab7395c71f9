"""Looking over the ledger now and then for visits that come too thick and fast; each is shown to the owner once."""

from functools import partial

import orjson
from sqlalchemy import Connection

from api import db
from api.store import watch as store
from api.store.watch import Found
from rules import velocity
from rules.velocity import DAY_MS, HOUR_MS, Limits, Odd

# A look reads a day, and an hour more for the clocks that differ and for what is on its way.
READ_BACK_MS = DAY_MS + HOUR_MS
# What was received shortly before the last look may have been committed only after it.
OVERLAP_MS = 2 * 60_000
# How far back the long look goes, which finds what a till sends after days without a network.
LONG_LOOK_DAYS = 31


def look(*, now: int, looked_at: int) -> int:
    """Look over the last day of every business that received visits since the last look; how many lines were found."""
    return _look_over(now - READ_BACK_MS, now + HOUR_MS, since=looked_at - OVERLAP_MS, now=now)


def look_back(*, now: int, days: int = LONG_LOOK_DAYS) -> int:
    """Look over so many days, whenever their visits were received; how many lines were found."""
    ends = range(now + HOUR_MS - days * DAY_MS, now + HOUR_MS + 1, DAY_MS)
    return sum(_look_over(end - DAY_MS - READ_BACK_MS, end, since=0, now=now) for end in ends)


def _look_over(first: int, last: int, *, since: int, now: int) -> int:
    """Judge the visits made between two moments; each business's finds are a transaction of their own."""
    count = 0
    with db.reading() as connection:
        found = {
            business_id: _find(connection, business_id, limits, first, last, since=since)
            for business_id, limits in store.businesses(connection)
        }
    for business_id, lines in found.items():
        if lines:
            count += db.write(partial(_write_down, business_id=business_id, lines=lines, now=now))
    return count


def _find(
    connection: Connection, business_id: int, limits: Limits, first: int, last: int, *, since: int
) -> list[Found]:
    odd: list[Odd] = []
    usual = [limit for limit in (limits.card_hour, limits.card_day) if limit]
    if usual:
        ids = store.busy_cards(connection, business_id, first, last, most=min(usual), since=since)
        for id in ids:
            visits = store.visits_of_card(connection, business_id, id, first, last)
            odd += velocity.odd_on_card(visits, limits)
    if limits.staff_hour:
        ids = store.busy_staff(connection, business_id, first, last, most=limits.staff_hour, since=since)
        for id in ids:
            visits = store.visits_by_staff(connection, business_id, id, first, last)
            odd += velocity.odd_by_staff(visits, limits)
    known = store.known(connection, business_id, first, last) if odd else set()
    return [_line(each) for each in odd if each.id not in known]


def _line(odd: Odd) -> Found:
    return Found(odd.id, odd.reason, orjson.dumps({"n": odd.n, "limit": odd.limit}).decode())


def _write_down(connection: Connection, *, business_id: int, lines: list[Found], now: int) -> int:
    return sum(store.flag(connection, business_id, line, now=now) for line in lines)
