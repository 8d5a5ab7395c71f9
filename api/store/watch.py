"""Lines that look odd beside others: finding who and what to look at, and writing down which lines those are.

Lines are found by their ids, which name the moment they were made, so nothing more than the ledger itself is needed.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, case, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from api.db import Statement
from api.ids import id_floor
from api.tables.businesses import Business
from api.tables.events import Event
from api.tables.settlements import LateFlag
from rules.velocity import Limits, Visit


@dataclass(frozen=True, slots=True)
class Found:
    """A line that looks odd. details: the numbers behind the reason, as JSON."""

    event_id: bytes
    reason: str
    details: str


_B = bindparam("business_id")
_void = aliased(Event)
_AT = case((Event.happened_at > Event.received_at, Event.received_at), else_=Event.happened_at)
_voided = exists().where(
    _void.business_id == Event.business_id, _void.ref == Event.id, _void.kind == literal_column("'void'")
)
_in_range = and_(
    Event.business_id == _B,
    Event.id >= bindparam("first"),
    Event.id < bindparam("last"),
    Event.kind == literal_column("'stamp'"),
)
_BUSINESSES = Statement(
    select(Business.id, Business.watch_card_hour, Business.watch_card_day, Business.watch_staff_hour)
)
_many = (func.count() > bindparam("most"), func.max(Event.received_at) >= bindparam("received_since"))
_CARDS = Statement(select(Event.card_id).where(_in_range).group_by(Event.card_id).having(and_(*_many)))
_STAFF = Statement(
    select(Event.staff_id).where(_in_range, Event.staff_id.is_not(None)).group_by(Event.staff_id).having(and_(*_many))
)
_visits = select(Event.id, _AT, _voided).where(_in_range)
_OF_CARD = Statement(_visits.where(Event.card_id == bindparam("whose")))
_OF_STAFF = Statement(_visits.where(Event.staff_id == bindparam("whose")))
_FLAG = Statement(
    insert(LateFlag)
    .values({name: bindparam(name) for name in ("business_id", "event_id", "reason", "details", "found_at")})
    .on_conflict_do_nothing()
)
_KNOWN = Statement(
    select(LateFlag.event_id).where(
        LateFlag.business_id == _B, LateFlag.event_id >= bindparam("first"), LateFlag.event_id < bindparam("last")
    )
)


def businesses(connection: Connection) -> list[tuple[int, Limits]]:
    """Every business, and what it finds usual."""
    return [(row[0], Limits(*row[1:])) for row in _BUSINESSES.all(connection)]


def busy_cards(
    connection: Connection, business_id: int, first: int, last: int, *, most: int, since: int
) -> list[bytes]:
    """Cards with more than so many visits made between two moments, some of them received since then (all in ms)."""
    rows = _CARDS.all(connection, business_id=business_id, most=most, received_since=since, **_range(first, last))
    return [row[0] for row in rows]


def busy_staff(
    connection: Connection, business_id: int, first: int, last: int, *, most: int, since: int
) -> list[bytes]:
    """Staff who stamped more than so many visits between two moments, some of them received since then (all in ms)."""
    rows = _STAFF.all(connection, business_id=business_id, most=most, received_since=since, **_range(first, last))
    return [row[0] for row in rows]


def visits_of_card(connection: Connection, business_id: int, card_id: bytes, first: int, last: int) -> list[Visit]:
    """A card's visits made between two moments."""
    rows = _OF_CARD.all(connection, business_id=business_id, whose=card_id, **_range(first, last))
    return [Visit(row[0], row[1], bool(row[2])) for row in rows]


def visits_by_staff(connection: Connection, business_id: int, staff_id: bytes, first: int, last: int) -> list[Visit]:
    """The visits that one of the staff stamped between two moments."""
    rows = _OF_STAFF.all(connection, business_id=business_id, whose=staff_id, **_range(first, last))
    return [Visit(row[0], row[1], bool(row[2])) for row in rows]


def known(connection: Connection, business_id: int, first: int, last: int) -> set[bytes]:
    """The lines made between two moments that have been found already."""
    return {row[0] for row in _KNOWN.all(connection, business_id=business_id, **_range(first, last))}


def flag(connection: Connection, business_id: int, found: Found, *, now: int) -> bool:
    """Write down that a line looks odd. False when that has been done, be it by another process just now."""
    values = {"event_id": found.event_id, "reason": found.reason, "details": found.details, "found_at": now}
    return _FLAG.run(connection, business_id=business_id, **values) > 0


def _range(first: int, last: int) -> dict[str, bytes]:
    return {"first": id_floor(first), "last": id_floor(last)}
