"""Receipts: each is counted once, until the event it was counted for is undone."""

from sqlalchemy import Connection, bindparam, delete, insert, select

from api.db import Statement
from api.tables.events import Receipt

_B, _ID = bindparam("business_id"), bindparam("event_id")
_RECEIPT = Statement(
    select(Receipt.event_id, Receipt.at).where(Receipt.business_id == _B, Receipt.order_ref == bindparam("order_ref"))
)
_TAKE_RECEIPT = Statement(
    insert(Receipt).values(business_id=_B, order_ref=bindparam("order_ref"), event_id=_ID, at=bindparam("at"))
)
_FREE_RECEIPT = Statement(delete(Receipt).where(Receipt.business_id == _B, Receipt.order_ref == bindparam("order_ref")))


def find(connection: Connection, business_id: int, order_ref: str) -> tuple[bytes, int] | None:
    """The event a receipt was counted for, and when; None if it has not been."""
    row = _RECEIPT.one(connection, business_id=business_id, order_ref=order_ref)
    return None if row is None else (row[0], row[1])


def take(connection: Connection, business_id: int, order_ref: str, *, event_id: bytes, at: int) -> None:
    """Count a receipt. Raises IntegrityError when it has been counted already."""
    _TAKE_RECEIPT.run(connection, business_id=business_id, order_ref=order_ref, event_id=event_id, at=at)


def free(connection: Connection, business_id: int, order_ref: str) -> None:
    """Let a receipt be counted again: its event was undone."""
    _FREE_RECEIPT.run(connection, business_id=business_id, order_ref=order_ref)
