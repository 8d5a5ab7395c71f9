"""The ledger: lock a card, read what there is, append an event and keep the card's figures in step."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, exists, insert, literal_column, or_, select, update

from api.db import Statement
from api.store.programmes import TERMS, terms_of
from api.tables.businesses import Business
from api.tables.campaigns import Campaign
from api.tables.cards import Card, DeadCode
from api.tables.events import Aside, Event
from api.tables.goodwill import Voucher
from api.tables.integrations import Notice, Webhook
from api.tables.programmes import Programme, ProgrammeVersion
from api.tables.shops import OwnCard, Shop, Staff, Till
from rules import card as cards
from rules.card import Figures, TierSum
from rules.programme import Version


class CardRow(NamedTuple):
    """A card with its figures as they are cached, its programme and its business.

    has_vouchers: has it ever had one that was not taken back? Only known where it was found by its code.
    """

    business_id: int
    id: bytes
    programme_id: bytes
    shop_id: bytes | None
    customer_id: bytes | None
    code_number: int
    short_number: int
    first_version: int
    figures: Figures
    last_event_id: bytes | None
    created_at: int
    touched_at: int
    programme_name: str
    programme_version: int
    programme_active: bool
    business_name: str
    language: str
    time_zone: str
    logo_version: int
    currency: str
    has_vouchers: bool = False


class Locked(NamedTuple):
    """A card held by this transaction, and what is known about the event that is about to be counted.

    aside: something was set aside under this event's id, or waits for it. belongs_to: whose of the staff the card is.
    in_campaign: a campaign ran when the event happened, paused or not.
    """

    card: CardRow
    known_content: bytes | None
    known_flag: str | None
    aside: bool
    till_revoked: bool
    watched: bool
    offline_never: bool
    belongs_to: bytes | None
    in_campaign: bool


class EventRow(NamedTuple):
    """One line of the ledger, with the names of where it happened."""

    id: bytes
    card_id: bytes
    previous_id: bytes | None
    kind: str
    stamps: int
    rewards: int
    happened_at: int
    received_at: int
    version: int
    till_id: bytes | None
    ref: bytes | None
    order_ref: str | None
    reason: str | None
    author: str | None
    flag: str | None
    source: str
    shop: str | None
    till: str | None
    staff: str | None
    tier: int | None
    item: str | None
    amount: int | None

    @property
    def for_rules(self) -> cards.Event:
        """The part of it the rules need."""
        counted_at = min(self.happened_at, self.received_at)
        return cards.Event(
            self.id, self.kind, self.stamps, self.rewards, counted_at, self.version, self.ref, self.tier, self.amount
        )


class NewEvent(NamedTuple):
    """An event about to be appended."""

    id: bytes
    kind: str
    stamps: int
    rewards: int
    happened_at: int
    received_at: int
    version: int
    shop_id: bytes | None
    till_id: bytes | None
    staff_id: bytes | None
    ref: bytes | None
    order_ref: str | None
    reason: str | None
    author: str | None
    flag: str | None
    source: str
    content: bytes
    tier: int | None = None
    item: str | None = None
    amount: int | None = None

    @property
    def for_rules(self) -> cards.Event:
        """The part of it the rules need."""
        counted_at = min(self.happened_at, self.received_at)
        return cards.Event(
            self.id, self.kind, self.stamps, self.rewards, counted_at, self.version, self.ref, self.tier, self.amount
        )


# What `read_figures` reads.
FIGURES = (
    Card.version, Card.round_need, Card.total, Card.earned, Card.rewards, Card.round_start, Card.anchor,
    Card.last_stamp_at, Card.unit, Card.tiers,
)  # fmt: skip
CARD_COLUMNS = (
    Card.business_id, Card.id, Card.programme_id, Card.shop_id, Card.customer_id, Card.code_number, Card.short_number,
    Card.first_version, *FIGURES, Card.last_event_id, Card.created_at, Card.touched_at, Programme.name,
    Programme.version, Programme.active, Business.name, Business.language, Business.time_zone, Business.logo_version,
    Business.currency,
)  # fmt: skip
# How many columns card_row reads.
WIDTH = len(CARD_COLUMNS)


def card_row(row: Sequence[Any]) -> CardRow:
    """A row that begins with CARD_COLUMNS."""
    return CardRow(
        *row[:8], read_figures(row[8:18]), row[18], row[19], row[20], row[21], row[22], bool(row[23]), *row[24:29]
    )  # fmt: skip


def read_figures(row: Sequence[Any]) -> Figures:
    """The cached figures of a card, from the columns of FIGURES."""
    return Figures(*row[:8], row[8] or 1, read_tiers(row[9]))


def read_tiers(written: str | None) -> tuple[TierSum, ...]:
    """The tier sums of a card, as `write_tiers` wrote them."""
    return tuple(TierSum(key, bool(once), *sums) for key, once, *sums in json.loads(written)) if written else ()


def write_tiers(tiers: tuple[TierSum, ...]) -> str | None:
    """Tier sums as JSON: for each tier its key, 1 when it is earned once, where it lies, how often it was reached, and
    the rewards added or taken."""
    if not tiers:
        return None
    return json.dumps([[t.key, int(t.once), t.at, t.reached, t.rewards] for t in tiers], separators=(",", ":"))


def cards_joined(*more: Any) -> Any:
    """Select cards with their programme and business, and whatever more is wanted behind them."""
    return (
        select(*CARD_COLUMNS, *more)
        .select_from(Card)
        .join(Programme, and_(Programme.business_id == Card.business_id, Programme.id == Card.programme_id))
        .join(Business, Business.id == Card.business_id)
    )


_B = bindparam("business_id")
_ID = bindparam("event_id")
_revoked = select(Till.revoked_at).where(Till.business_id == _B, Till.id == bindparam("till_id")).scalar_subquery()
_belongs_to = select(OwnCard.staff_id).where(OwnCard.business_id == _B, OwnCard.card_id == Card.id).scalar_subquery()
_campaign_then = exists().where(
    Campaign.business_id == _B,
    Campaign.starts_at <= bindparam("at"),
    or_(Campaign.ends_at.is_(None), Campaign.ends_at > bindparam("at")),
)
_lock = (
    cards_joined(
        Event.content,
        Event.flag,
        or_(
            exists().where(Aside.business_id == _B, Aside.id == _ID),
            exists().where(Aside.business_id == _B, Aside.waits_for == _ID),
        ),
        _revoked,
        exists().where(Webhook.business_id == _B, Webhook.active),
        Business.offline_redeem == literal_column("'never'"),
        _belongs_to,
        _campaign_then,
    )
    .outerjoin(Event, and_(Event.business_id == _B, Event.id == _ID))
    .with_for_update(of=Card)
)
_LOCK_BY_CODE = Statement(_lock.where(Card.business_id == _B, Card.code_hash == bindparam("code_hash")))
_LOCK_BY_ID = Statement(_lock.where(Card.business_id == _B, Card.id == bindparam("card_id")))
_DEAD = Statement(
    select(DeadCode.card_id).where(DeadCode.business_id == _B, DeadCode.code_hash == bindparam("code_hash"))
)


def lock(
    connection: Connection, business_id: int, *, event_id: bytes, till_id: bytes | None, code_hash: bytes, at: int = 0
) -> Locked | None:
    """Hold the card with this code until the transaction ends; None if there is none. at: when the event happened."""
    row = _LOCK_BY_CODE.one(
        connection, business_id=business_id, event_id=event_id, till_id=till_id, code_hash=code_hash, at=at
    )
    return None if row is None else _locked(row)


def lock_by_id(
    connection: Connection, business_id: int, *, event_id: bytes, till_id: bytes | None, card_id: bytes, at: int = 0
) -> Locked | None:
    """Hold the card with this id until the transaction ends; None if there is none. at: when the event happened."""
    row = _LOCK_BY_ID.one(
        connection, business_id=business_id, event_id=event_id, till_id=till_id, card_id=card_id, at=at
    )
    return None if row is None else _locked(row)


def _locked(row: Sequence[Any]) -> Locked:
    content, flag, aside, revoked, watched, never, belongs_to, in_campaign = row[WIDTH:]
    return Locked(
        card_row(row), content, flag, bool(aside), revoked is not None, bool(watched), bool(never), belongs_to,
        bool(in_campaign),
    )  # fmt: skip


def successor(connection: Connection, business_id: int, code_hash: bytes) -> bytes | None:
    """The card a replaced code belonged to; None if this code never was one."""
    row = _DEAD.one(connection, business_id=business_id, code_hash=code_hash)
    return None if row is None else row[0]


_EVENT_VALUES = ("business_id", "id", "card_id", "previous_id", *NewEvent._fields[1:])
_append = insert(Event).values({name: bindparam(name) for name in _EVENT_VALUES})
_FIGURES = (
    "version", "round_need", "total", "earned", "rewards", "round_start", "anchor", "last_stamp_at", "unit", "tiers"
)  # fmt: skip
_keep_step = (
    update(Card)
    .where(Card.business_id == _B, Card.id == bindparam("card_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in _FIGURES}
        | {"last_event_id": bindparam("id"), "touched_at": bindparam("received_at")}
    )
)
_APPEND, _KEEP_STEP = Statement(_append), Statement(_keep_step)
# On PostgreSQL both in one round trip; and a void may have been set aside while this transaction waited for the card,
# so it looks once more.
_waiting = exists().where(Aside.business_id == _B, Aside.waits_for == bindparam("id"), Aside.status == "kept")
_APPEND_AND_STEP = Statement(_append.add_cte(_keep_step.cte("step")).returning(_waiting.label("waiting")))
_NOTIFY = Statement(
    insert(Notice).from_select(
        ["business_id", "event_id", "webhook_id", "created_at", "next_try_at"],
        select(Webhook.business_id, _ID, Webhook.id, bindparam("at"), bindparam("at_again")).where(
            Webhook.business_id == _B,
            Webhook.active,
            or_(Webhook.kinds == "", Webhook.kinds.contains(bindparam("kind"))),
        ),
    )
)


def append(connection: Connection, locked: Locked, event: NewEvent, figures: Figures) -> bool:
    """Write an event, the card's new figures and the event's notices. False when no void has been waiting for it.

    Raises IntegrityError when the id is in the ledger already.
    """
    card = locked.card
    values = dict(
        zip(_EVENT_VALUES, (card.business_id, event.id, card.id, card.last_event_id, *event[1:]), strict=True)
    )
    step = {
        "business_id": card.business_id, "card_id": card.id, "id": event.id, "received_at": event.received_at,
        "new_version": figures.version, "new_round_need": figures.round_need, "new_total": figures.total,
        "new_earned": figures.earned, "new_rewards": figures.rewards, "new_round_start": figures.round_start,
        "new_anchor": figures.anchor, "new_last_stamp_at": figures.last_stamp_at,
        "new_unit": None if figures.unit == 1 else figures.unit,
        "new_tiers": write_tiers(figures.tiers) if figures.tiers else None,
    }  # fmt: skip
    if connection.dialect.name == "sqlite":
        _APPEND.run(connection, values)
        _KEEP_STEP.run(connection, step)
        waiting = locked.aside
    else:
        row = _APPEND_AND_STEP.one(connection, values | step)
        waiting = bool(row and row[0])
    if locked.watched:
        at = event.received_at
        _NOTIFY.run(connection, business_id=card.business_id, event_id=event.id, kind=event.kind, at=at, at_again=at)
    return waiting


EVENT_COLUMNS = (
    Event.id, Event.card_id, Event.previous_id, Event.kind, Event.stamps, Event.rewards, Event.happened_at,
    Event.received_at, Event.version, Event.till_id, Event.ref, Event.order_ref, Event.reason, Event.author, Event.flag,
    Event.source, Shop.name.label("shop"), Till.name.label("till"), Staff.name.label("staff"), Event.tier, Event.item,
    Event.amount,
)  # fmt: skip


def events_joined(source: Any = Event) -> Any:
    """Select events with the names of where they happened."""
    return (
        select(*EVENT_COLUMNS)
        .select_from(source)
        .outerjoin(Shop, and_(Shop.business_id == Event.business_id, Shop.id == Event.shop_id))
        .outerjoin(Till, and_(Till.business_id == Event.business_id, Till.id == Event.till_id))
        .outerjoin(Staff, and_(Staff.business_id == Event.business_id, Staff.id == Event.staff_id))
    )


_first = (
    select(Event.id, Event.previous_id, Event.received_at, literal_column("1").label("depth"))
    .where(Event.business_id == _B, Event.id == bindparam("last_event_id"))
    .cte("chain", recursive=True)
)
_chain = _first.union_all(
    select(Event.id, Event.previous_id, Event.received_at, _first.c.depth + 1)
    .join(_first, and_(Event.business_id == _B, Event.id == _first.c.previous_id))
    .where(_first.c.depth < bindparam("most"), Event.received_at >= bindparam("since"))
)
_HISTORY = Statement(
    events_joined(_chain.join(Event, and_(Event.business_id == _B, Event.id == _chain.c.id))).order_by(_chain.c.depth)
)
_EVENT = Statement(events_joined().where(Event.business_id == _B, Event.id == _ID))
_VOID_OF = Statement(
    select(Event.id).where(Event.business_id == _B, Event.ref == _ID, Event.kind == literal_column("'void'"))
)

EVERYTHING = 1 << 30


def history(
    connection: Connection, business_id: int, last_event_id: bytes | None, *, most: int = EVERYTHING, since: int = 0
) -> list[EventRow]:
    """A card's events, newest first, by following each to the one before it; at most so many, received since then."""
    if last_event_id is None:
        return []
    rows = _HISTORY.all(connection, business_id=business_id, last_event_id=last_event_id, most=most, since=since)
    return [EventRow(*row) for row in rows]


def event(connection: Connection, business_id: int, event_id: bytes) -> EventRow | None:
    """One event of this business."""
    row = _EVENT.one(connection, business_id=business_id, event_id=event_id)
    return None if row is None else EventRow(*row)


def is_voided(connection: Connection, business_id: int, event_id: bytes) -> bool:
    """Has this event been undone?"""
    return _VOID_OF.one(connection, business_id=business_id, event_id=event_id) is not None


_has_vouchers = exists().where(
    Voucher.business_id == Card.business_id, Voucher.card_id == Card.id, Voucher.withdrawn_at.is_(None)
)
_CARD_BY_CODE = Statement(
    cards_joined(_has_vouchers).where(Card.business_id == _B, Card.code_hash == bindparam("code_hash"))
)
_CARD_BY_SHORT = Statement(cards_joined().where(Card.business_id == _B, Card.short_hash == bindparam("short_hash")))
_CARD_BY_ID = Statement(cards_joined().where(Card.business_id == _B, Card.id == bindparam("card_id")))


def card_by_code(connection: Connection, business_id: int, code_hash: bytes) -> CardRow | None:
    """The card with this code."""
    row = _CARD_BY_CODE.one(connection, business_id=business_id, code_hash=code_hash)
    if row is None:
        return None
    return card_row(row)._replace(has_vouchers=True) if row[WIDTH] else card_row(row)


def card_by_short_code(connection: Connection, business_id: int, short_hash: bytes) -> CardRow | None:
    """The card with this short code."""
    row = _CARD_BY_SHORT.one(connection, business_id=business_id, short_hash=short_hash)
    return None if row is None else card_row(row)


def card_by_id(connection: Connection, business_id: int, card_id: bytes) -> CardRow | None:
    """The card with this id."""
    row = _CARD_BY_ID.one(connection, business_id=business_id, card_id=card_id)
    return None if row is None else card_row(row)


_VERSIONS = Statement(
    select(ProgrammeVersion.number, ProgrammeVersion.policy, *TERMS).where(
        ProgrammeVersion.business_id == _B, ProgrammeVersion.programme_id == bindparam("programme_id")
    )
)


def versions(connection: Connection, business_id: int, programme_id: bytes, upto: int) -> dict[int, Version]:
    """Every version of a programme up to this number, remembered per connection: versions never change."""
    cache: dict[tuple[int, bytes], dict[int, Version]] = connection.info.setdefault("versions", {})
    found = cache.get((business_id, programme_id))
    if found is None or upto not in found:
        rows = _VERSIONS.all(connection, business_id=business_id, programme_id=programme_id)
        found = {row[0]: Version(row[0], terms_of(row[2:]), row[1]) for row in rows}
        cache[business_id, programme_id] = found
    return found
