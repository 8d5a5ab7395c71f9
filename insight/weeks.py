"""The shop week by week: visits, the cards behind them, and cards that came for the first time."""

from dataclasses import dataclass

import numpy as np

from insight.columns import I64
from insight.figures import View, first_visits

# 1970 began on a Thursday; three days on, weeks begin on Mondays.
_MONDAY = 3
WEEKS = 52


@dataclass(frozen=True, slots=True)
class Weeks:
    """Full weeks, oldest first. mondays: days since 1970. cards: that came in the week; new: for the first time."""

    mondays: I64
    visits: I64
    cards: I64
    new: I64


def weeks(seen: View, *, most: int = WEEKS) -> Weeks | None:
    """The weeks that are over, from the one of the first visit on, at most so many; None before the first is over."""
    visited = seen.visited
    if len(visited) == 0:
        return None
    week = (visited.day.astype(np.int64) + _MONDAY) // 7
    this = (seen.day + _MONDAY) // 7
    since = max(int(week.min()), this - most)
    size = this - since
    if size <= 0:
        return None
    shown = (week >= since) & (week < this)
    # Of a card's visits in one week, which stand in order, the first stands for the card.
    of_card = np.ones(len(visited), dtype=bool)
    of_card[1:] = (visited.card[1:] != visited.card[:-1]) | (week[1:] != week[:-1])
    first = first_visits(visited)
    first = first[shown[first]]

    def counted(weeks_: I64) -> I64:
        return np.bincount(weeks_ - since, minlength=size)

    return Weeks(
        np.arange(since, this, dtype=np.int64) * 7 - _MONDAY,
        counted(week[shown]),
        counted(week[shown & of_card]),
        counted(week[first]),
    )
