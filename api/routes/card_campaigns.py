"""The campaigns a card may look forward to, for whoever holds the card."""

from typing import Any, Literal

from flask import Blueprint

from api import db
from api.actions import campaigns as actions
from api.ids import moment_text
from api.routes.campaigns import CampaignOffer, offer_face
from api.routes.cards import EVERYONE, find_card
from api.routes.door import Asked, route
from api.shapes import Moment, Name, Shape
from rules.campaigns import Campaign

bp = Blueprint("card_campaigns", __name__, url_prefix="/api/v1")


class OpenCampaign(CampaignOffer):
    """A campaign that runs now and would give this card something, while it lasts: it may end or be used up before.

    code: which sentence says it.
    """

    code: Literal["hours", "days", "item", "come_back", "come_back_reward", "first", "first_reward"]
    name: Name
    ends_at: Moment | None


class OpenCampaigns(Shape):
    """What a card may look forward to."""

    items: list[OpenCampaign]


@route(bp, "GET", "/cards/<code>/campaigns", who=EVERYONE, answer=OpenCampaigns, problems=("unknown_card",))
def show_open_campaigns(asked: Asked, code: str) -> Any:
    """What this card would get on a visit now, or may look forward to while these campaigns run."""
    with db.reading() as connection:
        card, replaced = find_card(connection, asked, code)
        rows = [] if replaced else actions.open_to(connection, card, now=asked.now)
    return {
        "items": [
            offer_face(row.rules)
            | {
                "code": _code(row.rules),
                "name": row.name,
                "ends_at": None if row.ends_at is None else moment_text(row.ends_at),
            }
            for row in rows
        ]
    }


def _code(rules: Campaign) -> str:
    if rules.kind == "hours" and rules.all_day:
        return "days"
    return f"{rules.kind}_reward" if rules.rewards else rules.kind
