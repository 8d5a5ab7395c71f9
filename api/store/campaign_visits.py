"""Who came while a campaign ran: the cards there were when it began, and the visits each has made since.

Lines are found by their ids, which name the moment they were made; what was undone is left out.
"""

from sqlalchemy import Connection, and_, bindparam, case, func, literal_column, select
from sqlalchemy.orm import aliased

from api.db import Statement
from api.ids import id_floor
from api.tables.cards import Card
from api.tables.events import Event

# An event's id names the moment it was made; this is how much earlier than the moment it counts for that may be.
SLACK_MS = 2 * 86_400_000

_B = bindparam("business_id")
_CARDS = Statement(select(Card.id).where(Card.business_id == _B, Card.created_at < bindparam("before")))
_at = case((Event.happened_at > Event.received_at, Event.received_at), else_=Event.happened_at)
_void = aliased(Event)
_voided = and_(_void.business_id == Event.business_id, _void.ref == Event.id, _void.kind == literal_column("'void'"))
_VISITS = Statement(
    select(Event.card_id, func.count())
    .select_from(Event)
    .outerjoin(_void, _voided)
    .where(
        Event.business_id == _B,
        Event.id >= bindparam("floor"),
        Event.kind == literal_column("'stamp'"),
        _void.id.is_(None),
        _at >= bindparam("since"),
        _at < bindparam("until"),
    )
    .group_by(Event.card_id)
)


def cards_made_before(connection: Connection, business_id: int, before: int) -> list[bytes]:
    """The cards there were at this moment (ms since 1970)."""
    return [row[0] for row in _CARDS.all(connection, business_id=business_id, before=before)]


def visits(connection: Connection, business_id: int, since: int, until: int) -> dict[bytes, int]:
    """How often each card that came between two moments (ms since 1970) did so."""
    floor = id_floor(max(0, since - SLACK_MS))
    rows = _VISITS.all(connection, business_id=business_id, floor=floor, since=since, until=until)
    return dict(rows)  # type: ignore[arg-type]
