"""Claims that are kept outside the ledger, and what becomes of them."""

from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, insert, literal_column, select, update

from api.db import Statement
from api.tables.events import Aside
from api.tables.settlements import Settlement

_B, _ID = bindparam("business_id"), bindparam("event_id")


class AsideRow(NamedTuple):
    """A claim that is not in the ledger."""

    id: bytes
    content: bytes
    status: str
    reason: str
    why: str
    claim: bytes
    card_id: bytes | None
    till_id: bytes | None
    received_at: int


_ASIDE_COLUMNS = (
    Aside.id, Aside.content, Aside.status, Aside.reason, Aside.why, Aside.claim, Aside.card_id, Aside.till_id,
    Aside.received_at,
)  # fmt: skip
# A kept claim stays as it is, for its sender is answered as before; what the owner decided stands beside it.
SETTLED = exists().where(
    Settlement.business_id == Aside.business_id,
    Settlement.subject == literal_column("'kept'"),
    Settlement.id == Aside.id,
    Settlement.content == Aside.content,
)
_ASIDES_OF = Statement(select(*_ASIDE_COLUMNS).where(Aside.business_id == _B, Aside.id == _ID))
_WAITING = Statement(
    select(*_ASIDE_COLUMNS)
    .where(
        Aside.business_id == _B,
        Aside.waits_for == _ID,
        Aside.status == literal_column("'kept'"),
        ~SETTLED,
    )
    .order_by(Aside.received_at, Aside.id)
)
_SET_ASIDE = Statement(
    insert(Aside).values({name: bindparam(name) for name in (
        "business_id", "id", "content", "status", "reason", "why", "claim", "waits_for", "card_id", "till_id",
        "received_at",
    )})
)  # fmt: skip
_TAKE_ASIDE = Statement(
    update(Aside)
    .where(Aside.business_id == _B, Aside.id == _ID, Aside.content == bindparam("content_"))
    .values(status=literal_column("'taken'"))
)
_KEEP_REFUSED = Statement(
    update(Aside)
    .where(Aside.business_id == _B, Aside.id == _ID, Aside.content == bindparam("content_"))
    .values(status=literal_column("'kept'"), reason=bindparam("new_reason"), why=bindparam("new_why"))
)


def under(connection: Connection, business_id: int, event_id: bytes) -> list[AsideRow]:
    """What was set aside under this id."""
    return [AsideRow(*row) for row in _ASIDES_OF.all(connection, business_id=business_id, event_id=event_id)]


def waiting_for(connection: Connection, business_id: int, event_id: bytes) -> list[AsideRow]:
    """Voids that came before the event they undo, without those the owner has left out."""
    return [AsideRow(*row) for row in _WAITING.all(connection, business_id=business_id, event_id=event_id)]


def keep(connection: Connection, business_id: int, row: AsideRow, *, waits_for: bytes | None = None) -> None:
    """Keep a claim outside the ledger."""
    _SET_ASIDE.run(
        connection,
        business_id=business_id, id=row.id, content=row.content, status=row.status, reason=row.reason, why=row.why,
        claim=row.claim, waits_for=waits_for, card_id=row.card_id, till_id=row.till_id, received_at=row.received_at,
    )  # fmt: skip


def take(connection: Connection, business_id: int, row: AsideRow) -> None:
    """Mark a kept claim as counted after all."""
    _TAKE_ASIDE.run(connection, business_id=business_id, event_id=row.id, content_=row.content)


def keep_refused(connection: Connection, business_id: int, row: AsideRow) -> None:
    """Keep for the owner what was refused when asked and has happened all the same."""
    _KEEP_REFUSED.run(
        connection,
        business_id=business_id,
        event_id=row.id,
        content_=row.content,
        new_reason=row.reason,
        new_why=row.why,
    )
