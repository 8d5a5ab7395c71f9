"""When a shop is busy: its visits by weekday and hour, where the shop is."""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64
from insight.figures import View
from insight.visits import local_hour, midnight

WEEKS = 12


@dataclass(frozen=True, slots=True)
class BusyHours:
    """Visits in an average week: 7 rows from Monday, 24 columns from midnight. n: the visits; since, until: ms."""

    visits: F64
    n: int
    since: int
    until: int


def busy_hours(seen: View, *, weeks: int = WEEKS) -> BusyHours | None:
    """The last weeks up to the day before the view's, fewer for a younger shop; None without a visit in them."""
    day = seen.visited.day
    weeks = min(weeks, (seen.day - int(day.min(initial=seen.day))) // 7)
    recent = (day < seen.day) & (day >= seen.day - 7 * weeks)
    at = seen.visited.at[recent]
    if len(at) == 0:
        return None
    counts = np.bincount(local_hour(at, seen.columns.zone), minlength=168).reshape(7, 24)
    since, until = (midnight(day, seen.columns.zone) for day in (seen.day - 7 * weeks, seen.day))
    return BusyHours(counts / weeks, len(at), since, until)
