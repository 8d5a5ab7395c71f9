"""Finding a card: by what is printed on it, or by what its customer has said."""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import StringConstraints

from api import db
from api.actions import customers as customer_actions
from api.actions.standing import card_state
from api.errors import Problem
from api.routes.cards import find_card
from api.routes.door import Asked, route
from api.routes.faces import CardFace, card_face
from api.routes.paging import Page, link_next, read_cursor
from api.shapes import Id, Shape
from api.store import card_list, ledger
from rules import codes

bp = Blueprint("card_list", __name__, url_prefix="/api/v1")


Typed = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Wanted(Page):
    """Which cards. search: a short or long code, or words of the customer's name, phone or e-mail."""

    search: Typed = ""
    programme: Id | None = None
    sort: Literal["recent", "stamps"] = "recent"


class CustomerName(Shape):
    """Whose card it is."""

    name: str


class ListedCard(CardFace):
    """A card, and whose it is."""

    customer: CustomerName | None


class CardList(Shape):
    """A page of cards."""

    items: list[ListedCard]


@route(bp, "GET", "/cards", who=("owner", "software"), query=Wanted, answer=CardList)
def list_cards(asked: Asked) -> Any:
    """Cards, those last used first or those furthest on their way first; a page at a time."""
    query = asked.query
    after = read_cursor(asked, int, bytes)
    with db.reading() as connection:
        card_id = card_with_code(connection, asked, query.search)
        words = () if card_id else customer_actions.search_words(query.search)[: card_list.WORDS]
        rows = card_list.cards(
            connection,
            asked.business_id,
            sort=query.sort,
            after=card_list.FIRST if after is None else (after[0], after[1]),
            most=query.limit + 1,
            programme_id=query.programme,
            card_id=card_id,
            words=words,
        )
        states = [(card_state(connection, row), name) for row, name, _ in rows[: query.limit]]
    if len(rows) > query.limit:
        last, _, place = rows[query.limit - 1]
        link_next(asked, place, last.id)
    return {
        "items": [
            card_face(state, asked.keys, asked.settings) | {"customer": {"name": name} if name else None}
            for state, name in states
        ]
    }


def card_with_code(connection: Any, asked: Asked, search: str) -> bytes | None:
    """The card with this code: short, long, dead or a whole address as a scanner types it; None when it is no code."""
    code = search.partition("#")[0].rstrip("/").rsplit("/", 1)[-1]
    folded = codes.fold(code)
    if codes.check_holds(folded):
        short_hash = asked.keys.lookup("short", asked.business_id, folded)
        row = ledger.card_by_short_code(connection, asked.business_id, short_hash)
        return row.id if row else None
    try:
        return find_card(connection, asked, code, own=True)[0].id
    except Problem:
        return None
