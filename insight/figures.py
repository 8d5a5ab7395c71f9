"""The honest figures of a shop at a moment: each with what it was reckoned from, and over which period."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from insight.columns import I64, Columns
from insight.survival import Curve, kaplan_meier
from insight.visits import DAY_MS, Visits, local_day, visits

ACTIVE_DAYS = 28
SECOND_VISIT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. n: how many cards, or rewards, it was reckoned from; since, until: ms, the period they belong to.

    interval: where the figure would lie in 95 of 100 such shops; None where that cannot be said or makes no sense.
    """

    value: float
    n: int
    since: int
    until: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The columns as they stood at a moment, and what most figures need of them.

    at: the moment, ms. day: that one where the shop is. enrolled_at: ms, when each card came to somebody: when it was
    made, or if it came from a printed sheet, when it was first used; far off for cards that nobody has had yet.
    """

    columns: Columns
    visited: Visits
    enrolled_at: I64
    at: int
    day: int

    @property
    def since(self) -> int:
        """When the first card came to somebody, ms; the moment of the view if none has."""
        return min(int(self.enrolled_at.min(initial=self.at)), self.at)

    def back(self, days: int) -> int:
        """The moment so many days before, ms."""
        return self.at - days * DAY_MS


def view(columns: Columns, at: int) -> View:
    """The columns as they stood at a moment (ms since 1970)."""
    visited = visits(columns)
    then = visited.at <= at
    visited = Visits(visited.card[then], visited.day[then], visited.at[then], visited.stamps[then])
    enrolled_at = columns.cards.created_at.copy()
    enrolled_at[columns.cards.shop < 0] = np.iinfo(np.int64).max
    # From the last line back, so that the first one of a card is what stays.
    of_sheets = np.flatnonzero((columns.cards.shop < 0)[columns.events.card])[::-1]
    enrolled_at[columns.events.card[of_sheets]] = columns.events.at[of_sheets]
    return View(columns, visited, enrolled_at, at, int(local_day(np.array([at]), columns.zone)[0]))


def active_cards(seen: View) -> Figure | None:
    """Cards with a visit in the last 28 days, that one included; n: cards that somebody has."""
    enrolled = int((seen.enrolled_at <= seen.at).sum())
    if enrolled == 0:
        return None
    return Figure(len(_recent(seen)), enrolled, seen.back(ACTIVE_DAYS), seen.at)


def visits_per_active(seen: View) -> Figure | None:
    """Visits in the last 28 days for each card that had one; n: those cards."""
    counts = _recent(seen)
    return _mean(counts, seen.back(ACTIVE_DAYS), seen.at)


def visits_per_enrolled(seen: View) -> Figure | None:
    """Visits in the last 28 days for each card that somebody has had all that time; n: those cards."""
    since = seen.back(ACTIVE_DAYS)
    recent = seen.visited.day > seen.day - ACTIVE_DAYS
    counts = np.bincount(seen.visited.card[recent], minlength=len(seen.enrolled_at))
    return _mean(counts[seen.enrolled_at <= since], since, seen.at)


def second_visit(seen: View) -> Figure | None:
    """The share of cards that come a second time within 30 days of the first (Kaplan & Meier 1958); n: cards that came.

    Cards whose 30 days are not over count as long as they have been watched.
    """
    first = first_visits(seen.visited)
    if len(first) == 0:
        return None
    has_second = np.append(seen.visited.card[1:] == seen.visited.card[:-1], False)[first]
    first_day = seen.visited.day[first]
    second_day = np.where(has_second, np.append(seen.visited.day, 0)[first + 1], seen.day)
    curve = kaplan_meier(second_day - first_day, has_second)
    return happened_by(curve, SECOND_VISIT_DAYS, seen.since, seen.at)


def first_visits(visited: Visits) -> I64:
    """Where each card's first visit stands, card after card."""
    is_first = np.ones(len(visited), dtype=bool)
    is_first[1:] = visited.card[1:] != visited.card[:-1]
    return np.flatnonzero(is_first)


def happened_by(curve: Curve, days: float, since: int, until: int) -> Figure:
    """The share it has happened to within so many days, with the curve's interval."""
    low_high = curve.interval(days)
    interval = None if low_high is None else (1 - low_high[1], 1 - low_high[0])
    return Figure(1 - curve.at(days), curve.n, since, until, interval)


def _recent(seen: View) -> I64:
    """How many visits each active card had in its active days."""
    recent = seen.visited.day > seen.day - ACTIVE_DAYS
    counts = np.bincount(seen.visited.card[recent])
    return counts[counts > 0]


def _mean(counts: I64, since: int, until: int) -> Figure | None:
    """The mean, and its interval by the normal approximation."""
    n = len(counts)
    if n == 0:
        return None
    mean = float(counts.mean())
    if n == 1:
        return Figure(mean, n, since, until)
    half = 1.96 * float(counts.std(ddof=1)) / sqrt(n)
    return Figure(mean, n, since, until, (max(0.0, mean - half), mean + half))
