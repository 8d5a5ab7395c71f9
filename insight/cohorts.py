"""Who comes back: of the cards that first came in a month, the share that came again in each 30 days after."""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I64
from insight.figures import View, first_visits

WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Triangle:
    """A row for each month, a column for each window; window 1 is days 1 to 30 after a card's first visit, and so on.

    months: as 2026-03, where the shop is. cards: whose first visit was then. shares: of those cards with a visit in
    the window; NaN where the window is not over for all of them. since, until: ms.
    """

    months: tuple[str, ...]
    cards: I64
    shares: F64
    since: int
    until: int


def triangle(seen: View, *, windows: int = 12) -> Triangle | None:
    """The cohorts of all cards that were ever visited with; None without any."""
    visited = seen.visited
    first = first_visits(visited)
    if len(first) == 0:
        return None
    first_day = visited.day[first]
    month = first_day.astype("datetime64[D]").astype("datetime64[M]")
    earliest = month.min()
    row = (month - earliest).astype(np.int64)
    size = int(row.max()) + 1
    cards = np.bincount(row, minlength=size)

    per_visit = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(visited))))
    window = (visited.day - first_day[per_visit] - 1) // WINDOW_DAYS
    new = np.ones(len(visited), dtype=bool)
    new[1:] = (per_visit[1:] != per_visit[:-1]) | (window[1:] != window[:-1])
    new &= (window >= 0) & (window < windows)
    came = np.bincount(row[per_visit[new]] * windows + window[new], minlength=size * windows).reshape(size, windows)

    last = np.zeros(size, dtype=np.int64)
    np.maximum.at(last, row, first_day)
    over = last[:, None] + WINDOW_DAYS * np.arange(1, windows + 1) < seen.day
    with np.errstate(invalid="ignore"):
        shares = np.where(over, came / cards[:, None], np.nan)
    months = tuple(str(earliest + offset) for offset in range(size))
    return Triangle(months, cards, shares, int(visited.at.min()), seen.at)
