"""What is missing from a till: noticed at its next batch, closed when it comes after all or its owner has seen it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from api.actions.callers import Caller
from api.errors import Problem
from api.store import gaps, shops
from rules import sequence


def note(connection: Connection, found: Sequence[sequence.Gap], *, counted: int, caller: Caller, now: int) -> None:
    """Note what is missing from a till, once; counted: how far it has counted itself."""
    business_id, till_id = caller.business_id, caller.till_id or b""
    for first, last in found:
        gaps.note(connection, business_id, till_id, first, last, at=now)
    shops.counted(connection, business_id, till_id, counted)


def came_after_all(connection: Connection, numbers: Iterable[int], *, caller: Caller, now: int) -> None:
    """Close what these numbers fill; of a gap that is filled in part, only the rest stays open."""
    business_id, till_id, numbers = caller.business_id, caller.till_id or b"", set(numbers)
    for row in gaps.open_of(connection, business_id, till_id):
        left = sequence.without((row.first, row.last), numbers)
        if left == [(row.first, row.last)]:
            continue
        gaps.close(connection, business_id, till_id, row.first, at=now)
        for first, last in left:
            gaps.note(connection, business_id, till_id, first, last, at=row.noticed_at)


def see(connection: Connection, business_id: int, till_id: bytes, first: int, *, by: str, now: int) -> None:
    """The owner has seen it. Raises Problem not_found when no such gap is open."""
    if not gaps.close(connection, business_id, till_id, first, at=now, by=by):
        raise Problem("not_found")
