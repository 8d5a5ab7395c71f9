"""Goodwill: what the business allows, and what is left of this month's budget."""

from typing import Any

from flask import Blueprint
from pydantic import Field
from sqlalchemy import Connection

from api import db
from api.actions import goodwill as actions
from api.actions.goodwill import Giver
from api.ids import moment_text
from api.routes.door import Asked, route
from api.shapes import Moment, Shape
from api.store import businesses, goodwill
from rules.goodwill import LIMITS, Policy, month

bp = Blueprint("goodwill", __name__, url_prefix="/api/v1")


def _within(name: str) -> Any:
    low, high = LIMITS[name]
    return Field(ge=low, le=high)


class PolicyIn(Shape):
    """What the business allows; money in the smallest unit. monthly_budget: null for no limit.

    staff_per_case, staff_per_day: what one of the staff may give for one case, and in one day, without the owner.
    voucher_days: how many whole days a voucher is good.
    """

    monthly_budget: int | None = _within("monthly_budget")
    staff_per_case: int = _within("staff_per_case")
    staff_per_day: int = _within("staff_per_day")
    voucher_days: int = _within("voucher_days")


class GoodwillFace(PolicyIn):
    """What the business allows, and how far this calendar month has come.

    spent: what was given this month, less what was taken back or ran out unused; left: null without a budget.
    given_today: by whoever works the till that asks; for an owner 0. priced: false while nobody has said what a reward
    costs, so that only money can be counted. updated_at: null while nobody has changed it.
    """

    spent: int
    left: int | None
    given_today: int
    priced: bool
    month_since: Moment
    month_until: Moment
    currency: str
    author: str | None
    updated_at: Moment | None


@route(bp, "GET", "/goodwill", who=("owner", "till"), answer=GoodwillFace)
def show_goodwill(asked: Asked) -> Any:
    """What may be given, and what is left."""
    with db.reading() as connection:
        return _face(connection, asked)


@route(bp, "PUT", "/goodwill", who=("owner",), body=PolicyIn, answer=GoodwillFace)
def set_goodwill(asked: Asked) -> Any:
    """What may be given from now on. What was given stays given."""
    policy, author = Policy(**{name: getattr(asked.body, name) for name in LIMITS}), asked.who.caller.name

    def action(connection: Connection) -> Any:
        actions.set_policy(connection, asked.business_id, policy, author=author, now=asked.now)
        return _face(connection, asked)

    return asked.write(action)


def giver_here(connection: Connection, asked: Asked) -> Giver:
    """Whoever would give something here and now, also where nobody has signed on yet."""
    caller = asked.who.caller
    if caller.till_id is None:
        return Giver(caller.name, by_owner=asked.who.kind == "owner")
    someone = actions.signed_on(connection, caller)
    return Giver(caller.name, False, None if someone is None else someone.id, caller.till_id)


def _face(connection: Connection, asked: Asked) -> dict[str, Any]:
    row = goodwill.policy(connection, asked.business_id)
    purse = actions.purse(connection, asked.business_id, row.policy, giver_here(connection, asked), now=asked.now)
    business = businesses.business(connection, asked.business_id)
    terms = actions.prices(connection, asked.business_id, None)
    since, until = month(asked.now, actions.time_zone(connection, asked.business_id))
    return {
        **{name: getattr(row.policy, name) for name in LIMITS},
        "spent": purse.spent,
        "left": purse.left,
        "given_today": purse.given,
        "priced": terms.unit_cost > 0 or terms.unit_price > 0,
        "month_since": moment_text(since),
        "month_until": moment_text(until),
        "currency": "" if business is None else business.currency,
        "author": row.author or None,
        "updated_at": moment_text(row.updated_at) if row.updated_at else None,
    }
