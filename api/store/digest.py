"""What the ledger holds about a stretch of time: who gave what to which cards, and what was given by hand.

Lines are found by their ids, which name the moment they were made; what was undone is left out.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from api.db import Statement
from api.ids import id_floor
from api.tables.cards import Card
from api.tables.events import Event
from rules.decide import OVERRIDABLE

# Every time zone of today is a whole number of quarters of an hour from UTC, so quiet hours are whole quarters.
QUARTER_MS = 900_000
# An event's id names the moment it was made; this is how much earlier than the moment it counts for that may be.
SLACK_MS = 2 * 86_400_000


@dataclass(frozen=True, slots=True)
class Worked:
    """What one of the staff (or nobody signed on) did in a quarter of an hour, counted from 1970.

    overrides: visits counted against a limit, with a reason. undone: visits and redemptions that were undone.
    """

    staff_id: bytes | None
    quarter: int
    visits: int
    stamps: int
    overrides: int
    undone: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Rewards of one kind that one of the staff (or nobody signed on) handed over under one version of a programme.

    tier: None for the main reward. item: what was picked for it, if anything was.
    """

    staff_id: bytes | None
    programme_id: bytes
    version: int
    tier: int | None
    item: str | None
    rewards: int


@dataclass(frozen=True, slots=True)
class Stamped:
    """A card, its visits and its stamps."""

    card_id: bytes
    visits: int
    stamps: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was given by hand: how often, and what. author: by whom; None where the programme itself gave it."""

    kind: str
    author: str | None
    n: int
    stamps: int
    rewards: int


_B = bindparam("business_id")
_ZERO, _ONE = literal_column("0"), literal_column("1")
_at = case((Event.happened_at > Event.received_at, Event.received_at), else_=Event.happened_at)
_void = aliased(Event)
_voided = and_(_void.business_id == Event.business_id, _void.ref == Event.id, _void.kind == literal_column("'void'"))
_stands = _void.id.is_(None)
_then = and_(
    Event.business_id == _B,
    Event.id >= bindparam("floor"),
    _at >= bindparam("since"),
    _at < bindparam("until"),
)
_is_stamp, _is_redeem = Event.kind == literal_column("'stamp'"), Event.kind == literal_column("'redeem'")
_overrode = and_(
    Event.reason.is_not(None), or_(*[Event.flag == literal_column(f"'{reason}'") for reason in OVERRIDABLE])
)
_quarter = (_at // literal_column(str(QUARTER_MS))).label("quarter")


def _count(condition: object) -> object:
    return func.sum(case((condition, _ONE), else_=_ZERO))  # type: ignore[arg-type]


_WORKED = Statement(
    select(
        Event.staff_id,
        _quarter,
        _count(and_(_is_stamp, _stands)),
        func.sum(case((and_(_is_stamp, _stands), Event.stamps), else_=_ZERO)),
        _count(and_(_is_stamp, _stands, _overrode)),
        _count(~_stands),
    )
    .select_from(Event)
    .outerjoin(_void, _voided)
    .where(_then, or_(_is_stamp, _is_redeem))
    .group_by(Event.staff_id, literal_column("quarter"))
)
_kind_of_reward = (Event.staff_id, Card.programme_id, Event.version, Event.tier, Event.item)
_HANDED_OVER = Statement(
    select(*_kind_of_reward, func.sum(-Event.rewards))
    .select_from(Event)
    .outerjoin(_void, _voided)
    .join(Card, and_(Card.business_id == Event.business_id, Card.id == Event.card_id))
    .where(_then, _is_redeem, _stands)
    .group_by(*_kind_of_reward)
)
_stamps = func.sum(Event.stamps).label("sum_of_stamps")
_MOST_STAMPED = Statement(
    select(Event.card_id, func.count(), _stamps)
    .select_from(Event)
    .outerjoin(_void, _voided)
    .where(_then, _is_stamp, _stands)
    .group_by(Event.card_id)
    .order_by(_stamps.desc(), Event.card_id)
    .limit(bindparam("most"))
)
_is_welcome = and_(Event.kind == literal_column("'bonus'"), Event.reason == literal_column("'welcome'"))
_by_hand_or_welcome = or_(Event.kind == literal_column("'adjust'"), _is_welcome)
_more = or_(Event.stamps > _ZERO, Event.rewards > _ZERO)
_GIVEN = Statement(
    select(
        Event.kind,
        Event.author,
        func.count(),
        func.sum(case((Event.stamps > _ZERO, Event.stamps), else_=_ZERO)),
        func.sum(case((Event.rewards > _ZERO, Event.rewards), else_=_ZERO)),
    )
    .select_from(Event)
    .outerjoin(_void, _voided)
    .where(_then, _by_hand_or_welcome, _more, _stands)
    .group_by(Event.kind, Event.author)
)


def worked(connection: Connection, business_id: int, since: int, until: int) -> list[Worked]:
    """What everyone did between two moments (ms), by quarters of an hour."""
    rows = _WORKED.all(connection, business_id=business_id, **_span(since, until))
    return [Worked(row[0], *map(int, row[1:])) for row in rows]


def handed_over(connection: Connection, business_id: int, since: int, until: int) -> list[HandedOver]:
    """The rewards everyone handed over between two moments (ms)."""
    rows = _HANDED_OVER.all(connection, business_id=business_id, **_span(since, until))
    return [HandedOver(*row[:5], int(row[5])) for row in rows]


def most_stamped(connection: Connection, business_id: int, since: int, until: int, *, most: int) -> list[Stamped]:
    """The cards that got most stamps between two moments (ms)."""
    rows = _MOST_STAMPED.all(connection, business_id=business_id, most=most, **_span(since, until))
    return [Stamped(row[0], int(row[1]), int(row[2])) for row in rows]


def given(connection: Connection, business_id: int, since: int, until: int) -> list[Given]:
    """What was given between two moments (ms), by kind and by whose hand."""
    rows = _GIVEN.all(connection, business_id=business_id, **_span(since, until))
    return [Given(row[0], row[1], *map(int, row[2:])) for row in rows]


def _span(since: int, until: int) -> dict[str, int | bytes]:
    return {"floor": id_floor(since - SLACK_MS), "since": since, "until": until}
