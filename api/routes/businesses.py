"""What belongs to a business as a whole."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import db
from api.actions import businesses as actions
from api.routes.door import Asked, route
from api.routes.faces import logo_url
from api.shapes import Currency, Language, Name, Shape, TimeZone
from api.store import businesses
from api.store.businesses import BusinessRow

bp = Blueprint("businesses", __name__, url_prefix="/api/v1")


class BusinessOut(Shape):
    """A business, as its owner sees it. lock_after_seconds: how soon a till that nobody touches locks itself."""

    id: int
    name: str
    currency: str
    time_zone: str
    language: str
    lock_after_seconds: int
    logo: str | None


class BusinessChange(Shape):
    """What to change; the rest stays."""

    name: Name | None = None
    currency: Currency | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    lock_after_seconds: int | None = Field(default=None, ge=10, le=86_400)


@route(bp, "GET", "/business", who=("owner",), answer=BusinessOut)
def show_business(asked: Asked) -> Any:
    """The business of the owner who asks."""
    with db.reading() as connection:
        return business_face(businesses.business(connection, asked.business_id))


@route(bp, "PATCH", "/business", who=("owner",), body=BusinessChange, answer=BusinessOut)
def change_business(asked: Asked) -> Any:
    """Change what is named."""
    changes = asked.body.model_dump(exclude_none=True)
    return asked.write(lambda connection: business_face(actions.change(connection, asked.business_id, changes)))


def business_face(row: BusinessRow | None) -> dict[str, Any]:
    """A business, as its owner sees it."""
    if row is None:
        raise LookupError("whoever has signed in belongs to a business")
    return {
        "id": row.id,
        "name": row.name,
        "currency": row.currency,
        "time_zone": row.time_zone,
        "language": row.language,
        "lock_after_seconds": row.lock_after_seconds,
        "logo": logo_url(row.id, row.logo_version),
    }
