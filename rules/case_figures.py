"""What the cases of a period show: how soon they were answered, how many were settled, how many put right."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.cases import Standing


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


def figures(cases: Iterable[tuple[int, Standing]]) -> CaseFigures:
    """The figures of cases, each with when it was opened; ms since 1970."""
    all_of_them = list(cases)
    standings = [standing for _, standing in all_of_them]
    waits = sorted(max(0, each.answered_at - at) for at, each in all_of_them if each.answered_at is not None)
    half = -(-len(standings) // 2)
    return CaseFigures(
        cases=len(standings),
        answered=len(waits),
        half_answered_ms=waits[half - 1] if 0 < half <= len(waits) else None,
        settled=sum(each.state == "settled" for each in standings),
        declined=sum(each.state == "declined" for each in standings),
        rated=sum(each.put_right is not None for each in standings),
        put_right=sum(each.put_right == "yes" for each in standings),
    )
