"""Tills as their owner sees them: pairing one, renaming it, what never came from it, cutting off one that was lost."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from api import db
from api.actions import gaps as gap_actions
from api.actions import tills as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Id, Moment, Name, Shape
from api.store import gaps, shops
from api.store.gaps import GapRow
from api.store.shops import TillRow
from rules.decide import clock_ahead

bp = Blueprint("tills", __name__, url_prefix="/api/v1")

# No number of a till has as many.
MOST_DIGITS = 17


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


class GapFace(Shape):
    """Numbers of what a till saw that have never arrived: from first to last, or everything after it."""

    first: int
    last: int | None
    noticed_at: Moment


class TillOut(Shape):
    """A till, as its owner sees it. clock_ahead_seconds: by how much its clock is off, 0 within five minutes."""

    id: Id
    name: str
    shop: TillsShop
    paired_at: Moment
    last_seen_at: Moment | None
    revoked_at: Moment | None
    clock_ahead_seconds: int
    gaps: list[GapFace]


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
        return {"items": till_faces(connection, asked.business_id)}


@route(bp, "PATCH", "/tills/<till_id>", who=("owner",), body=TillChange, answer=TillOut, problems=("not_found",))
def rename_till(asked: Asked, till_id: str) -> Any:
    """Give a till another name."""
    return _changed(
        asked, lambda connection: actions.rename(connection, asked.business_id, path_id(till_id), asked.body.name)
    )


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
    return _changed(
        asked, lambda connection: actions.revoke(connection, asked.business_id, path_id(till_id), now=asked.now)
    )


@route(
    bp,
    "POST",
    "/tills/<till_id>/gaps/<first>/reviews",
    who=("owner",),
    body=Nothing,
    answer=TillOut,
    status=201,
    problems=("not_found",),
)
def see_gap(asked: Asked, till_id: str, first: str) -> Any:
    """The owner has seen that something never arrived from this till: it is shown no more."""
    number = int(first) if first.isascii() and first.isdecimal() and len(first) < MOST_DIGITS else 0

    def action(connection: Any) -> TillRow:
        found, name = path_id(till_id), asked.who.caller.name
        gap_actions.see(connection, asked.business_id, found, number, by=name, now=asked.now)
        return actions.till(connection, asked.business_id, found)

    return _changed(asked, action)


def _changed(asked: Asked, action: Callable[[Any], TillRow]) -> Any:
    """Change a till and show it as it is now."""

    def change(connection: Any) -> dict[str, Any]:
        row = action(connection)
        return _till_face(row, gaps.open_of(connection, asked.business_id, row.id))

    answer = asked.write(change)
    asked.forget_tills()
    return answer


def till_faces(connection: Any, business_id: int) -> list[dict[str, Any]]:
    """A business's tills, as its owner sees them."""
    missing = gaps.open_ones(connection, business_id)
    return [
        _till_face(row, [gap for gap in missing if gap.till_id == row.id])
        for row in shops.tills(connection, business_id)
    ]


def _till_face(row: TillRow, missing: list[GapRow]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "shop": {"id": row.shop_id, "name": row.shop_name},
        "paired_at": moment_text(row.paired_at),
        "last_seen_at": None if row.last_seen_at is None else moment_text(row.last_seen_at),
        "revoked_at": None if row.revoked_at is None else moment_text(row.revoked_at),
        "clock_ahead_seconds": round(clock_ahead(row.clock_ahead_ms or 0, 0) / 1000),
        "gaps": [{"first": gap.first, "last": gap.last, "noticed_at": moment_text(gap.noticed_at)} for gap in missing],
    }
