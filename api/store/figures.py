"""The owner's figures: what was counted when, and what the cards hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from api.db import Statement
from api.ids import id_floor
from api.store.asides import SETTLED
from api.store.ledger import read_tiers
from api.tables.cards import Card
from api.tables.events import Aside, Event
from api.tables.programmes import Programme
from api.tables.settlements import LateFlag, Settlement
from rules.card import Figures

# Every time zone of today is a whole number of quarters of an hour from UTC, so any local day is whole quarters.
QUARTER_MS = 900_000
# An event's id names the moment it was made; this is how much earlier than the moment it counts for that may be.
SLACK_MS = 2 * 86_400_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Cards of a programme that hold the same, as their figures say (but for what a stamp is worth); how many."""

    programme_id: bytes
    figures: Figures
    cards: int


_B = bindparam("business_id")
_SINCE, _UNTIL, _FLOOR = bindparam("since"), bindparam("until"), bindparam("floor")
_quarter = literal_column(str(QUARTER_MS))


def _counted_at(event: Any) -> Any:
    return case((event.happened_at > event.received_at, event.received_at), else_=event.happened_at)


def _sums(event: Any) -> tuple[Any, Any, Any]:
    """Quarter, stamps given, rewards handed over."""
    return (
        (_counted_at(event) // _quarter).label("quarter"),
        func.sum(case((event.kind == literal_column("'stamp'"), event.stamps), else_=literal_column("0"))),
        func.sum(case((event.kind == literal_column("'redeem'"), -event.rewards), else_=literal_column("0"))),
    )


_undone = aliased(Event)
_COUNTED = Statement(
    select(*_sums(Event))
    .where(Event.business_id == _B, Event.id >= _FLOOR, _counted_at(Event) >= _SINCE, _counted_at(Event) < _UNTIL)
    .group_by(literal_column("quarter"))
)
_UNDONE = Statement(
    select(*_sums(_undone))
    .select_from(Event)
    .join(_undone, and_(_undone.business_id == Event.business_id, _undone.id == Event.ref))
    .where(
        Event.business_id == _B,
        Event.kind == literal_column("'void'"),
        Event.id >= _FLOOR,
        _counted_at(_undone) >= _SINCE,
        _counted_at(_undone) < _UNTIL,
    )
    .group_by(literal_column("quarter"))
)
_NEW_CARDS = Statement(
    select((Card.created_at // _quarter).label("quarter"), func.count())
    .where(
        Card.business_id == _B,
        Card.id >= _FLOOR,
        Card.id < bindparam("ceiling"),
        Card.created_at >= _SINCE,
        Card.created_at < _UNTIL,
        # A card from a printed sheet is nobody's until it is first used.
        or_(Card.shop_id.is_not(None), Card.last_event_id.is_not(None)),
    )
    .group_by(literal_column("quarter"))
)
_rewards = (Card.earned + Card.rewards).label("held")
_of_programme = and_(Programme.business_id == Card.business_id, Programme.id == Card.programme_id)
# Most cards hold nothing but main rewards and are where their programme is: of those only the rewards are of interest.
_is_plain = and_(Card.version >= Programme.version, Card.tiers.is_(None))
_holds = (Card.programme_id, Programme.version, _rewards)
_HELD = Statement(
    select(*_holds, func.count())
    .join(Programme, _of_programme)
    .where(Card.business_id == _B, _is_plain)
    .group_by(*_holds)
)
_stands = (
    Card.programme_id, Card.version, Card.round_need, (Card.total - Card.round_start).label("progress"), _rewards,
    Card.tiers,
)  # fmt: skip
_STANDING = Statement(
    select(*_stands, func.count())
    .join(Programme, _of_programme)
    .where(Card.business_id == _B, ~_is_plain)
    .group_by(*_stands)
)
_KEPT = Statement(
    select(func.count()).where(Aside.business_id == _B, Aside.status == literal_column("'kept'"), ~SETTLED)
)
_reviewed = exists().where(
    Settlement.business_id == _B, Settlement.subject == literal_column("'flag'"), Settlement.id == Event.id
)
_FLAGGED = Statement(
    select(func.count()).where(
        Event.business_id == _B, Event.flag.is_not(None), Event.received_at >= _SINCE, ~_reviewed
    )
)
_FLAGGED_LATE = Statement(
    select(func.count())
    .select_from(LateFlag)
    .join(Event, and_(Event.business_id == LateFlag.business_id, Event.id == LateFlag.event_id))
    .where(LateFlag.business_id == _B, LateFlag.found_at >= _SINCE, Event.flag.is_(None), ~_reviewed)
)


def counted(connection: Connection, business_id: int, since: int, until: int) -> dict[int, tuple[int, int]]:
    """Stamps given and rewards handed over in each quarter of an hour (counted from 1970), what was undone left out."""
    values = {"business_id": business_id, "floor": id_floor(since - SLACK_MS), "since": since, "until": until}
    sums = {row[0]: (row[1], row[2]) for row in _COUNTED.all(connection, **values)}
    for quarter, stamps, redemptions in _UNDONE.all(connection, **values):
        before = sums.get(quarter, (0, 0))
        sums[quarter] = (before[0] - stamps, before[1] - redemptions)
    return sums


def new_cards(connection: Connection, business_id: int, since: int, until: int) -> dict[int, int]:
    """Cards made in each quarter of an hour."""
    floor, ceiling = id_floor(since), id_floor(until)
    return {
        row[0]: row[1]
        for row in _NEW_CARDS.all(
            connection, business_id=business_id, floor=floor, ceiling=ceiling, since=since, until=until
        )
    }


def standings(connection: Connection, business_id: int) -> Iterator[Standing]:
    """Every card of a business, counted by what it holds: a few hundred groups, but where money and tiers go together.

    Of a card that is under its programme's current version and has no tiers nothing is told but its rewards.
    """
    for programme_id, version, held, cards in _HELD.all(connection, business_id=business_id):
        yield Standing(programme_id, Figures(version=version, round_need=1, earned=held), cards)
    for programme_id, version, need, total, held, tiers, cards in _STANDING.all(connection, business_id=business_id):
        figures = Figures(version, need, total=total, earned=held, tiers=read_tiers(tiers))
        yield Standing(programme_id, figures, cards)


def kept(connection: Connection, business_id: int) -> int:
    """How many kept claims wait for the owner."""
    row = _KEPT.one(connection, business_id=business_id)
    return row[0] if row else 0


def flagged(connection: Connection, business_id: int, since: int) -> int:
    """How many lines of the ledger were flagged since then, at once or later, and have not been settled."""
    rows = [each.one(connection, business_id=business_id, since=since) for each in (_FLAGGED, _FLAGGED_LATE)]
    return sum(row[0] for row in rows if row)
