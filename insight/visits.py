"""Visits: a card that is stamped on a day has visited once that day, however many lines the till wrote."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from insight.columns import I32, I64, STAMP, Columns

DAY_MS = 86_400_000
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits in the order of cards, and of days for each card.

    day: days since 1970 where the shop is. at: the first stamp of the day, ms since 1970. stamps: of the whole day.
    """

    card: I32
    day: I32
    at: I64
    stamps: I32

    def __len__(self) -> int:
        return len(self.card)


def visits(columns: Columns) -> Visits:
    """Every visit of every card; what was undone is left out."""
    events = columns.events
    stamped = events.standing() & (events.kind == STAMP)
    card, at, stamps = events.card[stamped], events.at[stamped], events.stamps[stamped]
    order = np.lexsort((at, card))
    card, at, stamps = card[order], at[order], stamps[order]
    day = local_day(at, columns.zone)
    first = np.ones(len(card), dtype=bool)
    first[1:] = (card[1:] != card[:-1]) | (day[1:] != day[:-1])
    starts = np.flatnonzero(first)
    sums = np.add.reduceat(stamps, starts) if len(starts) else stamps[:0]
    return Visits(card[starts], day[starts], at[starts], sums.astype(np.int32))


def local_day(at: I64, zone: str) -> I32:
    """The day (since 1970) that moments (ms since 1970) belong to in a time zone, summer time included."""
    return ((at + ahead_of_utc(at, zone)) // DAY_MS).astype(np.int32)


def midnight(day: int, zone: str) -> int:
    """The moment (ms since 1970) a day (since 1970) begins in a time zone."""
    there = np.array([day * DAY_MS], dtype=np.int64)
    # Twice: the first guess is off by as much as the zone is ahead, which may lie beyond a change of the clocks.
    return int((there - ahead_of_utc(there - ahead_of_utc(there, zone), zone))[0])


def local_hour(at: I64, zone: str) -> I32:
    """The hour of the week, 0 to 167 from Monday 00:00, that moments (ms since 1970) belong to in a time zone."""
    # 1970 began on a Thursday.
    return (((at + ahead_of_utc(at, zone)) // HOUR_MS + 72) % 168).astype(np.int32)


def ahead_of_utc(at: I64, zone: str) -> I64:
    """How far local time is ahead of UTC at each moment, ms. Zones change at whole quarters of an hour."""
    if len(at) == 0:
        return at
    quarter = 900_000
    place = ZoneInfo(zone)

    def ahead(of: int) -> int:
        found = datetime.fromtimestamp(of / 1000, UTC).astimezone(place).utcoffset()
        return int(found.total_seconds() * 1000) if found is not None else 0

    # Look once a day; where two looks differ, find the change between them.
    low, high = int(at.min()) // DAY_MS * DAY_MS, (int(at.max()) // DAY_MS + 1) * DAY_MS
    starts, values = [low], [ahead(low)]
    for day in range(low, high, DAY_MS):
        if ahead(day + DAY_MS) == values[-1]:
            continue
        left, right = day, day + DAY_MS
        while right - left > quarter:
            middle = (left + right) // 2 // quarter * quarter
            left, right = (middle, right) if ahead(middle) == values[-1] else (left, middle)
        starts.append(right)
        values.append(ahead(right))
    place_of = np.searchsorted(np.array(starts, dtype=np.int64), at, side="right") - 1
    return np.array(values, dtype=np.int64)[place_of]
