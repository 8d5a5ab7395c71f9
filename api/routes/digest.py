"""The owner's digest: who gave what to whom, when nobody should be at work, against limits, and by hand."""

from typing import Any, Literal

from flask import Blueprint

from api import db
from api.actions import digest as actions
from api.actions.digest import Sums
from api.ids import moment_text
from api.routes.door import Asked, route
from api.routes.set_aside import CardName, card_name
from api.shapes import Id, Moment, Shape
from api.store import businesses, ledger
from api.store.digest import Given

bp = Blueprint("digest", __name__, url_prefix="/api/v1")


class Days(Shape):
    """Over how many days: 7 or 30."""

    days: Literal["7", "30"] = "7"


class Totals(Shape):
    """What was done, without what was undone.

    quiet: stamps given in the quiet hours. overrides: visits counted against a limit, with a reason. undone: visits and
    redemptions undone. cost: of the rewards, in the smallest unit of the business's money.
    """

    visits: int
    stamps: int
    quiet: int
    overrides: int
    undone: int
    rewards: int
    cost: int


class AtWork(Totals):
    """What one of the staff did; without id and name: nobody had signed on. share: of all stamps, from 0 to 1."""

    id: Id | None
    name: str | None
    share: float


class MostStamped(Shape):
    """One of the cards with most stamps. share: of all stamps, from 0 to 1."""

    card: CardName
    visits: int
    stamps: int
    share: float


class Gifts(Shape):
    """What was given by hand: how often, and what. author: by whom; null where the programme itself gave it."""

    author: str | None
    n: int
    stamps: int
    rewards: int


class DigestFace(Shape):
    """What happened between two moments, and the quiet hours, in minutes after midnight, that it was held against."""

    since: Moment
    until: Moment
    quiet_from: int
    quiet_until: int
    totals: Totals
    staff: list[AtWork]
    cards: list[MostStamped]
    gifts: list[Gifts]
    welcome: Gifts


@route(bp, "GET", "/digest", who=("owner",), query=Days, answer=DigestFace)
def show_digest(asked: Asked) -> Any:
    """Stamps, overrides and rewards of everyone on the staff, the most stamped cards, and what was given by hand."""
    with db.reading() as connection:
        business = businesses.business(connection, asked.business_id)
        if business is None:
            raise LookupError("whoever has signed in belongs to a business")
        found = actions.digest(connection, business, days=int(asked.query.days), now=asked.now)
        rows = [(ledger.card_by_id(connection, asked.business_id, each.card_id), each) for each in found.cards]
        cards = [
            {
                "card": card_name(connection, row, asked),
                "visits": each.visits,
                "stamps": each.stamps,
                "share": _share(each.stamps, found.totals),
            }
            for row, each in rows
            if row is not None
        ]
    return {
        "since": moment_text(found.since),
        "until": moment_text(found.until),
        "quiet_from": business.quiet_from,
        "quiet_until": business.quiet_until,
        "totals": _sums(found.totals),
        "staff": [
            {"id": each.id, "name": each.name, "share": _share(each.sums.stamps, found.totals)} | _sums(each.sums)
            for each in found.staff
        ],
        "cards": cards,
        "gifts": [_gifts(each) for each in found.gifts],
        "welcome": _gifts(found.welcome),
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in Totals.model_fields}


def _share(stamps: int, totals: Sums) -> float:
    return round(stamps / totals.stamps, 4) if totals.stamps else 0.0


def _gifts(row: Given) -> dict[str, Any]:
    return {"author": row.author, "n": row.n, "stamps": row.stamps, "rewards": row.rewards}
