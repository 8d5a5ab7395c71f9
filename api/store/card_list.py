"""A business's cards a page at a time, with the names of their customers."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, literal_column, select, tuple_

from api.db import Statement
from api.store.ledger import WIDTH, CardRow, card_row, cards_joined
from api.tables.cards import Card
from api.tables.people import Customer

WORDS = 3
# How far a card is on its way, in millionths: stamps and money do not compare, the way there does.
_PROGRESS = (Card.total - Card.round_start) * literal_column("1000000") // Card.round_need
_ORDER = {"recent": Card.touched_at, "stamps": _PROGRESS}
# Behind every card there can be: where the first page begins.
FIRST = (1 << 53, b"\xff" * 16)


def cards(
    connection: Connection,
    business_id: int,
    *,
    sort: str,
    after: tuple[int, bytes],
    most: int,
    programme_id: bytes | None = None,
    card_id: bytes | None = None,
    words: Sequence[str] = (),
) -> list[tuple[CardRow, str | None, int]]:
    """Cards with their customer's name and their place in the order, highest first, from behind `after`.

    sort: recent or stamps. words: folded; each must be somewhere in what the customer said; at most WORDS of them.
    """
    statement = _statement(sort, programme_id is not None, card_id is not None, len(words))
    values: dict[str, Any] = {"business_id": business_id, "place": after[0], "after_id": after[1], "most": most}
    if programme_id is not None:
        values["programme_id"] = programme_id
    if card_id is not None:
        values["card_id"] = card_id
    values |= {f"word{n}": f"%{_plain(word)}%" for n, word in enumerate(words)}
    rows = statement.all(connection, **values)
    return [(card_row(row), row[WIDTH], row[WIDTH + 1]) for row in rows]


@cache
def _statement(sort: str, of_programme: bool, of_card: bool, words: int) -> Statement:
    """The page's ids first, from the cards alone; then all there is to show of those few."""
    place = _ORDER[sort]
    page = select(Card.id).where(
        Card.business_id == bindparam("business_id"),
        tuple_(place, Card.id) < tuple_(bindparam("place"), bindparam("after_id")),
    )
    if of_programme:
        page = page.where(Card.programme_id == bindparam("programme_id"))
    if of_card:
        page = page.where(Card.id == bindparam("card_id"))
    if words:
        found = select(Customer.id).where(Customer.business_id == bindparam("business_id"))
        for n in range(words):
            found = found.where(Customer.search.like(bindparam(f"word{n}"), escape="!"))
        page = page.where(Card.customer_id.in_(found))
    page = page.order_by(place.desc(), Card.id.desc()).limit(bindparam("most"))
    return Statement(
        cards_joined(Customer.name, place)
        .outerjoin(Customer, and_(Customer.business_id == Card.business_id, Customer.id == Card.customer_id))
        .where(Card.business_id == bindparam("business_id"), Card.id.in_(page))
        .order_by(place.desc(), Card.id.desc())
    )


def _plain(word: str) -> str:
    """A word in which LIKE finds no signs of its own."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
