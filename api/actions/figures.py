"""The owner's figures: each day where the business is, and what waits on the cards now."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.store import figures, programmes
from rules.card import Figures, catch_up

FLAGGED_DAYS = 7
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Day:
    """One day where the business is: stamps given, cards made, rewards handed over; what was undone is left out."""

    day: date
    stamps: int
    new_cards: int
    redemptions: int


@dataclass(frozen=True, slots=True)
class Now:
    """What there is now. kept: claims set aside; flagged: odd lines of the last week."""

    cards: int
    rewards_waiting: int
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
    cards, waiting = figures.held(connection, business_id)
    known = {row.id: row.version for row in programmes.programmes(connection, business_id)}
    versions = {
        programme_id: {row.number: row.for_rules for row in programmes.versions(connection, business_id, programme_id)}
        for programme_id in known
    }
    for group in figures.behind(connection, business_id):
        before = Figures(version=group.version, round_need=group.needed, total=group.stamps, rewards=group.rewards)
        after = catch_up(before, versions[group.programme_id], known[group.programme_id])
        cards += group.cards
        waiting += after.rewards_ready * group.cards
    return Now(
        cards=cards,
        rewards_waiting=waiting,
        kept=figures.kept(connection, business_id),
        flagged=figures.flagged(connection, business_id, now - FLAGGED_DAYS * DAY_MS),
    )


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
