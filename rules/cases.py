"""A case is its lines added up: where it stands, what was given for it, and whether that put it right."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

State = Literal["open", "offered", "settled", "declined"]
LineKind = Literal["opened", "note", "offered", "approved", "settled", "declined", "rated", "withdrawn"]
Rating = Literal["yes", "no"]

CLOSED: tuple[State, ...] = ("settled", "declined")
_LEADS_TO: dict[str, State] = {"opened": "open", "offered": "offered", "settled": "settled", "declined": "declined"}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened with a case. cost: what it adds to what was given, below zero where that was taken back.

    at: milliseconds since 1970. rating: with a rated line, did it put things right?
    """

    kind: LineKind
    at: int
    cost: int = 0
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands. answered_at: the first time anybody offered, settled or declined it; ms since 1970."""

    state: State = "open"
    cost: int = 0
    answered_at: int | None = None
    closed_at: int | None = None
    put_right: Rating | None = None


def add(standing: Standing, line: Line) -> Standing:
    """The case after one more line."""
    state = _LEADS_TO.get(line.kind, standing.state)
    answers, closes = line.kind in ("offered", *CLOSED), line.kind in CLOSED
    return replace(
        standing,
        state=state,
        cost=standing.cost + line.cost,
        answered_at=line.at if answers and standing.answered_at is None else standing.answered_at,
        closed_at=line.at if closes else standing.closed_at,
        put_right=line.rating if line.kind == "rated" else standing.put_right,
    )


def replay(lines: Iterable[Line]) -> Standing:
    """Where a case stands, from nothing but its lines, oldest first."""
    standing = Standing()
    for line in lines:
        standing = add(standing, line)
    return standing
