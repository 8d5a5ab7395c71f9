"""Programmes: making one, and making a new version of its promise."""

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.store import programmes
from rules.programme import Policy, Terms


def make(connection: Connection, business_id: int, *, name: str, terms: Terms, author: str, now: int) -> bytes:
    """A new programme with these terms; returns its id."""
    programme_id = new_id(now)
    programmes.add(connection, business_id, programme_id=programme_id, name=name, version=1, created_at=now)
    _write_version(connection, business_id, programme_id, 1, terms, "better", author=author, note="", now=now)
    return programme_id


def change(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    *,
    terms: Terms,
    policy: Policy,
    expected_version: int,
    author: str,
    note: str,
    now: int,
) -> int:
    """A new version of the promise; returns its number. Cards enter it one by one, when they are next touched.

    Raises Problem not_found, or version_moved when somebody else changed the programme meanwhile.
    """
    programme = programmes.hold(connection, business_id, programme_id)
    if programme is None:
        raise Problem("not_found")
    if programme.version != expected_version:
        raise Problem("version_moved", pointer="/expected_version", value=expected_version, version=programme.version)
    number = programme.version + 1
    _write_version(connection, business_id, programme_id, number, terms, policy, author=author, note=note, now=now)
    programmes.set_version(connection, business_id, programme_id, number)
    return number


def _write_version(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    number: int,
    terms: Terms,
    policy: Policy,
    *,
    author: str,
    note: str,
    now: int,
) -> None:
    programmes.add_version(
        connection,
        business_id,
        programme_id=programme_id,
        number=number,
        policy=policy,
        author=author,
        note=note,
        created_at=now,
        **terms.as_dict(),
    )
