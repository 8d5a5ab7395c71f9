"""From a one-time link to a shop that can open: its owner, its business, its first promise."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field, StringConstraints

from api import db, passwords
from api.actions import sessions
from api.actions import set_up as actions
from api.routes.door import Asked, route
from api.routes.sessions import SessionOut, enter
from api.shapes import Code, Currency, Email, Language, Name, Password, Shape, TimeZone
from api.words import say
from rules.programme import LIMITS, REWARD_LENGTH, Terms

bp = Blueprint("set_up", __name__, url_prefix="/api/v1")

_FEWEST, _MOST = LIMITS["stamps_needed"]


class LinkOut(Shape):
    """A link that works."""

    usable: bool


class OwnerIn(Shape):
    """The first owner."""

    name: Name
    email: Email
    password: Password


class SetUpIn(Shape):
    """What an owner says at set-up."""

    token: Code
    owner: OwnerIn
    business: Name
    shop: Name
    currency: Currency
    time_zone: TimeZone
    language: Language
    stamps_needed: int = Field(ge=_FEWEST, le=_MOST)
    reward: Annotated[Name, StringConstraints(max_length=REWARD_LENGTH)]


@route(
    bp,
    "GET",
    "/setup/<token>",
    who=("anyone",),
    answer=LinkOut,
    problems=("not_found", "set_up_link_used"),
    limit="30/minute",
)
def show_link(asked: Asked, token: str) -> Any:
    """Does this set-up link still work?"""
    with db.reading() as connection:
        actions.check_link(connection, token, keys=asked.keys, now=asked.now)
    return {"usable": True}


@route(
    bp,
    "POST",
    "/setup",
    who=("anyone",),
    body=SetUpIn,
    answer=SessionOut,
    status=201,
    problems=("not_found", "set_up_link_used"),
    limit="10/minute",
    once=False,
)
def set_up(asked: Asked) -> Any:
    """Make the business and its first owner, and sign the owner in; uses up the link."""
    body, keys, now = asked.body, asked.keys, asked.now
    with db.reading() as connection:  # a link that does not work must not cost a slow hash
        actions.check_link(connection, body.token, keys=keys, now=now)
    wish = actions.NewBusiness(
        owner=body.owner.name,
        email=body.owner.email,
        password_hash=passwords.hash_password(body.owner.password),
        name=body.business,
        shop=body.shop,
        currency=body.currency,
        time_zone=body.time_zone,
        language=body.language,
        terms=Terms(body.stamps_needed, body.reward),
        programme=say(body.language, "print.stamp_card"),
    )

    def action(connection: Any) -> str:
        made = actions.use_link(connection, body.token, wish, keys=keys, now=now)
        return sessions.open_session(connection, made.business_id, made.owner_id, keys=keys, now=now)

    return enter(asked, db.write(action))
