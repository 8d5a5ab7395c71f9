"""Every card of a business, and what has been added to it: its lines from the last one back to the one last known.

A card is read first; what leads up to its last event never changes, so no transaction needs to be held open.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select

from api.db import Statement
from api.tables.cards import Card
from api.tables.events import Event

# Cards read at a time, and those of them whose new lines are asked for in one statement.
PAGE = 5000
AT_ONCE = 200


class Broken(Exception):
    """A card does not lead back to the event that was last known of it: this is another ledger."""


class CardRow(NamedTuple):
    """A card as the columns need it."""

    id: bytes
    programme_id: bytes
    shop_id: bytes | None
    first_version: int
    created_at: int
    last_event_id: bytes | None


class Line(NamedTuple):
    """An event as the columns need it. units: what it adds to what its card counts, money or stamps."""

    id: bytes
    previous_id: bytes | None
    kind: str
    stamps: int
    rewards: int
    happened_at: int
    received_at: int
    version: int
    shop_id: bytes | None
    ref: bytes | None
    units: int
    tier: int | None
    item: str | None


_B = bindparam("business_id")
_HOW_MANY = Statement(select(func.count()).select_from(Card).where(Card.business_id == _B))
_CARDS = Statement(
    select(Card.id, Card.programme_id, Card.shop_id, Card.first_version, Card.created_at, Card.last_event_id)
    .where(Card.business_id == _B, Card.id > bindparam("after_id"))
    .order_by(Card.id)
    .limit(PAGE)
)
_line = (
    Event.id, Event.previous_id, Event.kind, Event.stamps, Event.rewards, Event.happened_at, Event.received_at,
    Event.version, Event.shop_id, Event.ref, func.coalesce(Event.amount, Event.stamps).label("units"), Event.tier,
    Event.item,
)  # fmt: skip
_newest = (
    select(*_line)
    .where(Event.business_id == _B, Event.id.in_([bindparam(f"last{n}") for n in range(AT_ONCE)]))
    .cte("chain", recursive=True)
)
_older = (
    select(*_line)
    .join(_newest, and_(Event.business_id == _B, Event.id == _newest.c.previous_id))
    .where(_newest.c.previous_id.not_in([bindparam(f"known{n}") for n in range(AT_ONCE)]))
)
_NEW_LINES = Statement(select(_newest.union_all(_older)))


def every_card(connection: Connection, business_id: int) -> Iterator[list[CardRow]]:
    """Every card of the business in the order of their ids, a page at a time."""
    after = b""
    while rows := _CARDS.all(connection, business_id=business_id, after_id=after):
        yield [CardRow(*row) for row in rows]
        after = rows[-1][0]


def how_many(connection: Connection, business_id: int) -> int:
    """How many cards there are."""
    row = _HOW_MANY.one(connection, business_id=business_id)
    return row[0] if row else 0


def new_lines(
    connection: Connection, business_id: int, last: Sequence[bytes | None], known: Sequence[bytes | None]
) -> Iterator[list[Line]]:
    """Of each card the lines after the one last known (None: all of them) up to its last, oldest first.

    Raises Broken.
    """
    for begin in range(0, len(last), AT_ONCE):
        newest, oldest = last[begin : begin + AT_ONCE], known[begin : begin + AT_ONCE]
        values = {f"last{n}": newest[min(n, len(newest) - 1)] for n in range(AT_ONCE)}
        values |= {f"known{n}": oldest[n] if n < len(oldest) else None for n in range(AT_ONCE)}
        rows = _NEW_LINES.all(connection, business_id=business_id, **{n: id or b"" for n, id in values.items()})
        found = {row[0]: Line(*row) for row in rows}
        for id, end in zip(newest, oldest, strict=True):
            yield _back(found, id, end)


def _back(found: dict[bytes, Line], id: bytes | None, end: bytes | None) -> list[Line]:
    lines: list[Line] = []
    while id != end:
        line = None if id is None else found.get(id)
        if line is None:
            raise Broken
        lines.append(line)
        id = line.previous_id
    return lines[::-1]
