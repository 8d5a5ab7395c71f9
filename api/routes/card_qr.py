"""A card's QR code as a picture."""

import hashlib
from collections.abc import Callable

from flask import Blueprint, Response, request
from pydantic import Field

from api import db, qr
from api.errors import Problem
from api.routes.cards import EVERYONE, find_card
from api.routes.door import Asked, route
from api.shapes import Shape
from rules import codes

bp = Blueprint("card_qr", __name__, url_prefix="/api/v1")

# The picture is the same as long as the card's code and our own address are, and both can change.
KEEP_SECONDS = 3600


class Size(Shape):
    """How large: the pixels of one square."""

    scale: int = Field(default=8, ge=1, le=40)


@route(
    bp,
    "GET",
    "/cards/<code>/qr.svg",
    who=EVERYONE,
    query=Size,
    produces="image/svg+xml",
    problems=("unknown_card", "card_replaced"),
)
def card_qr_svg(asked: Asked, code: str) -> Response:
    """A card's QR code as a vector picture."""
    return _picture(asked, code, qr.svg, "image/svg+xml")


@route(
    bp,
    "GET",
    "/cards/<code>/qr.png",
    who=EVERYONE,
    query=Size,
    produces="image/png",
    problems=("unknown_card", "card_replaced"),
)
def card_qr_png(asked: Asked, code: str) -> Response:
    """A card's QR code as pixels."""
    return _picture(asked, code, qr.png, "image/png")


def _picture(asked: Asked, code: str, draw: Callable[[str, int], bytes], mimetype: str) -> Response:
    with db.reading() as connection:
        _, replaced = find_card(connection, asked, code)
    if replaced:
        raise Problem("card_replaced")
    text = qr.card_address(asked.settings.public_url, codes.fold(code))
    response = Response(draw(text, asked.query.scale), mimetype=mimetype)
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}"
    return response.make_conditional(request)
