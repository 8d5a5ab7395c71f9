"""Tills as their owner sees them: pairing one, renaming it, cutting off one that was lost."""

from typing import Any

from flask import Blueprint

from api import db
from api.actions import tills as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Id, Moment, Name, Shape
from api.store import shops
from api.store.shops import TillRow

bp = Blueprint("tills", __name__, url_prefix="/api/v1")


class PairingCodeIn(Shape):
    """What the new till will be called."""

    till_name: Name


class PairingCodeOut(Shape):
    """A one-use code to type on the new till."""

    code: str
    expires_at: Moment


class TillsShop(Shape):
    """Where a till stands."""

    id: Id
    name: str


class TillOut(Shape):
    """A till, as its owner sees it."""

    id: Id
    name: str
    shop: TillsShop
    paired_at: Moment
    last_seen_at: Moment | None
    revoked_at: Moment | None


class TillList(Shape):
    """A business's tills, oldest first, revoked ones included."""

    items: list[TillOut]


class TillChange(Shape):
    """A till's new name."""

    name: Name


class Nothing(Shape):
    """Nothing needs to be said."""


@route(
    bp,
    "POST",
    "/shops/<shop_id>/pairing-codes",
    who=("owner",),
    body=PairingCodeIn,
    answer=PairingCodeOut,
    status=201,
    problems=("not_found",),
)
def make_pairing_code(asked: Asked, shop_id: str) -> Any:
    """A code that turns one device into a till of this shop, within ten minutes."""

    def action(connection: Any) -> dict[str, Any]:
        made = actions.new_pairing_code(
            connection,
            asked.business_id,
            path_id(shop_id),
            till_name=asked.body.till_name,
            keys=asked.keys,
            now=asked.now,
        )
        return {"code": made.code, "expires_at": moment_text(made.expires_at)}

    return asked.write(action)


@route(bp, "GET", "/tills", who=("owner",), answer=TillList)
def list_tills(asked: Asked) -> Any:
    """The business's tills."""
    with db.reading() as connection:
        return {"items": [till_face(row) for row in shops.tills(connection, asked.business_id)]}


@route(bp, "PATCH", "/tills/<till_id>", who=("owner",), body=TillChange, answer=TillOut, problems=("not_found",))
def rename_till(asked: Asked, till_id: str) -> Any:
    """Give a till another name."""
    answer = asked.write(
        lambda connection: till_face(actions.rename(connection, asked.business_id, path_id(till_id), asked.body.name))
    )
    asked.forget_tills()
    return answer


@route(
    bp,
    "POST",
    "/tills/<till_id>/revocations",
    who=("owner",),
    body=Nothing,
    answer=TillOut,
    status=201,
    problems=("not_found",),
)
def revoke_till(asked: Asked, till_id: str) -> Any:
    """Cut a till off at once. What it still has to tell is kept aside, and counts only if the owner says so."""
    answer = asked.write(
        lambda connection: till_face(actions.revoke(connection, asked.business_id, path_id(till_id), now=asked.now))
    )
    asked.forget_tills()
    return answer


def till_face(row: TillRow) -> dict[str, Any]:
    """A till, as its owner sees it."""
    return {
        "id": row.id,
        "name": row.name,
        "shop": {"id": row.shop_id, "name": row.shop_name},
        "paired_at": moment_text(row.paired_at),
        "last_seen_at": None if row.last_seen_at is None else moment_text(row.last_seen_at),
        "revoked_at": None if row.revoked_at is None else moment_text(row.revoked_at),
    }
