"""Businesses and their one-time set-up links."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from api.db import Statement
from api.tables.businesses import Business, SetUpLink
from api.tables.shops import Shop


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A one-time set-up link."""

    id: bytes
    expires_at: int
    used_at: int | None


_ADD_LINK = Statement(
    insert(SetUpLink).values({n: bindparam(n) for n in ("id", "secret_hash", "created_at", "expires_at")})
)
_LINK = Statement(
    select(SetUpLink.id, SetUpLink.expires_at, SetUpLink.used_at)
    .where(SetUpLink.secret_hash == bindparam("secret_hash"))
    .with_for_update()
)
_USE_LINK = Statement(
    update(SetUpLink)
    .where(SetUpLink.id == bindparam("link_id"))
    .values(used_at=bindparam("at"), business_id=bindparam("business"))
)
_NEXT_NUMBER = Statement(select(func.coalesce(func.max(Business.id), 0) + 1))
_ADD = Statement(
    insert(Business).values(
        {n: bindparam(n) for n in ("id", "name", "currency", "time_zone", "language", "created_at")}
    )
)
_JOIN_CODES = Statement(select(Shop.name, Shop.join_code).order_by(Shop.business_id, Shop.id))


def add_link(connection: Connection, **values: Any) -> None:
    """Write a new set-up link: id, secret_hash, created_at, expires_at."""
    _ADD_LINK.run(connection, **values)


def link(connection: Connection, secret_hash: bytes) -> LinkRow | None:
    """The set-up link with this secret, held until the transaction ends."""
    row = _LINK.one(connection, secret_hash=secret_hash)
    return None if row is None else LinkRow(*row)


def use_link(connection: Connection, link_id: bytes, *, business_id: int, at: int) -> None:
    """The link has made this business and works no more."""
    _USE_LINK.run(connection, link_id=link_id, business=business_id, at=at)


def next_number(connection: Connection) -> int:
    """The number for a new business. Two at once meet in the primary key, and the second tries again."""
    row = _NEXT_NUMBER.one(connection)
    return int(row[0]) if row else 1


def add(connection: Connection, **values: Any) -> None:
    """Write a new business: id, name, currency, time_zone, language, created_at."""
    _ADD.run(connection, **values)


def join_codes(connection: Connection) -> list[tuple[str, str]]:
    """Every shop's name and join code."""
    return [(row[0], row[1]) for row in _JOIN_CODES.all(connection)]
