"""The owner's figures: each day where the business is, and what waits on the cards now."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.store import figures, ledger, programmes
from rules.card import catch_up
from rules.programme import Version, find_tier, items

FLAGGED_DAYS = 7
# Where a tier's key stands, the main reward; keys of tiers begin at 1.
MAIN = 0
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Day:
    """One day where the business is: stamps given, cards made, rewards handed over; what was undone is left out."""

    day: date
    stamps: int
    new_cards: int
    redemptions: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rewards of one name that wait, of programmes of one name as an experiment's two are.

    cost: of all of them, at most, whatever is picked; in the smallest unit.
    """

    programme: str
    reward: str
    n: int
    cost: int


@dataclass(frozen=True, slots=True)
class Now:
    """What there is now. waiting: main rewards before tiers. kept: claims set aside; flagged: odd lines of the week."""

    cards: int
    waiting: tuple[Waiting, ...]
    kept: int
    flagged: int


def local_day(now: int, zone: ZoneInfo) -> date:
    """The day it is there."""
    return datetime.fromtimestamp(now / 1000, zone).date()


def days(connection: Connection, business_id: int, *, zone: ZoneInfo, first: date, last: date) -> list[Day]:
    """Every day from the first to the last one, those without a visit too. A day may have 23, 24 or 25 hours."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    starts = [_midnight(day, zone) for day in every]
    stamps, cards, redemptions = ([0] * len(every) for _ in range(3))
    for quarter, sums in figures.counted(connection, business_id, starts[0], starts[-1]).items():
        at = bisect_right(starts, quarter * figures.QUARTER_MS) - 1
        stamps[at] += sums[0]
        redemptions[at] += sums[1]
    for quarter, count in figures.new_cards(connection, business_id, starts[0], starts[-1]).items():
        cards[bisect_right(starts, quarter * figures.QUARTER_MS) - 1] += count
    return [Day(*row) for row in zip(every[:-1], stamps, cards, redemptions, strict=False)]


def now_there_is(connection: Connection, business_id: int, *, now: int) -> Now:
    """Cards, and what waits on them as their customers see it: under the programme's current version."""
    known = {row.id: row for row in programmes.programmes(connection, business_id)}
    versions = {id: ledger.versions(connection, business_id, id, row.version) for id, row in known.items()}
    cards, ready = 0, Counter[tuple[bytes, int]]()
    for group in figures.standings(connection, business_id):
        id = group.programme_id
        after = catch_up(group.figures, versions[id], known[id].version)
        cards += group.cards
        for key in (None, *(tier.key for tier in after.tiers)):
            ready[id, key or MAIN] += max(0, after.balance(key)) * group.cards
    waiting: dict[tuple[str, str], Waiting] = {}
    for (id, key), n in sorted(ready.items()):
        if n:
            row = _waiting(known[id].name, versions[id], key, n, upto=known[id].version)
            before = waiting.get((row.programme, row.reward), Waiting(row.programme, row.reward, 0, 0))
            waiting[row.programme, row.reward] = replace(row, n=before.n + row.n, cost=before.cost + row.cost)
    return Now(
        cards=cards,
        waiting=tuple(waiting.values()),
        kept=figures.kept(connection, business_id),
        flagged=figures.flagged(connection, business_id, now - FLAGGED_DAYS * DAY_MS),
    )


def _waiting(programme: str, versions: Mapping[int, Version], key: int, n: int, *, upto: int) -> Waiting:
    """Rewards with this key, as the latest version tells it that has it."""
    terms = versions[upto].terms
    reward = find_tier(versions, key, upto) or terms
    return Waiting(programme, reward.reward, n, n * max(items(reward).values()))


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
