"""What the owner should look at: claims kept outside the ledger, and lines of it that carry a flag."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, literal_column, select, tuple_

from api.db import Statement
from api.tables.events import Aside, Event
from api.tables.shops import Till


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A claim that was kept. claim: as the actions wrote it down."""

    id: bytes
    content: bytes
    reason: str
    claim: bytes
    till: str | None
    received_at: int


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A line of the ledger with a flag, by its card."""

    id: bytes
    card_id: bytes
    received_at: int


_B, _AT, _ID, _MOST = bindparam("business_id"), bindparam("at"), bindparam("after_id"), bindparam("most")
_KEPT = Statement(
    select(Aside.id, Aside.content, Aside.reason, Aside.claim, Till.name, Aside.received_at)
    .outerjoin(Till, and_(Till.business_id == Aside.business_id, Till.id == Aside.till_id))
    .where(
        Aside.business_id == _B,
        Aside.status == literal_column("'kept'"),
        tuple_(Aside.received_at, Aside.id, Aside.content) < tuple_(_AT, _ID, bindparam("after_content")),
    )
    .order_by(Aside.received_at.desc(), Aside.id.desc(), Aside.content.desc())
    .limit(_MOST)
)
_FLAGGED = Statement(
    select(Event.id, Event.card_id, Event.received_at)
    .where(Event.business_id == _B, Event.flag.is_not(None), tuple_(Event.received_at, Event.id) < tuple_(_AT, _ID))
    .order_by(Event.received_at.desc(), Event.id.desc())
    .limit(_MOST)
)
# Behind everything there can be: where the first page begins.
FIRST_KEPT = (1 << 53, b"\xff" * 33, b"\xff" * 33)
FIRST_FLAGGED = (1 << 53, b"\xff" * 17)


def kept(connection: Connection, business_id: int, *, after: tuple[int, bytes, bytes], most: int) -> list[KeptRow]:
    """Claims kept for the owner, the latest first, from behind `after` (received_at, id, content)."""
    at, after_id, content = after
    rows = _KEPT.all(connection, business_id=business_id, at=at, after_id=after_id, after_content=content, most=most)
    return [KeptRow(*row) for row in rows]


def flagged(connection: Connection, business_id: int, *, after: tuple[int, bytes], most: int) -> list[FlaggedRow]:
    """Lines with a flag, the latest received first, from behind `after` (received_at, id)."""
    rows = _FLAGGED.all(connection, business_id=business_id, at=after[0], after_id=after[1], most=most)
    return [FlaggedRow(*row) for row in rows]
