"""Keys of other software."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from api.db import Statement
from api.tables.integrations import ApiKey


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key that works, without its secret."""

    id: bytes
    name: str
    created_at: int
    last_used_at: int | None


_B = bindparam("business_id")
_ID = bindparam("key_id")
_ALL = Statement(
    select(ApiKey.id, ApiKey.name, ApiKey.created_at, ApiKey.last_used_at)
    .where(ApiKey.business_id == _B, ApiKey.ended_at.is_(None))
    .order_by(ApiKey.id)
)
_ADD = Statement(
    insert(ApiKey).values({n: bindparam(n) for n in ("business_id", "id", "name", "secret_hash", "created_at")})
)
_END = Statement(
    update(ApiKey)
    .where(ApiKey.business_id == _B, ApiKey.id == _ID, ApiKey.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_USED = Statement(update(ApiKey).where(ApiKey.business_id == _B, ApiKey.id == _ID).values(last_used_at=bindparam("at")))


def api_keys(connection: Connection, business_id: int) -> list[ApiKeyRow]:
    """A business's keys that work, oldest first."""
    return [ApiKeyRow(*row) for row in _ALL.all(connection, business_id=business_id)]


def add(connection: Connection, business_id: int, *, id: bytes, name: str, secret_hash: bytes, created_at: int) -> None:
    """Write a new key."""
    _ADD.run(connection, business_id=business_id, id=id, name=name, secret_hash=secret_hash, created_at=created_at)


def end(connection: Connection, business_id: int, key_id: bytes, at: int) -> bool:
    """Let a key work no more; False if there is none."""
    return _END.run(connection, business_id=business_id, key_id=key_id, at=at) > 0


def used(connection: Connection, business_id: int, key_id: bytes, at: int) -> None:
    """A key has been used."""
    _USED.run(connection, business_id=business_id, key_id=key_id, at=at)
