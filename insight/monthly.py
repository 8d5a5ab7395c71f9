"""One month of a shop in figures: what happened in it, and how things stood when it ended."""

from dataclasses import dataclass, replace
from datetime import date
from math import sqrt

import numpy as np

from insight.columns import I64, Columns
from insight.figures import Figure, active_cards, second_visit, view
from insight.hours import BusyHours, busy_hours
from insight.liability import Liability, liability
from insight.progress import steps
from insight.promised import Completion, RewardCost, completion, redemption, reward_cost
from insight.visits import local_day, midnight
from insight.weeks import Weeks, weeks

FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar month where the shop is. since, until: ms, the latter not included; is_over: False while it lasts."""

    first: date
    since: int
    until: int
    is_over: bool

    @property
    def length(self) -> int:
        """In milliseconds."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class Month:
    """A month: visits, by_day (one for each day), and cards that came to somebody; all else as it stood at its end.

    begun_at: when the shop's first card came to somebody, ms: a month that was under way then is no whole one. cost: of
    the rewards handed over in the month, None without any. busy, weeks: of the weeks up to its end.
    """

    span: Span
    begun_at: int
    visits: int
    by_day: I64
    new_cards: int
    active: Figure | None
    second_visit: Figure | None
    completion: Completion | None
    redemption: Figure | None
    cost: RewardCost | None
    owed: Liability | None
    busy: BusyHours | None
    weeks: Weeks | None

    @property
    def is_whole(self) -> bool:
        """Was there a card all the time?"""
        return self.begun_at <= self.span.since

    @property
    def visits_a_day(self) -> float:
        """The mean over its days."""
        return self.visits / len(self.by_day)


def span(first: date, *, zone: str, now: int) -> Span:
    """The month that begins on this day, or as much of it as is over at `now` (ms). Raises ValueError before it."""
    since = _midnight(first, zone)
    if now < since:
        raise ValueError(f"{first:%Y-%m} has not begun yet")
    end = _midnight(_months_on(first, 1), zone)
    return Span(first, since, min(end, now + 1), end <= now)


def earlier(of: Span, months: int, *, zone: str) -> Span:
    """The month so many months before; of a month that is not over, the same part of that one."""
    first = _months_on(of.first, -months)
    since, end = _midnight(first, zone), _midnight(_months_on(first, 1), zone)
    return Span(first, since, end if of.is_over else min(end, since + of.length), of.is_over)


def month(columns: Columns, of: Span) -> Month | None:
    """The figures of a month; None while nobody had a card."""
    at = of.until - 1
    seen = view(columns, at)
    if not (seen.enrolled_at <= at).any():
        return None
    moves = steps(columns, at)
    first_day, last_day = (int(day) for day in local_day(np.array([of.since, at]), columns.zone))
    days = seen.visited.day[seen.visited.day >= first_day]
    cost = reward_cost(seen, of.since - 1)
    # Weeks and hours are of days that are over, and at the midnight on which a month ends its last day is.
    ended = replace(seen, day=int(local_day(np.array([of.until]), columns.zone)[0]))
    return Month(
        span=of,
        begun_at=seen.since,
        visits=len(days),
        by_day=np.bincount(days - first_day, minlength=last_day - first_day + 1),
        new_cards=int(((seen.enrolled_at >= of.since) & (seen.enrolled_at <= at)).sum()),
        active=active_cards(seen),
        second_visit=second_visit(seen),
        completion=completion(seen, moves),
        redemption=redemption(seen),
        cost=cost and replace(cost, since=of.since),
        owed=liability(seen, moves),
        busy=busy_hours(ended),
        weeks=weeks(ended),
    )


def change(this: Month, before: Month) -> float | None:
    """By how large a share there were more visits a day; None where chance alone makes as much, or nothing was before.

    Chance: less than twice the standard error of the difference of two such counts.
    """
    days, days_before = len(this.by_day), len(before.by_day)
    difference = this.visits_a_day - before.visits_a_day
    error = sqrt(this.visits / days**2 + before.visits / days_before**2)
    if before.visits == 0 or abs(difference) < 2 * error:
        return None
    return difference / before.visits_a_day


def _midnight(day: date, zone: str) -> int:
    return midnight((day - FIRST_DAY).days, zone)


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
