"""Versions that come into force at a set time: written down, withdrawn, put in force once, or found to be stale."""

from sqlalchemy import Connection

from api.actions import programmes
from api.errors import Problem
from api.ids import new_id
from api.store import programmes as programmes_store
from api.store import scheduled_versions
from api.store.scheduled_versions import ScheduledRow
from rules.programme import Policy, Terms


def schedule(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    *,
    terms: Terms,
    policy: Policy,
    expected_version: int,
    starts_at: int,
    author: str,
    note: str,
    now: int,
) -> ScheduledRow:
    """Let these terms come into force at a moment (ms since 1970), by themselves.

    Raises Problem not_found, version_moved, or as `programmes.check_follows`.
    """
    programmes.hold(connection, business_id, programme_id, expected_version=expected_version)
    rows = programmes_store.versions(connection, business_id, programme_id)
    programmes.check_follows(terms, [row.for_rules for row in rows])
    row = ScheduledRow(
        new_id(now), programme_id, starts_at, expected_version, policy, terms, author, note, now, "waiting"
    )
    scheduled_versions.add(connection, business_id, row)
    return row


def check_programme(connection: Connection, business_id: int, programme_id: bytes) -> None:
    """Raises Problem not_found when there is no such programme."""
    if not programmes_store.versions(connection, business_id, programme_id):
        raise Problem("not_found")


def withdraw(connection: Connection, business_id: int, programme_id: bytes, scheduled_id: bytes, *, now: int) -> None:
    """Take it back before it is in force. Raises Problem not_found, or no_longer_waiting when it waits no more."""
    row = scheduled_versions.one(connection, business_id, scheduled_id)
    if row is None or row.programme_id != programme_id:
        raise Problem("not_found")
    if not scheduled_versions.settle(connection, business_id, scheduled_id, "withdrawn", at=now):
        raise Problem("no_longer_waiting", state=row.state)


def put_in_force(
    connection: Connection, *, business_id: int, programme_id: bytes, scheduled_id: bytes, now: int
) -> int | None:
    """Bring a scheduled version into force, once; returns its number.

    None when it waits no more, or when the programme was changed by hand meanwhile: then it is stale, and its owner
    must look again. Others that wait for the same programme were scheduled beside this one, and expect it.
    """
    programmes_store.hold(connection, business_id, programme_id)  # whoever comes second finds it done
    row = scheduled_versions.one(connection, business_id, scheduled_id)
    if row is None or row.state != "waiting":
        return None
    try:
        number = programmes.change(
            connection,
            business_id,
            programme_id,
            terms=row.terms,
            policy=row.policy,
            expected_version=row.expected_version,
            author=row.author,
            note=row.note,
            now=now,
        )
    except Problem:
        scheduled_versions.settle(connection, business_id, scheduled_id, "stale", at=now)
        return None
    scheduled_versions.settle(connection, business_id, scheduled_id, "done", at=now, number=number)
    scheduled_versions.move_on(connection, business_id, programme_id, before=row.expected_version, after=number)
    return number
