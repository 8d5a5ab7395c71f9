"""Staff: taking someone on, a new PIN, their own cards, and the tries at a PIN, counted before they are looked at."""

import dataclasses
from dataclasses import dataclass

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.store import own_cards
from api.store import staff as store
from api.store.staff import StaffRow
from rules import tries


@dataclass(frozen=True, slots=True)
class PinTry:
    """A PIN that may now be compared; this try has been counted as wrong. wait_seconds: the wait if it is."""

    id: bytes
    name: str
    pin_hash: str
    tries_left: int
    wait_seconds: int


def take_on(connection: Connection, business_id: int, *, name: str, pin_hash: str, now: int) -> StaffRow:
    """Someone new, who may sign on with this PIN."""
    staff_id = new_id(now)
    store.add(connection, business_id, id=staff_id, name=name, pin_hash=pin_hash, created_at=now)
    return _hold(connection, business_id, staff_id)


def change(
    connection: Connection,
    business_id: int,
    staff_id: bytes,
    *,
    name: str | None,
    pin_hash: str | None,
    active: bool | None,
) -> StaffRow:
    """Another name, a new PIN (which also ends a lock), or whether they still work here. Raises Problem not_found."""
    row = _hold(connection, business_id, staff_id)
    if name is not None:
        row = dataclasses.replace(row, name=name)
    if pin_hash is not None:
        row = dataclasses.replace(row, pin_hash=pin_hash, failed_tries=0, locked_until=None)
    if active is not None:
        row = dataclasses.replace(row, active=active)
    store.save(connection, business_id, row)
    return row


def give_card(connection: Connection, business_id: int, staff_id: bytes, card_id: bytes) -> StaffRow:
    """This card is their own, and of nobody else here: they cannot stamp it. Raises Problem not_found."""
    row = _hold(connection, business_id, staff_id)
    own_cards.add(connection, business_id, staff_id, card_id)
    return row


def take_card(connection: Connection, business_id: int, staff_id: bytes, card_id: bytes) -> None:
    """This card is not their own any more. Raises Problem not_found when it was not."""
    if not own_cards.remove(connection, business_id, staff_id, card_id):
        raise Problem("not_found")


def take_try(connection: Connection, business_id: int, staff_id: bytes, *, now: int) -> PinTry:
    """Count a try at this PIN. Raises Problem not_found, or locked_out while the wait lasts."""
    row = _hold(connection, business_id, staff_id)
    if not row.active:
        raise Problem("not_found")
    if row.locked_until is not None and row.locked_until > now:
        raise locked_out(-(-(row.locked_until - now) // 1000))
    wrong = row.failed_tries + 1
    wait = tries.wait_seconds(wrong)
    until = now + wait * 1000 if wait else None
    store.save(connection, business_id, dataclasses.replace(row, failed_tries=wrong, locked_until=until))
    return PinTry(row.id, row.name, row.pin_hash, tries.tries_left(wrong), wait)


def forgive(connection: Connection, business_id: int, staff_id: bytes) -> None:
    """The PIN was right: forget the wrong tries."""
    row = _hold(connection, business_id, staff_id)
    store.save(connection, business_id, dataclasses.replace(row, failed_tries=0, locked_until=None))


def locked_out(seconds: int) -> Problem:
    """Too many wrong tries: come back in so many seconds."""
    return Problem("locked_out", headers={"Retry-After": str(seconds)}, retry_after_seconds=seconds)


def _hold(connection: Connection, business_id: int, staff_id: bytes) -> StaffRow:
    row = store.hold(connection, business_id, staff_id)
    if row is None:
        raise Problem("not_found")
    return row
