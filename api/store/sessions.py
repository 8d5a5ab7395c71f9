"""Owners' sign-ins: who has this e-mail, how often it went wrong, and ending a session."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from api.db import Statement
from api.tables.businesses import Owner, Session


@dataclass(frozen=True, slots=True)
class LockRow:
    """An owner as the lock on the door sees them: the kept password and the wrong tries so far."""

    business_id: int
    owner_id: bytes
    password_hash: str
    failed_tries: int
    locked_until: int | None


_B = bindparam("business_id")
_BY_EMAIL = Statement(
    select(Owner.business_id, Owner.id, Owner.password_hash, Owner.failed_tries, Owner.locked_until)
    .where(Owner.email == bindparam("email"))
    .order_by(Owner.business_id, Owner.id)
    .with_for_update()
)
_TRIES = Statement(select(Owner.failed_tries).where(Owner.business_id == _B, Owner.id == bindparam("owner_id")))
_SET_TRIES = Statement(
    update(Owner)
    .where(Owner.business_id == _B, Owner.id == bindparam("owner_id"))
    .values(failed_tries=bindparam("tries"), locked_until=bindparam("until"))
)
_END = Statement(
    update(Session)
    .where(Session.business_id == _B, Session.id == bindparam("session_id"), Session.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_SET_PASSWORD = Statement(
    update(Owner)
    .where(Owner.business_id == _B, Owner.id == bindparam("owner_id"))
    .values(password_hash=bindparam("new_hash"), failed_tries=0, locked_until=None)
)
_END_ALL = Statement(
    update(Session)
    .where(Session.business_id == _B, Session.owner_id == bindparam("owner_id"), Session.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)


def owners_by_email(connection: Connection, email: str) -> list[LockRow]:
    """Every owner with this e-mail, held until the transaction ends; one person may own several businesses."""
    return [LockRow(*row) for row in _BY_EMAIL.all(connection, email=email)]


def tries(connection: Connection, business_id: int, owner_id: bytes) -> int:
    """How many tries have gone wrong in a row."""
    row = _TRIES.one(connection, business_id=business_id, owner_id=owner_id)
    return int(row[0]) if row else 0


def set_tries(connection: Connection, business_id: int, owner_id: bytes, tries: int, until: int | None) -> None:
    """Note the wrong tries, and until when nobody may try."""
    _SET_TRIES.run(connection, business_id=business_id, owner_id=owner_id, tries=tries, until=until)


def set_password(connection: Connection, business_id: int, owner_id: bytes, password_hash: str, *, at: int) -> None:
    """A new password; every browser this owner was signed in on is signed out."""
    _SET_PASSWORD.run(connection, business_id=business_id, owner_id=owner_id, new_hash=password_hash)
    _END_ALL.run(connection, business_id=business_id, owner_id=owner_id, at=at)


def end(connection: Connection, business_id: int, session_id: bytes, at: int) -> None:
    """Sign this browser out."""
    _END.run(connection, business_id=business_id, session_id=session_id, at=at)
