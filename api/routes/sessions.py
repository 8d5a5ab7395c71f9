"""Owners signing in and out."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import StringConstraints

from api import auth, db, passwords
from api.actions import sessions as actions
from api.actions.staff import locked_out
from api.errors import Problem
from api.routes import cookies
from api.routes.businesses import BusinessOut, business_face
from api.routes.door import Asked, route
from api.routes.shops import ShopOut, shop_face
from api.shapes import Email, Id, Shape
from api.store import businesses, shops

bp = Blueprint("sessions", __name__, url_prefix="/api/v1")


class SignIn(Shape):
    """An e-mail and a password as they were typed."""

    email: Email
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OwnerOut(Shape):
    """An owner."""

    id: Id
    name: str
    email: str


class SessionOut(Shape):
    """Who has signed in, and what is theirs."""

    owner: OwnerOut
    business: BusinessOut
    shops: list[ShopOut]


@route(
    bp,
    "POST",
    "/sessions",
    who=("anyone",),
    body=SignIn,
    answer=SessionOut,
    status=201,
    problems=("wrong_password", "locked_out"),
    limit="20/minute",
    once=False,
)
def sign_in(asked: Asked) -> Any:
    """Sign in with e-mail and password; sets the cookies."""
    email, password, keys, now = asked.body.email, asked.body.password, asked.keys, asked.now
    tries = db.write(lambda connection: actions.take_tries(connection, email, now=now))
    right = next((one for one in tries.open if passwords.password_fits(one.password_hash, password)), None)
    if right is not None:
        others = [one for one in tries.open if one is not right]
        return enter(asked, db.write(lambda c: actions.sign_in(c, right, others, keys=keys, now=now)))
    if not tries.open:
        passwords.check_for_nobody(password)
    if tries.locked_until is not None:
        raise locked_out(-(-(tries.locked_until - now) // 1000))
    raise Problem("wrong_password")


@route(bp, "GET", "/session", who=("owner",), answer=SessionOut)
def show_session(asked: Asked) -> Any:
    """Who has signed in here."""
    return _face(asked, asked.who)


@route(bp, "DELETE", "/sessions/current", who=("owner",), status=204)
def sign_out(asked: Asked) -> Any:
    """Sign out on this browser."""
    session_id = asked.who.row.session_id
    asked.write(
        lambda connection: actions.sign_out(
            connection, business_id=asked.business_id, session_id=session_id, now=asked.now
        )
    )
    cookies.take(asked, "owner")


def enter(asked: Asked, secret: str) -> dict[str, Any]:
    """Give this browser the cookies of a new session; returns what GET /session says."""
    with db.reading() as connection:
        who = auth.owner_by_cookie(connection, asked.keys, secret, asked.now)
    if who is None:
        raise Problem("sign_in_needed")
    cookies.give(asked, "owner", who.secret_hash, secret)
    return _face(asked, who)


def _face(asked: Asked, who: auth.Principal) -> dict[str, Any]:
    with db.reading() as connection:
        business = businesses.business(connection, who.business_id)
        places = shops.shops(connection, who.business_id)
    return {
        "owner": {"id": who.id, "name": who.row.name, "email": who.row.email},
        "business": business_face(business),
        "shops": [shop_face(row, asked.settings) for row in places],
    }
