"""What the cases of a period show: how soon they were answered, how many were settled, how many put right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Case(NamedTuple):
    """What the figures need of a case; moments in ms since 1970. state and put_right: as rules/cases.py has them."""

    opened_at: int
    answered_at: int | None
    state: str
    put_right: str | None


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Counted over cases; each share is a count of these. rated: how many said whether it was put right.

    half_answered_ms: within this time half of the cases were answered, one that still waits counting as longer than all
    others; None while fewer than half are.
    """

    cases: int
    answered: int
    half_answered_ms: int | None
    settled: int
    declined: int
    rated: int
    put_right: int


def figures(cases: Iterable[Case]) -> CaseFigures:
    """The figures of some cases."""
    cases = list(cases)
    waits = sorted(max(0, each.answered_at - each.opened_at) for each in cases if each.answered_at is not None)
    half = -(-len(cases) // 2)
    return CaseFigures(
        cases=len(cases),
        answered=len(waits),
        half_answered_ms=waits[half - 1] if 0 < half <= len(waits) else None,
        settled=sum(each.state == "settled" for each in cases),
        declined=sum(each.state == "declined" for each in cases),
        rated=sum(each.put_right is not None for each in cases),
        put_right=sum(each.put_right == "yes" for each in cases),
    )
