"""Which visits come too thick and fast to be usual: on one card within an hour or a day, by one of the staff.

An hour is any sixty minutes and a day any twenty-four hours, so nobody is safe by the stroke of a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
Reason = Literal["card_hour", "card_day", "staff_hour"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One stamp event, whatever its number of stamps; at: when it counts, in milliseconds since 1970."""

    id: bytes
    at: int
    voided: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """How many visits are still usual; 0 for any number."""

    card_hour: int
    card_day: int
    staff_hour: int


@dataclass(frozen=True, slots=True)
class Odd:
    """A visit beyond what is usual: the n-th within its hour or day, where `limit` are."""

    id: bytes
    reason: Reason
    n: int
    limit: int


def odd_on_card(visits: Sequence[Visit], limits: Limits) -> list[Odd]:
    """Which of a card's visits are too many, each once, for its hour before its day; those undone do not count."""
    in_day = {odd.id: odd for odd in _beyond(visits, "card_day", limits.card_day, DAY_MS)}
    in_hour = {odd.id: odd for odd in _beyond(visits, "card_hour", limits.card_hour, HOUR_MS)}
    return list((in_day | in_hour).values())


def odd_by_staff(visits: Sequence[Visit], limits: Limits) -> list[Odd]:
    """Which of the visits that one of the staff stamped are too many for an hour."""
    return _beyond(visits, "staff_hour", limits.staff_hour, HOUR_MS)


def is_quiet(minute: int, quiet_from: int, quiet_until: int) -> bool:
    """Is this minute after midnight in the quiet hours? They may go on past midnight; there are none if both agree."""
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until


def _beyond(visits: Sequence[Visit], reason: Reason, limit: int, span_ms: int) -> list[Odd]:
    if limit == 0:
        return []
    stood = sorted((visit for visit in visits if not visit.voided), key=lambda visit: (visit.at, visit.id))
    found, first = [], 0
    for last, visit in enumerate(stood):
        while stood[first].at <= visit.at - span_ms:
            first += 1
        n = last - first + 1
        if n > limit:
            found.append(Odd(visit.id, reason, n, limit))
    return found
