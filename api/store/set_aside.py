"""What the owner should look at: claims kept outside the ledger, flagged lines of it, and what was decided on each."""

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, bindparam, insert, literal_column, or_, select, tuple_

from api.db import Statement
from api.store.ledger import CardRow, card_row, cards_joined
from api.tables.cards import Card
from api.tables.events import Aside, Event
from api.tables.settlements import LateFlag, Settlement
from api.tables.shops import Shop, Till

Subject = Literal["kept", "flag"]
Verdict = Literal["applied", "dismissed", "fine", "undone"]


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """What an owner decided. event_id: the line of the ledger that made, if any."""

    verdict: Verdict
    note: str | None
    author: str
    at: int
    event_id: bytes | None


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A claim that was kept. why: JSON; claim: as the actions wrote it down."""

    id: bytes
    content: bytes
    reason: str
    why: str
    claim: bytes
    card_id: bytes | None
    till: str | None
    shop: str | None
    received_at: int
    settlement: SettlementRow | None


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A line of the ledger with a flag, by its card. late: a flag that came later, and its numbers as JSON."""

    id: bytes
    card_id: bytes
    received_at: int
    late: tuple[str, str] | None
    settlement: SettlementRow | None


_B, _AT, _ID, _MOST = bindparam("business_id"), bindparam("at"), bindparam("after_id"), bindparam("most")
_SETTLEMENT = (Settlement.verdict, Settlement.note, Settlement.author, Settlement.at, Settlement.event_id)
_kept = (
    select(
        Aside.id, Aside.content, Aside.reason, Aside.why, Aside.claim, Aside.card_id, Till.name, Shop.name,
        Aside.received_at, *_SETTLEMENT,
    )
    .select_from(Aside)
    .outerjoin(Till, and_(Till.business_id == Aside.business_id, Till.id == Aside.till_id))
    .outerjoin(Shop, and_(Shop.business_id == Till.business_id, Shop.id == Till.shop_id))
    .outerjoin(
        Settlement,
        and_(
            Settlement.business_id == Aside.business_id,
            Settlement.subject == literal_column("'kept'"),
            Settlement.id == Aside.id,
            Settlement.content == Aside.content,
        ),
    )
    .where(
        Aside.business_id == _B,
        tuple_(Aside.received_at, Aside.id, Aside.content) < tuple_(_AT, _ID, bindparam("after_content")),
    )
    .order_by(Aside.received_at.desc(), Aside.id.desc(), Aside.content.desc())
    .limit(_MOST)
)  # fmt: skip
_reviewed = and_(
    Settlement.business_id == Event.business_id,
    Settlement.subject == literal_column("'flag'"),
    Settlement.id == Event.id,
)
_late = and_(LateFlag.business_id == Event.business_id, LateFlag.event_id == Event.id)


def _lines(source: Any) -> Any:
    """Select flagged lines, the latest received first, from behind a moment and an id."""
    return (
        select(Event.id, Event.card_id, Event.received_at, LateFlag.reason, LateFlag.details, *_SETTLEMENT)
        .select_from(source.outerjoin(Settlement, _reviewed))
        .where(Event.business_id == _B, tuple_(Event.received_at, Event.id) < tuple_(_AT, _ID))
        .order_by(Event.received_at.desc(), Event.id.desc())
        .limit(_MOST)
    )


# Two kinds of line make one list: flagged when it was counted (by their index), and later (the few there are).
_flagged = _lines(Event.__table__.outerjoin(LateFlag.__table__, _late)).where(Event.flag.is_not(None))
_late_only = _lines(LateFlag.__table__.join(Event.__table__, _late)).where(
    LateFlag.business_id == _B, Event.flag.is_(None)
)
_REASON = bindparam("reason")
_OPEN, _SETTLED = Settlement.at.is_(None), Settlement.at.is_not(None)
_KEPT = Statement(_kept.where(Aside.status == literal_column("'kept'"), _OPEN))
_KEPT_SETTLED = Statement(_kept.where(_SETTLED))
_FLAGGED, _FLAGGED_SETTLED = Statement(_flagged.where(_OPEN)), Statement(_flagged.where(_SETTLED))
_LATE, _LATE_SETTLED = Statement(_late_only.where(_OPEN)), Statement(_late_only.where(_SETTLED))
_ALIKE = Statement(_flagged.where(_OPEN, or_(Event.flag == _REASON, LateFlag.reason == _REASON)))
_LATE_ALIKE = Statement(_late_only.where(_OPEN, LateFlag.reason == _REASON))
_IS_LATE = Statement(select(LateFlag.reason).where(LateFlag.business_id == _B, LateFlag.event_id == _ID))
# A card owes only after a line that said so when it was counted; those few are found without a look at every card.
# Which of them owe as they stand now is for the rules to say, of smaller rewards as well.
_with_such_a_line: Select[tuple[bytes]] = select(Event.card_id).where(
    Event.business_id == _B, Event.flag == literal_column("'overdrawn'")
)
_OVERDRAWN = Statement(
    cards_joined()
    .where(
        Card.business_id == _B,
        or_(Card.total < 0, Card.earned + Card.rewards < 0, Card.tiers.is_not(None)),
        Card.id.in_(_with_such_a_line),
        tuple_(Card.touched_at, Card.id) < tuple_(_AT, _ID),
    )
    .order_by(Card.touched_at.desc(), Card.id.desc())
    .limit(_MOST)
)
_OF = Statement(
    select(*_SETTLEMENT).where(
        Settlement.business_id == _B,
        Settlement.subject == bindparam("subject"),
        Settlement.id == bindparam("id"),
        Settlement.content == bindparam("content"),
    )
)
_SETTLE = Statement(
    insert(Settlement).values(
        {
            name: bindparam(name)
            for name in ("business_id", "subject", "id", "content", "verdict", "note", "author", "at", "event_id")
        }
    )
)
# Behind everything there can be: where the first page begins.
FIRST_KEPT = (1 << 53, b"\xff" * 33, b"\xff" * 33)
FIRST_FLAGGED = (1 << 53, b"\xff" * 17)
# A line's own id tells it from every other.
NO_CONTENT = b""


def kept(
    connection: Connection, business_id: int, *, settled: bool, after: tuple[int, bytes, bytes], most: int
) -> list[KeptRow]:
    """Claims that wait for the owner, or those settled, the latest first, from behind `after` (received_at, id, …)."""
    at, after_id, content = after
    statement = _KEPT_SETTLED if settled else _KEPT
    rows = statement.all(
        connection, business_id=business_id, at=at, after_id=after_id, after_content=content, most=most
    )
    return [KeptRow(*row[:9], _settlement(row[9:])) for row in rows]


def flagged(
    connection: Connection, business_id: int, *, settled: bool, after: tuple[int, bytes], most: int
) -> list[FlaggedRow]:
    """Flagged lines that wait for the owner, or those settled, the latest first, from behind `after` (…, id)."""
    both = (_FLAGGED_SETTLED, _LATE_SETTLED) if settled else (_FLAGGED, _LATE)
    return _merged(connection, both, business_id=business_id, at=after[0], after_id=after[1], most=most)


def alike(connection: Connection, business_id: int, reason: str, *, most: int) -> list[FlaggedRow]:
    """Flagged lines that wait for the owner for this reason, the latest first."""
    at, after_id = FIRST_FLAGGED
    values = {"business_id": business_id, "at": at, "after_id": after_id, "most": most, "reason": reason}
    return _merged(connection, (_ALIKE, _LATE_ALIKE), **values)


def is_late(connection: Connection, business_id: int, event_id: bytes) -> bool:
    """Did this line come to look odd after it was counted?"""
    return _IS_LATE.one(connection, business_id=business_id, after_id=event_id) is not None


def overdrawn(connection: Connection, business_id: int, *, after: tuple[int, bytes], most: int) -> list[CardRow]:
    """Cards that may owe stamps or rewards, the last touched first, from behind `after` (touched_at, id)."""
    rows = _OVERDRAWN.all(connection, business_id=business_id, at=after[0], after_id=after[1], most=most)
    return [card_row(row) for row in rows]


def settlement(
    connection: Connection, business_id: int, subject: Subject, id: bytes, content: bytes
) -> SettlementRow | None:
    """What was decided; None while nothing has been."""
    row = _OF.one(connection, business_id=business_id, subject=subject, id=id, content=content)
    return None if row is None else SettlementRow(*row)


def settle(
    connection: Connection, business_id: int, subject: Subject, id: bytes, content: bytes, row: SettlementRow
) -> None:
    """Write down a decision. Raises IntegrityError when there is one already."""
    _SETTLE.run(
        connection, business_id=business_id, subject=subject, id=id, content=content,
        verdict=row.verdict, note=row.note, author=row.author, at=row.at, event_id=row.event_id,
    )  # fmt: skip


def _merged(connection: Connection, both: tuple[Statement, Statement], **values: Any) -> list[FlaggedRow]:
    """What both statements find, the latest first; no line is found by both."""
    rows = [row for statement in both for row in statement.all(connection, **values)]
    rows.sort(key=lambda row: (row[2], row[0]), reverse=True)
    return [
        FlaggedRow(*row[:3], (row[3], row[4]) if row[3] else None, _settlement(row[5:]))
        for row in rows[: values["most"]]
    ]


def _settlement(columns: tuple[object, ...]) -> SettlementRow | None:
    return None if columns[3] is None else SettlementRow(*columns)  # type: ignore[arg-type]
