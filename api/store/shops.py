"""Shops and their tills."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from api.db import Statement
from api.tables.shops import Shop, Till


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A place where cards are stamped."""

    id: bytes
    name: str
    join_code: str


@dataclass(frozen=True, slots=True)
class TillRow:
    """A paired device and its shop."""

    id: bytes
    name: str
    shop_id: bytes
    shop_name: str
    staff_id: bytes | None
    paired_at: int
    last_seen_at: int | None
    revoked_at: int | None
    last_sequence: int | None
    clock_ahead_ms: int | None


_B = bindparam("business_id")
_SHOPS = Statement(select(Shop.id, Shop.name, Shop.join_code).where(Shop.business_id == _B).order_by(Shop.id))
_SHOP_BY_JOIN_CODE = Statement(
    select(Shop.id, Shop.name, Shop.join_code).where(Shop.business_id == _B, Shop.join_code == bindparam("join_code"))
)
_ADD_SHOP = Statement(
    insert(Shop).values({n: bindparam(n) for n in ("business_id", "id", "name", "join_code", "created_at")})
)
_tills = select(
    Till.id, Till.name, Till.shop_id, Shop.name, Till.staff_id, Till.paired_at, Till.last_seen_at, Till.revoked_at,
    Till.last_sequence, Till.clock_ahead_ms,
).join(Shop, and_(Shop.business_id == Till.business_id, Shop.id == Till.shop_id))  # fmt: skip
_TILL_BY_SECRET = Statement(_tills.where(Till.business_id == _B, Till.secret_hash == bindparam("secret_hash")))
_TILLS = Statement(_tills.where(Till.business_id == _B).order_by(Till.id))
_TILL = Statement(_tills.where(Till.business_id == _B, Till.id == bindparam("till_id")))
_SHOP = Statement(
    select(Shop.id, Shop.name, Shop.join_code).where(Shop.business_id == _B, Shop.id == bindparam("shop_id"))
)
_RENAME_SHOP = Statement(
    update(Shop).where(Shop.business_id == _B, Shop.id == bindparam("shop_id")).values(name=bindparam("new_name"))
)
_RENAME_TILL = Statement(
    update(Till).where(Till.business_id == _B, Till.id == bindparam("till_id")).values(name=bindparam("new_name"))
)
_REVOKE = Statement(
    update(Till)
    .where(Till.business_id == _B, Till.id == bindparam("till_id"), Till.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_SIGN_ON = Statement(
    update(Till).where(Till.business_id == _B, Till.id == bindparam("till_id")).values(staff_id=bindparam("signed_on"))
)
_SEEN = Statement(
    update(Till)
    .where(Till.business_id == _B, Till.id == bindparam("till_id"))
    .values(
        last_seen_at=bindparam("at"),
        last_sequence=func.coalesce(bindparam("counted"), Till.last_sequence),
        clock_ahead_ms=func.coalesce(bindparam("ahead"), Till.clock_ahead_ms),
    )
)
_COUNTED = Statement(
    update(Till).where(Till.business_id == _B, Till.id == bindparam("till_id")).values(last_sequence=bindparam("to"))
)
_ADD_TILL = Statement(
    insert(Till).values({n: bindparam(n) for n in ("business_id", "id", "shop_id", "name", "secret_hash", "paired_at")})
)


def shops(connection: Connection, business_id: int) -> list[ShopRow]:
    """A business's shops, oldest first."""
    return [ShopRow(*row) for row in _SHOPS.all(connection, business_id=business_id)]


def shop(connection: Connection, business_id: int, shop_id: bytes) -> ShopRow | None:
    """One shop."""
    row = _SHOP.one(connection, business_id=business_id, shop_id=shop_id)
    return None if row is None else ShopRow(*row)


def rename_shop(connection: Connection, business_id: int, shop_id: bytes, name: str) -> bool:
    """Give a shop another name; False if there is none."""
    return _RENAME_SHOP.run(connection, business_id=business_id, shop_id=shop_id, new_name=name) > 0


def shop_by_join_code(connection: Connection, business_id: int, join_code: str) -> ShopRow | None:
    """The shop whose poster carries this code."""
    row = _SHOP_BY_JOIN_CODE.one(connection, business_id=business_id, join_code=join_code)
    return None if row is None else ShopRow(*row)


def add_shop(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new shop: id, name, join_code, created_at."""
    _ADD_SHOP.run(connection, business_id=business_id, **values)


def add_till(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a newly paired till: id, shop_id, name, secret_hash, paired_at."""
    _ADD_TILL.run(connection, business_id=business_id, **values)


def till_by_secret(connection: Connection, business_id: int, secret_hash: bytes) -> TillRow | None:
    """The till whose cookie has this hash, revoked ones included."""
    row = _TILL_BY_SECRET.one(connection, business_id=business_id, secret_hash=secret_hash)
    return None if row is None else TillRow(*row)


def tills(connection: Connection, business_id: int) -> list[TillRow]:
    """A business's tills, oldest first."""
    return [TillRow(*row) for row in _TILLS.all(connection, business_id=business_id)]


def seen(
    connection: Connection, business_id: int, till_id: bytes, at: int, *, counted: int | None, ahead: int | None
) -> None:
    """A till has been heard from; what it did not say (None) stays as it was noted."""
    _SEEN.run(connection, business_id=business_id, till_id=till_id, at=at, counted=counted, ahead=ahead)


def counted(connection: Connection, business_id: int, till_id: bytes, to: int) -> None:
    """Note how far a till has counted, also when that is less than before."""
    _COUNTED.run(connection, business_id=business_id, till_id=till_id, to=to)


def till(connection: Connection, business_id: int, till_id: bytes) -> TillRow | None:
    """One till, revoked ones included."""
    row = _TILL.one(connection, business_id=business_id, till_id=till_id)
    return None if row is None else TillRow(*row)


def rename_till(connection: Connection, business_id: int, till_id: bytes, name: str) -> bool:
    """Give a till another name; False if there is none."""
    return _RENAME_TILL.run(connection, business_id=business_id, till_id=till_id, new_name=name) > 0


def revoke(connection: Connection, business_id: int, till_id: bytes, at: int) -> None:
    """Cut a till off. The first time counts."""
    _REVOKE.run(connection, business_id=business_id, till_id=till_id, at=at)


def sign_on(connection: Connection, business_id: int, till_id: bytes, staff_id: bytes | None) -> None:
    """Note who works this till now, or that nobody does."""
    _SIGN_ON.run(connection, business_id=business_id, till_id=till_id, signed_on=staff_id)
