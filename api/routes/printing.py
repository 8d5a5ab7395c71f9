"""What the owner prints: a shop's poster, and sheets of new cards."""

from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response
from pydantic import Field
from sqlalchemy import Connection

from api import db, printing, qr
from api.actions import cards as card_actions
from api.errors import Problem
from api.printing import Look, PrintedCard, Promise
from api.routes.door import Asked, path_id, route
from api.routes.faces import show_code
from api.shapes import Id, Language, Shape
from api.store import businesses, logos, programmes, shops
from api.store.answers import Kept
from api.store.programmes import ProgrammeRow

bp = Blueprint("printing", __name__, url_prefix="/api/v1")

MOST_CARDS = 200


class PosterWish(Shape):
    """Which paper, which language (without one the business's own), for which programme (without one for all)."""

    paper: Literal["a4", "letter"] = "a4"
    language: Language | None = None
    programme: Id | None = None


class SheetsIn(Shape):
    """How many new cards to print, of which programme (without one the first), on which paper, in which language."""

    count: int = Field(ge=1, le=MOST_CARDS)
    programme: Id | None = None
    paper: Literal["a4", "letter"] = "a4"
    language: Language | None = None


@route(
    bp,
    "GET",
    "/shops/<shop_id>/poster.pdf",
    who=("owner",),
    query=PosterWish,
    produces="application/pdf",
    problems=("not_found",),
    limit="60/minute",
)
def print_poster(asked: Asked, shop_id: str) -> Response:
    """A shop's poster, with the QR code that gives a customer a card."""
    wish = asked.query
    with db.reading() as connection:
        shop = shops.shop(connection, asked.business_id, path_id(shop_id))
        if shop is None:
            raise Problem("not_found")
        look = _look(connection, asked, wish.paper, wish.language)
        chosen = _programmes(connection, asked, wish.programme, "?programme")
        promises = [_promise(connection, asked, row) for row in chosen]
    address = f"{asked.settings.public_url}/join/{shop.join_code}"
    pdf = printing.poster(
        look,
        promises,
        shop=shop.name,
        address=qr.join_address(asked.settings.public_url, shop.join_code),
        shown_address=address.removeprefix(f"{urlsplit(address).scheme}://"),
    )
    return _pdf(pdf, f"poster-{wish.paper}.pdf")


@route(
    bp,
    "POST",
    "/card-sheets",
    who=("owner",),
    body=SheetsIn,
    status=201,
    produces="application/pdf",
    problems=("not_found",),
    limit="20/minute",
)
def print_cards(asked: Asked) -> Response:
    """New cards to cut out, each with its QR and its short code; they wait blank for whoever gets them."""
    wish = asked.body
    with db.reading() as connection:
        programme = _programmes(connection, asked, wish.programme, "/programme")[0]
        promise = _promise(connection, asked, programme)
        look = _look(connection, asked, wish.paper, wish.language)
    caller, keys, now = asked.who.caller, asked.keys, asked.now

    def action(connection: Connection) -> Any:
        made = [
            card_actions.make(
                connection,
                caller=caller,
                programme_id=programme.id,
                version=programme.version,
                keys=keys,
                now=now,
                on_paper=True,
            ).card.row
            for _ in range(wish.count)
        ]
        return [
            {
                "code": keys.card_code(row.business_id, row.id, row.code_number),
                "short_code": keys.short_code(row.business_id, row.id, row.short_number),
            }
            for row in made
        ]

    made = asked.write(action)
    again = isinstance(made, Kept) and made.again
    if isinstance(made, Kept):  # the same request again prints the same cards again
        made = orjson.loads(made.body)
    cards = [
        PrintedCard(qr.card_address(asked.settings.public_url, card["code"]), show_code(card["short_code"]))
        for card in made
    ]
    response = _pdf(printing.card_sheets(look, promise, cards), f"cards-{wish.count}.pdf", status=201)
    if again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _look(connection: Connection, asked: Asked, paper: str, language: str | None) -> Look:
    business = businesses.business(connection, asked.business_id)
    logo = logos.logo(connection, asked.business_id)
    if business is None:
        raise Problem("not_found")
    return Look(business.name, paper, language or business.language, logo.png if logo else None)


def _programmes(connection: Connection, asked: Asked, wanted: bytes | None, pointer: str) -> list[ProgrammeRow]:
    """The programmes that are offered, or the one that is wanted. Raises Problem not_found when there is none."""
    rows = [row for row in programmes.programmes(connection, asked.business_id) if row.is_offered]
    rows = [row for row in rows if wanted in (None, row.id)]
    if not rows:
        raise Problem("not_found", "There is no such programme.", pointer=pointer, value=None)
    return rows


def _promise(connection: Connection, asked: Asked, row: ProgrammeRow) -> Promise:
    terms = programmes.versions(connection, asked.business_id, row.id)[0].terms
    return Promise(row.name, terms.stamps_needed, terms.reward)


def _pdf(data: bytes, name: str, status: int = 200) -> Response:
    response = Response(data, status, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
