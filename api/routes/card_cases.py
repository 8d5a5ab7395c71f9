"""Cases for whoever holds the card: something was wrong, what came of it, and did that put it right."""

from typing import Any

from flask import Blueprint
from sqlalchemy import Connection

from api import db
from api.actions import cases as actions
from api.actions.callers import Caller
from api.errors import Problem
from api.routes.cards import EVERYONE, find_card
from api.routes.case_faces import CardCase, card_case
from api.routes.cases import ToldIn, read_told
from api.routes.door import Asked, path_id, route
from api.shapes import Shape
from api.store import cases
from api.store.ledger import CardRow
from rules.cases import Rating

bp = Blueprint("card_cases", __name__, url_prefix="/api/v1")


class CardCaseIn(ToldIn):
    """What went wrong, by whoever holds the card."""


class CardCases(Shape):
    """The cases of a card, the latest opened first, and what money is in."""

    items: list[CardCase]
    currency: str


class RatingIn(Shape):
    """Did this put it right?"""

    rating: Rating


@route(
    bp,
    "POST",
    "/cards/<code>/cases",
    who=("anyone", "customer"),
    body=CardCaseIn,
    answer=CardCase,
    status=201,
    limit="10/minute",
    problems=("unknown_card", "card_replaced", "conflict", "case_open"),
)
def tell_case(asked: Asked, code: str) -> Any:
    """Something was wrong. While a case of the last hour is open, another one of the same card is refused."""
    card = _card(asked, code)
    told = read_told(asked.body, "phone", shop_id=card.shop_id, card_id=card.id)
    caller = Caller(card.business_id, "customer")

    def action(connection: Connection) -> Any:
        row = actions.open_case(connection, told, caller=caller, keys=asked.keys, now=asked.now)
        return card_case(connection, card.business_id, row, private=True, now=asked.now)  # they have just told it

    return asked.write(action, business_id=card.business_id)


@route(bp, "GET", "/cards/<code>/cases", who=EVERYONE, answer=CardCases, problems=("unknown_card",))
def card_cases(asked: Asked, code: str) -> Any:
    """What became of a card's cases; the words are for whoever holds the private link."""
    with db.reading() as connection:
        card, replaced = find_card(connection, asked, code)
        rows = [] if replaced else cases.of_card(connection, card.business_id, card.id)
        private = asked.business_id == card.business_id
        items = [card_case(connection, card.business_id, row, private=private, now=asked.now) for row in rows]
    return {"items": items, "currency": card.currency}


@route(
    bp,
    "POST",
    "/cards/<code>/cases/<answered_id>/ratings",
    who=("anyone", "customer"),
    body=RatingIn,
    answer=CardCase,
    status=201,
    limit="10/minute",
    problems=("unknown_card", "card_replaced", "not_found", "conflict"),
)
def rate_case(asked: Asked, code: str, answered_id: str) -> Any:
    """Did that put it right? The last word counts."""
    card, id = _card(asked, code), path_id(answered_id)
    private = asked.business_id == card.business_id

    def action(connection: Connection) -> Any:
        row = actions.rate(connection, id, card=card, rating=asked.body.rating, now=asked.now)
        return card_case(connection, card.business_id, row, private=private, now=asked.now)

    return asked.write(action, business_id=card.business_id)


def _card(asked: Asked, code: str) -> CardRow:
    """The card with this code. Raises Problem unknown_card or card_replaced."""
    with db.reading() as connection:
        card, replaced = find_card(connection, asked, code)
    if replaced:
        raise Problem("card_replaced")
    return card
