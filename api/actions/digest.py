"""The digest for the owner: who gave what to whom, when nobody should be at work, against limits, and by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.store import digest as store
from api.store import programmes
from api.store import staff as staff_store
from api.store.businesses import BusinessRow
from api.store.digest import QUARTER_MS, Given, HandedOver, Stamped, Worked
from rules.programme import Version, find_tier, items
from rules.velocity import DAY_MS, is_quiet

MOST_CARDS = 10


class _Cost(NamedTuple):
    staff_id: bytes | None
    rewards: int
    cost: int


@dataclass(frozen=True, slots=True)
class Sums:
    """What was done, without what was undone; quiet: stamps given in the quiet hours. cost: in the smallest unit."""

    visits: int = 0
    stamps: int = 0
    quiet: int = 0
    overrides: int = 0
    undone: int = 0
    rewards: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """What one of the staff did; no id and no name: nobody had signed on."""

    id: bytes | None
    name: str | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class Digest:
    """What happened between two moments (ms since 1970): in all, by everyone, on the most stamped cards, and by hand.

    gifts: what owners gave. welcome: what new cards had on them. Both without what was only taken off.
    """

    since: int
    until: int
    totals: Sums
    staff: list[Person]
    cards: list[Stamped]
    gifts: list[Given]
    welcome: Given


def digest(connection: Connection, business: BusinessRow, *, days: int, now: int) -> Digest:
    """The digest of so many days up to now; staff with most stamps come first."""
    since, until = now - days * DAY_MS, now + 1
    worked = store.worked(connection, business.id, since, until)
    handed_over = _priced(connection, business.id, store.handed_over(connection, business.id, since, until))
    names = {row.id: row.name for row in staff_store.staff(connection, business.id)}
    staff = [
        Person(
            id,
            names.get(id) if id else None,
            _sums([w for w in worked if w.staff_id == id], [h for h in handed_over if h.staff_id == id], business),
        )
        for id in {row.staff_id for row in worked}
    ]
    staff.sort(key=lambda person: (-person.sums.stamps, person.id is None, person.name or ""))
    given = store.given(connection, business.id, since, until)
    gifts = sorted((row for row in given if row.kind == "adjust"), key=lambda row: (-row.n, row.author or ""))
    welcome = [row for row in given if row.kind == "bonus"]
    return Digest(
        since,
        until,
        _sums(worked, handed_over, business),
        staff,
        store.most_stamped(connection, business.id, since, until, most=MOST_CARDS),
        gifts,
        Given("bonus", None, sum(row.n for row in welcome), sum(row.stamps for row in welcome), 0),
    )


def _priced(connection: Connection, business_id: int, handed_over: list[HandedOver]) -> list[_Cost]:
    """What each kind of reward cost, by the version that it was handed over under."""
    versions = {
        programme_id: {row.number: row.for_rules for row in programmes.versions(connection, business_id, programme_id)}
        for programme_id in {row.programme_id for row in handed_over}
    }
    return [_Cost(row.staff_id, row.rewards, _cost(row, versions[row.programme_id])) for row in handed_over]


def _cost(row: HandedOver, versions: Mapping[int, Version]) -> int:
    terms = versions[row.version].terms
    reward = terms if row.tier is None else find_tier(versions, row.tier, row.version) or terms
    return row.rewards * items(reward).get(row.item or reward.reward, reward.unit_cost)


def _sums(worked: Iterable[Worked], handed_over: Iterable[_Cost], business: BusinessRow) -> Sums:
    worked, handed_over = list(worked), list(handed_over)
    zone = ZoneInfo(business.time_zone)
    quiet = [row for row in worked if row.stamps and _is_quiet(row.quarter, zone, business)]
    return Sums(
        visits=sum(row.visits for row in worked),
        stamps=sum(row.stamps for row in worked),
        quiet=sum(row.stamps for row in quiet),
        overrides=sum(row.overrides for row in worked),
        undone=sum(row.undone for row in worked),
        rewards=sum(row.rewards for row in handed_over),
        cost=sum(row.cost for row in handed_over),
    )


def _is_quiet(quarter: int, zone: ZoneInfo, business: BusinessRow) -> bool:
    there = datetime.fromtimestamp(quarter * QUARTER_MS / 1000, zone)
    return is_quiet(there.hour * 60 + there.minute, business.quiet_from, business.quiet_until)
