"""Cases and their lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    update,
)

from api.db import Statement
from api.tables.cards import Card
from api.tables.goodwill import Case, CaseLine
from api.tables.shops import Shop
from rules.cases import Line, LineKind, Rating, Standing, State
from rules.goodwill import Kind, Remedy


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case. contact: sealed; content: a hash of what was told; card_number: of its card's code.

    Moments in milliseconds since 1970, money in the smallest unit.
    """

    id: bytes
    shop_id: bytes | None
    card_id: bytes | None
    source: str
    author: str
    severity: int
    what: str
    wish: Kind | None
    contact: bytes | None
    content: bytes
    happened_at: int
    opened_at: int
    standing: Standing
    shop: str | None = None
    card_number: int | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a case."""

    kind: LineKind
    at: int
    author: str
    words: str | None = None
    remedy: Remedy | None = None
    cost: int = 0
    rating: Rating | None = None

    @property
    def for_rules(self) -> Line:
        """The part of it the rules need."""
        return Line(self.kind, self.at, self.cost, self.rating)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a card had before: how many cases, how many of them were settled, and what that cost."""

    cases: int
    settled: int
    cost: int


_B, _ID, _CARD = bindparam("business_id"), bindparam("case_id"), bindparam("card_id")
_AT, _SINCE = bindparam("at"), bindparam("since")
_COLUMNS = (
    "id", "shop_id", "card_id", "source", "author", "severity", "what", "wish", "contact", "content", "happened_at",
    "opened_at",
)  # fmt: skip
_STANDING = ("state", "cost", "answered_at", "closed_at", "put_right")
_plain = select(*[getattr(Case, name) for name in (*_COLUMNS, *_STANDING)])
_joined = (
    _plain.add_columns(Shop.name.label("shop"), Card.code_number)
    .outerjoin(Shop, and_(Shop.business_id == Case.business_id, Shop.id == Case.shop_id))
    .outerjoin(Card, and_(Card.business_id == Case.business_id, Card.id == Case.card_id))
)
_ONE = Statement(_joined.where(Case.business_id == _B, Case.id == _ID))
_HOLD = Statement(_plain.where(Case.business_id == _B, Case.id == _ID).with_for_update())
_waits = Case.state.in_([literal_column("'open'"), literal_column("'offered'")])
_page = (
    _joined.where(Case.business_id == _B, tuple_(Case.opened_at, Case.id) < tuple_(_AT, bindparam("after_id")))
    .order_by(Case.opened_at.desc(), Case.id.desc())
    .limit(bindparam("most"))
)
_ALL = Statement(_page)
_IN_STATE = Statement(_page.where(Case.state == bindparam("in_state")))
_WAITING_IN = Statement(_page.where(_waits, Case.shop_id == bindparam("in_shop")))
_OF_CARD = Statement(
    _joined.where(Case.business_id == _B, Case.card_id == _CARD).order_by(Case.opened_at.desc(), Case.id.desc())
)
_WAITING_ON = Statement(_joined.where(Case.business_id == _B, Case.card_id == _CARD, _waits, Case.opened_at > _SINCE))
_HOW_MANY_WAIT = Statement(select(func.count()).select_from(Case).where(Case.business_id == _B, _waits))
_OPENED_SINCE = Statement(
    select(Case.opened_at, *[getattr(Case, name) for name in _STANDING]).where(
        Case.business_id == _B, Case.opened_at >= _SINCE
    )
)
_EARLIER = Statement(
    select(
        func.count(),
        func.sum(case((Case.state == literal_column("'settled'"), literal_column("1")), else_=literal_column("0"))),
        func.sum(Case.cost),
    )
    .select_from(Case)
    .where(
        Case.business_id == _B,
        Case.card_id == _CARD,
        or_(Case.opened_at < _AT, and_(Case.opened_at == _AT, Case.id < _ID)),
    )
)
_ADD = Statement(
    insert(Case).values(
        {name: bindparam(name) for name in ("business_id", *_COLUMNS)} | {"state": literal_column("'open'")}
    )
)
_KEEP_STEP = Statement(
    update(Case)
    .where(Case.business_id == _B, Case.id == _ID)
    .values({name: bindparam(f"new_{name}") for name in _STANDING})
)
_LINE = ("kind", "at", "author", "words", "remedy", "cost", "rating")
_LINES = Statement(
    select(*[getattr(CaseLine, name) for name in _LINE])
    .where(CaseLine.business_id == _B, CaseLine.case_id == _ID)
    .order_by(CaseLine.number)
)
_LAST_NUMBER = Statement(select(func.max(CaseLine.number)).where(CaseLine.business_id == _B, CaseLine.case_id == _ID))
_APPEND = Statement(
    insert(CaseLine).values({name: bindparam(name) for name in ("business_id", "case_id", "number", *_LINE)})
)
_FORGET = Statement(
    update(Case).where(Case.business_id == _B, Case.card_id == _CARD, Case.contact.is_not(None)).values(contact=null())
)


def find(connection: Connection, business_id: int, case_id: bytes) -> CaseRow | None:
    """One case of this business."""
    row = _ONE.one(connection, business_id=business_id, case_id=case_id)
    return None if row is None else _row(row)


def hold(connection: Connection, business_id: int, case_id: bytes) -> CaseRow | None:
    """The case, held until the transaction ends; without the names of its shop and card."""
    row = _HOLD.one(connection, business_id=business_id, case_id=case_id)
    return None if row is None else _row((*row, None, None))


def page(
    connection: Connection, business_id: int, *, state: State | None, before: tuple[int, bytes], most: int
) -> list[CaseRow]:
    """Cases from behind a moment and an id, the latest opened first; state: only these."""
    at, after_id = before
    place = {"business_id": business_id, "at": at, "after_id": after_id, "most": most}
    rows = _ALL.all(connection, **place) if state is None else _IN_STATE.all(connection, **place, in_state=state)
    return [_row(row) for row in rows]


def waiting_in(
    connection: Connection, business_id: int, shop_id: bytes, *, before: tuple[int, bytes], most: int
) -> list[CaseRow]:
    """The cases of a shop that nobody has closed, from behind a moment and an id, the latest opened first."""
    at, after_id = before
    rows = _WAITING_IN.all(connection, business_id=business_id, in_shop=shop_id, at=at, after_id=after_id, most=most)
    return [_row(row) for row in rows]


def of_card(connection: Connection, business_id: int, card_id: bytes) -> list[CaseRow]:
    """The cases of a card, the latest opened first."""
    return [_row(row) for row in _OF_CARD.all(connection, business_id=business_id, card_id=card_id)]


def waiting_on(connection: Connection, business_id: int, card_id: bytes, *, since: int) -> list[CaseRow]:
    """The cases of a card that were opened since then and that nobody has closed."""
    rows = _WAITING_ON.all(connection, business_id=business_id, card_id=card_id, since=since)
    return [_row(row) for row in rows]


def how_many_wait(connection: Connection, business_id: int) -> int:
    """How many cases nobody has closed."""
    row = _HOW_MANY_WAIT.one(connection, business_id=business_id)
    return int(row[0]) if row else 0


def opened_since(connection: Connection, business_id: int, since: int) -> list[tuple[int, Standing]]:
    """The cases opened since then: when each was opened, and where it stands."""
    rows = _OPENED_SINCE.all(connection, business_id=business_id, since=since)
    return [(row[0], Standing(*row[1:])) for row in rows]


def earlier(connection: Connection, business_id: int, row: CaseRow) -> Earlier:
    """What the card of a case had before it; nothing for a case without a card."""
    if row.card_id is None:
        return Earlier(0, 0, 0)
    found = _EARLIER.one(connection, business_id=business_id, card_id=row.card_id, case_id=row.id, at=row.opened_at)
    cases, settled, cost = found or (0, 0, 0)
    return Earlier(int(cases), int(settled or 0), int(cost or 0))


def add(connection: Connection, business_id: int, row: CaseRow) -> None:
    """Write a new case, without its first line. Raises IntegrityError when the id is taken."""
    _ADD.run(connection, business_id=business_id, **{name: getattr(row, name) for name in _COLUMNS})


def lines(connection: Connection, business_id: int, case_id: bytes) -> list[LineRow]:
    """The lines of a case, oldest first."""
    return [_line(row) for row in _LINES.all(connection, business_id=business_id, case_id=case_id)]


def append(connection: Connection, business_id: int, row: CaseRow, line: LineRow, standing: Standing) -> CaseRow:
    """Write one more line of a case that is held, and where it stands with that."""
    last = _LAST_NUMBER.one(connection, business_id=business_id, case_id=row.id)
    remedy = None if line.remedy is None else json.dumps(line.remedy.as_dict(), separators=(",", ":"))
    _APPEND.run(
        connection, business_id=business_id, case_id=row.id, number=(last[0] or 0 if last else 0) + 1, kind=line.kind,
        at=line.at, author=line.author, words=line.words, remedy=remedy, cost=line.cost, rating=line.rating,
    )  # fmt: skip
    values = {f"new_{name}": getattr(standing, name) for name in _STANDING}
    _KEEP_STEP.run(connection, business_id=business_id, case_id=row.id, **values)
    return replace(row, standing=standing)


def forget_contacts(connection: Connection, business_id: int, card_id: bytes) -> None:
    """Delete how to reach whoever told of something with this card."""
    _FORGET.run(connection, business_id=business_id, card_id=card_id)


def _row(row: Sequence[Any]) -> CaseRow:
    told, standing = row[: len(_COLUMNS)], row[len(_COLUMNS) : -2]
    return CaseRow(*told, Standing(*standing), row[-2], row[-1])


def _line(row: Sequence[Any]) -> LineRow:
    kind, at, author, words, remedy, cost, rating = row
    return LineRow(kind, at, author, words, Remedy(**json.loads(remedy)) if remedy else None, cost, rating)
