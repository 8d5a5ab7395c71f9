"""Signing an owner in and out. A try is counted before it is looked at, so a thousand at once are no way around it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.ids import new_id
from api.keys import Keys, new_secret
from api.store import people
from api.store import sessions as store
from rules import tries

DAYS = 30


@dataclass(frozen=True, slots=True)
class Try:
    """One owner whose password may now be compared with what was typed; this try has been counted as wrong."""

    business_id: int
    owner_id: bytes
    password_hash: str


@dataclass(frozen=True, slots=True)
class Tries:
    """What may be compared, and, if nothing more may be after that, until when."""

    open: list[Try]
    locked_until: int | None


def take_tries(connection: Connection, email: str, *, now: int) -> Tries:
    """Count a try for every owner with this e-mail who is not locked."""
    taken = []
    locks: list[int | None] = []
    for row in store.owners_by_email(connection, email):
        if row.locked_until is not None and row.locked_until > now:
            locks.append(row.locked_until)
            continue
        locks.append(_set_tries(connection, row.business_id, row.owner_id, row.failed_tries + 1, now=now))
        taken.append(Try(row.business_id, row.owner_id, row.password_hash))
    ends = [until for until in locks if until is not None]
    return Tries(taken, min(ends) if ends and len(ends) == len(locks) else None)


def sign_in(connection: Connection, right: Try, others: list[Try], *, keys: Keys, now: int) -> str:
    """The password fitted: a new session, whose secret is returned. What else has this e-mail gets its try back."""
    store.set_tries(connection, right.business_id, right.owner_id, 0, None)
    for other in others:
        wrong = store.tries(connection, other.business_id, other.owner_id)
        _set_tries(connection, other.business_id, other.owner_id, max(0, wrong - 1), now=now)
    return open_session(connection, right.business_id, right.owner_id, keys=keys, now=now)


def open_session(connection: Connection, business_id: int, owner_id: bytes, *, keys: Keys, now: int) -> str:
    """A new session of this owner; returns the secret for the cookie."""
    secret = new_secret(business_id)
    people.add_session(
        connection,
        business_id,
        id=new_id(now),
        owner_id=owner_id,
        secret_hash=keys.lookup("session", business_id, secret),
        created_at=now,
        expires_at=now + DAYS * 86_400_000,
    )
    return secret


def new_password(connection: Connection, email: str, password_hash: str, *, now: int) -> int:
    """A new password for every owner with this e-mail, whose other sign-ins end; how many owners that is."""
    owners = store.owners_by_email(connection, email)
    for owner in owners:
        store.set_password(connection, owner.business_id, owner.owner_id, password_hash, at=now)
    return len(owners)


def sign_out(connection: Connection, *, business_id: int, session_id: bytes, now: int) -> None:
    """End this session."""
    store.end(connection, business_id, session_id, now)


def _set_tries(connection: Connection, business_id: int, owner_id: bytes, wrong: int, *, now: int) -> int | None:
    """Note so many wrong tries; returns until when nobody may try."""
    wait = tries.wait_seconds(wrong)
    until = now + wait * 1000 if wait else None
    store.set_tries(connection, business_id, owner_id, wrong, until)
    return until
