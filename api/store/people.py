"""Owners and their sessions, staff, customers, and other software's keys."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select

from api.db import Statement
from api.tables.businesses import Owner, Session
from api.tables.integrations import ApiKey


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An owner, without the password."""

    id: bytes
    name: str
    email: str
    session_id: bytes


@dataclass(frozen=True, slots=True)
class SoftwareRow:
    """Other software with a key."""

    id: bytes
    name: str
    last_used_at: int | None


_B = bindparam("business_id")
_HASH = bindparam("secret_hash")
_OWNER_BY_SESSION = Statement(
    select(Owner.id, Owner.name, Owner.email, Session.id)
    .join(Session, and_(Session.business_id == Owner.business_id, Session.owner_id == Owner.id))
    .where(
        Session.business_id == _B,
        Session.secret_hash == _HASH,
        Session.ended_at.is_(None),
        Session.expires_at > bindparam("now"),
    )
)
_SOFTWARE_BY_SECRET = Statement(
    select(ApiKey.id, ApiKey.name, ApiKey.last_used_at).where(
        ApiKey.business_id == _B, ApiKey.secret_hash == _HASH, ApiKey.ended_at.is_(None)
    )
)
_ADD_OWNER = Statement(
    insert(Owner).values(
        {n: bindparam(n) for n in ("business_id", "id", "name", "email", "password_hash", "created_at")}
    )
)
_ADD_SESSION = Statement(
    insert(Session).values(
        {n: bindparam(n) for n in ("business_id", "id", "owner_id", "secret_hash", "created_at", "expires_at")}
    )
)


def add_session(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new session: id, owner_id, secret_hash, created_at, expires_at."""
    _ADD_SESSION.run(connection, business_id=business_id, **values)


def add_owner(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new owner: id, name, email, password_hash, created_at."""
    _ADD_OWNER.run(connection, business_id=business_id, **values)


def owner_by_session(connection: Connection, business_id: int, secret_hash: bytes, now: int) -> OwnerRow | None:
    """The owner whose session has this hash and is still open."""
    row = _OWNER_BY_SESSION.one(connection, business_id=business_id, secret_hash=secret_hash, now=now)
    return None if row is None else OwnerRow(*row)


def software_by_secret(connection: Connection, business_id: int, secret_hash: bytes) -> SoftwareRow | None:
    """The software whose key has this hash."""
    row = _SOFTWARE_BY_SECRET.one(connection, business_id=business_id, secret_hash=secret_hash)
    return None if row is None else SoftwareRow(*row)
