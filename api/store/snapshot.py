"""Cards as a till keeps them for when it is on its own: their figures and the customer's name, a page at a time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, select

from api.db import Statement
from api.store.ledger import FIGURES, read_figures
from api.tables.cards import Card
from api.tables.people import Customer
from rules.card import Figures

# How many cards are asked for by their ids in one statement.
AT_ONCE = 200


class SnapshotRow(NamedTuple):
    """A card's figures as they are cached, under its programme, and the customer's name or nothing."""

    id: bytes
    code_number: int
    programme_id: bytes
    figures: Figures
    name: str


_B = bindparam("business_id")
_cards = (
    select(
        Card.id, Card.code_number, Card.programme_id, Customer.name, *FIGURES,
    )
    .outerjoin(Customer, and_(Customer.business_id == Card.business_id, Customer.id == Card.customer_id))
    .where(Card.business_id == _B)
)  # fmt: skip
_PAGE = Statement(
    _cards.where(Card.id > bindparam("after_id"), Card.touched_at >= bindparam("since"))
    .order_by(Card.id)
    .limit(bindparam("most"))
)
_MADE = Statement(_cards.where(Card.id >= bindparam("floor")).order_by(Card.id).limit(bindparam("most")))
_SOME = Statement(_cards.where(Card.id.in_([bindparam(f"id{n}") for n in range(AT_ONCE)])))


def page(connection: Connection, business_id: int, *, after: bytes, since: int, most: int) -> list[SnapshotRow]:
    """Cards touched since then, in the order of their ids, from behind `after`."""
    return _rows(_PAGE.all(connection, business_id=business_id, after_id=after, since=since, most=most))


def made_since(connection: Connection, business_id: int, floor: bytes, *, most: int) -> list[SnapshotRow]:
    """Cards whose id is this or higher: those made since the moment it names."""
    return _rows(_MADE.all(connection, business_id=business_id, floor=floor, most=most))


def some(connection: Connection, business_id: int, ids: Sequence[bytes]) -> list[SnapshotRow]:
    """Those of these cards that are the business's."""
    found: list[SnapshotRow] = []
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        names = {f"id{n}": part[min(n, len(part) - 1)] for n in range(AT_ONCE)}
        found += _rows(_SOME.all(connection, business_id=business_id, **names))
    return found


def _rows(rows: list[tuple[Any, ...]]) -> list[SnapshotRow]:
    return [SnapshotRow(row[0], row[1], row[2], read_figures(row[4:]), row[3] or "") for row in rows]
