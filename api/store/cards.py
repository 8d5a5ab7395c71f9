"""Cards beside the ledger: making one, its secrets, its replaced codes, finding and listing."""

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from api.db import Statement
from api.tables.cards import Card, DeadCode

_B = bindparam("business_id")
_ADD = Statement(
    insert(Card).values(
        {
            name: bindparam(name)
            for name in (
                "business_id",
                "id",
                "programme_id",
                "shop_id",
                "customer_id",
                "code_number",
                "code_hash",
                "short_number",
                "short_hash",
                "key_hash",
                "first_version",
                "version",
                "round_need",
                "unit",
                "tiers",
                "created_at",
                "touched_at",
            )
        }
    )
)
_BY_KEY = Statement(
    select(Card.id).where(
        Card.business_id == _B, Card.code_hash == bindparam("code_hash"), Card.key_hash == bindparam("key_hash")
    )
)
_SHORT_TAKEN = Statement(select(Card.id).where(Card.business_id == _B, Card.short_hash == bindparam("short_hash")))
_CODE_HASH = Statement(select(Card.code_hash).where(Card.business_id == _B, Card.id == bindparam("card_id")))
_SET_CODES = Statement(
    update(Card)
    .where(Card.business_id == _B, Card.id == bindparam("card_id"))
    .values(
        code_number=bindparam("code_number_"),
        code_hash=bindparam("code_hash_"),
        short_number=bindparam("short_number_"),
        short_hash=bindparam("short_hash_"),
        key_hash=bindparam("key_hash_"),
        touched_at=bindparam("at"),
    )
)
_SET_KEY = Statement(
    update(Card).where(Card.business_id == _B, Card.id == bindparam("card_id")).values(key_hash=bindparam("key_hash_"))
)
_BURY = Statement(
    insert(DeadCode).values(
        {name: bindparam(name) for name in ("business_id", "code_hash", "card_id", "reason", "author", "at")}
    )
)


def add(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new card."""
    _ADD.run(connection, business_id=business_id, **values)


def card_by_key(connection: Connection, business_id: int, code_hash: bytes, key_hash: bytes) -> bytes | None:
    """The id of the card with this code, if the private link's secret fits it too."""
    row = _BY_KEY.one(connection, business_id=business_id, code_hash=code_hash, key_hash=key_hash)
    return None if row is None else row[0]


def short_code_taken(connection: Connection, business_id: int, short_hash: bytes) -> bool:
    """Does another card of this business have this short code?"""
    return _SHORT_TAKEN.one(connection, business_id=business_id, short_hash=short_hash) is not None


def replace_codes(
    connection: Connection, business_id: int, card_id: bytes, *, reason: str, author: str, at: int, **codes: Any
) -> None:
    """Give a card new codes and a new private link; the old code is remembered as dead."""
    row = _CODE_HASH.one(connection, business_id=business_id, card_id=card_id)
    old = row[0] if row else b""
    _BURY.run(
        connection, business_id=business_id, code_hash=old, card_id=card_id, reason=reason, author=author, at=at
    )  # fmt: skip
    values = {f"{name}_": value for name, value in codes.items()}
    _SET_CODES.run(connection, business_id=business_id, card_id=card_id, at=at, **values)


def set_key(connection: Connection, business_id: int, card_id: bytes, key_hash: bytes) -> None:
    """Give a card a new private link; the old one dies."""
    _SET_KEY.run(connection, business_id=business_id, card_id=card_id, key_hash_=key_hash)
