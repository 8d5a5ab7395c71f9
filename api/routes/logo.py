"""The business's logo: sent by its owner, seen by everyone."""

import hashlib
from typing import Any

from flask import Blueprint, Response, request
from pydantic import Field

from api import db, pictures
from api.actions import logos as actions
from api.errors import Problem
from api.pictures import BadPicture, TooManyPixels
from api.routes.businesses import BusinessOut, business_face
from api.routes.door import Asked, route
from api.routes.reading import whole_body
from api.shapes import Shape
from api.store import businesses, logos
from api.store.logos import LogoRow

bp = Blueprint("logo", __name__, url_prefix="/api/v1")

YEAR_SECONDS = 31_536_000


class Version(Shape):
    """Which logo, as the business names it: with it, the picture may be kept for good."""

    v: int | None = Field(default=None, ge=0, le=1 << 31)


@route(
    bp,
    "PUT",
    "/business/logo",
    who=("owner",),
    raw_body=("image/png", "image/jpeg", "image/webp"),
    answer=BusinessOut,
    problems=("image_needed", "too_large", "bad_image", "too_many_pixels"),
    limit="30/minute",
)
def put_logo(asked: Asked) -> Any:
    """Send a logo: PNG, JPEG or WebP, at most 1 MiB and 4 million pixels. It is drawn anew, without metadata."""
    try:
        drawn = pictures.draw_anew(whole_body(request.environ))
    except TooManyPixels as error:
        raise Problem("too_many_pixels", str(error), limit=pictures.MOST_PIXELS) from None
    except BadPicture as error:
        raise Problem("bad_image", str(error)) from None
    row = LogoRow(drawn.webp, drawn.png)
    return _changed(asked, lambda connection: actions.put(connection, asked.business_id, row, now=asked.now))


@route(bp, "DELETE", "/business/logo", who=("owner",), answer=BusinessOut)
def remove_logo(asked: Asked) -> Any:
    """Do without a logo."""
    return _changed(asked, lambda connection: actions.remove(connection, asked.business_id))


@route(
    bp,
    "GET",
    "/businesses/<number>/logo.webp",
    who=("anyone",),
    query=Version,
    produces="image/webp",
    problems=("not_found",),
)
def show_logo(asked: Asked, number: str) -> Response:
    """A business's logo."""
    business_id = int(number) if number.isdecimal() and len(number) < 10 else 0
    with db.reading() as connection:
        found = logos.logo(connection, business_id)
        business = businesses.business(connection, business_id)
    if found is None or business is None:
        raise Problem("not_found")
    response = Response(found.webp, mimetype="image/webp")
    response.set_etag(hashlib.blake2b(found.webp, digest_size=12).hexdigest())
    is_named = asked.query.v == business.logo_version
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if is_named else "no-cache"
    return response.make_conditional(request)


def _changed(asked: Asked, action: Any) -> Any:
    asked.write(action)
    with db.reading() as connection:
        return business_face(businesses.business(connection, asked.business_id))
