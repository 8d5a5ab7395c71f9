"""What belongs to a business as a whole."""

from typing import Any, Literal

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
    """A business, as its owner sees it. lock_after_seconds: how soon a till that nobody touches locks itself.

    offline_…: whether a till may hand out rewards with no network, at most so many on a card and on a till since it was
    last in touch, and only on cards whose state it learned at most so many hours ago.
    watch_…: how many visits of a card within an hour or a day, or by one of the staff within an hour, are still usual
    (0: any number). quiet_…: between which minutes after midnight nobody should be at work; the same twice: none.
    """

    id: int
    name: str
    currency: str
    time_zone: str
    language: str
    lock_after_seconds: int
    offline_redeem: Literal["never", "limited"]
    offline_per_card: int
    offline_per_till: int
    offline_hours: int
    watch_card_hour: int
    watch_card_day: int
    watch_staff_hour: int
    quiet_from: int
    quiet_until: int
    logo: str | None


class BusinessChange(Shape):
    """What to change; the rest stays."""

    name: Name | None = None
    currency: Currency | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    lock_after_seconds: int | None = Field(default=None, ge=10, le=86_400)
    offline_redeem: Literal["never", "limited"] | None = None
    offline_per_card: int | None = Field(default=None, ge=1, le=10)
    offline_per_till: int | None = Field(default=None, ge=1, le=50)
    offline_hours: int | None = Field(default=None, ge=1, le=168)
    watch_card_hour: int | None = Field(default=None, ge=0, le=1000)
    watch_card_day: int | None = Field(default=None, ge=0, le=1000)
    watch_staff_hour: int | None = Field(default=None, ge=0, le=1000)
    quiet_from: int | None = Field(default=None, ge=0, lt=1440, multiple_of=15)
    quiet_until: int | None = Field(default=None, ge=0, lt=1440, multiple_of=15)


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
        "offline_redeem": row.offline_redeem,
        "offline_per_card": row.offline_per_card,
        "offline_per_till": row.offline_per_till,
        "offline_hours": row.offline_hours,
        "watch_card_hour": row.watch_card_hour,
        "watch_card_day": row.watch_card_day,
        "watch_staff_hour": row.watch_staff_hour,
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "logo": logo_url(row.id, row.logo_version),
    }
