"""What tills have numbered and nobody has received."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from api.db import Statement
from api.tables.shops import Gap


class GapRow(NamedTuple):
    """Numbers of a till that are missing: from first to last, or everything after it. Moments in ms since 1970."""

    till_id: bytes
    first: int
    last: int | None
    noticed_at: int
    closed_at: int | None


_B, _TILL = bindparam("business_id"), bindparam("till_id")
_THIS = (Gap.business_id == _B, Gap.till_id == _TILL, Gap.first == bindparam("from_"))
_gaps = select(Gap.till_id, Gap.first, Gap.last, Gap.noticed_at, Gap.closed_at)
_OPEN = Statement(_gaps.where(Gap.business_id == _B, Gap.closed_at.is_(None)).order_by(Gap.till_id, Gap.first))
_OPEN_OF = Statement(
    _gaps.where(Gap.business_id == _B, Gap.till_id == _TILL, Gap.closed_at.is_(None)).order_by(Gap.first)
)
_ONE = Statement(_gaps.where(*_THIS))
_ADD = Statement(
    insert(Gap).values({n: bindparam(n) for n in ("business_id", "till_id", "first", "last", "noticed_at")})
)
_OPEN_AGAIN = Statement(
    update(Gap)
    .where(*_THIS)
    .values(
        last=bindparam("to_"),
        noticed_at=bindparam("at"),
        closed_at=literal_column("NULL"),
        closed_by=literal_column("NULL"),
    )
)
_CLOSE = Statement(
    update(Gap).where(*_THIS, Gap.closed_at.is_(None)).values(closed_at=bindparam("at"), closed_by=bindparam("by"))
)


def open_ones(connection: Connection, business_id: int) -> list[GapRow]:
    """Every open gap of a business, till by till."""
    return [GapRow(*row) for row in _OPEN.all(connection, business_id=business_id)]


def open_of(connection: Connection, business_id: int, till_id: bytes) -> list[GapRow]:
    """A till's open gaps."""
    return [GapRow(*row) for row in _OPEN_OF.all(connection, business_id=business_id, till_id=till_id)]


def note(connection: Connection, business_id: int, till_id: bytes, first: int, last: int | None, *, at: int) -> None:
    """Note a gap, once; one that was closed opens again, for a till that lost its memory counts from 1 again."""
    row = _ONE.one(connection, business_id=business_id, till_id=till_id, from_=first)
    known = None if row is None else GapRow(*row)
    if known is None:
        _ADD.run(connection, business_id=business_id, till_id=till_id, first=first, last=last, noticed_at=at)
    elif known.closed_at is not None:
        _OPEN_AGAIN.run(connection, business_id=business_id, till_id=till_id, from_=first, to_=last, at=at)


def close(
    connection: Connection, business_id: int, till_id: bytes, first: int, *, at: int, by: str | None = None
) -> bool:
    """Close a gap; by: the owner who has seen it, or nobody, when all of it has come. False if there is none open."""
    return _CLOSE.run(connection, business_id=business_id, till_id=till_id, from_=first, at=at, by=by) > 0
