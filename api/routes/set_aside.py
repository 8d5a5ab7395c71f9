"""What the owner should look at: what tills sent and could not be counted, and what counted and looks odd."""

from typing import Any, cast

import orjson
from flask import Blueprint
from sqlalchemy import Connection

from api import db
from api.ids import id_text, moment_text
from api.keys import Keys
from api.routes.door import Asked, route
from api.routes.faces import Line, history_lines, show_code
from api.routes.paging import Page, link_next, read_cursor
from api.shapes import Id, Moment, Shape
from api.store import ledger, set_aside
from api.store.set_aside import KeptRow

bp = Blueprint("set_aside", __name__, url_prefix="/api/v1")


class KeptClaim(Shape):
    """A claim as a till sent it, and why it is not in the ledger."""

    id: Id
    received_at: Moment
    till: str | None
    reason: str
    claim: Any


class KeptList(Shape):
    """Kept claims, the latest first."""

    items: list[KeptClaim]


class CardName(Shape):
    """Which card."""

    code: str
    short_code: str


class FlaggedLine(Line):
    """A line of a card's history that counted and looks odd."""

    card: CardName


class FlaggedList(Shape):
    """Flagged lines, the latest received first."""

    items: list[FlaggedLine]


@route(bp, "GET", "/kept", who=("owner",), query=Page, answer=KeptList)
def list_kept(asked: Asked) -> Any:
    """Claims that could not be counted and are kept for the owner, the latest first."""
    after = read_cursor(asked, int, bytes, bytes)
    with db.reading() as connection:
        rows = set_aside.kept(
            connection,
            asked.business_id,
            after=set_aside.FIRST_KEPT if after is None else cast(tuple[int, bytes, bytes], tuple(after)),
            most=asked.query.limit + 1,
        )
    shown = rows[: asked.query.limit]
    if len(rows) > len(shown):
        link_next(asked, shown[-1].received_at, shown[-1].id, shown[-1].content)
    return {"items": [_kept_face(row, asked.keys) for row in shown]}


@route(bp, "GET", "/flags", who=("owner",), query=Page, answer=FlaggedList)
def list_flags(asked: Asked) -> Any:
    """Lines of the ledger that carry a flag, the latest received first."""
    after = read_cursor(asked, int, bytes)
    with db.reading() as connection:
        rows = set_aside.flagged(
            connection,
            asked.business_id,
            after=set_aside.FIRST_FLAGGED if after is None else cast(tuple[int, bytes], tuple(after)),
            most=asked.query.limit + 1,
        )
        shown = rows[: asked.query.limit]
        lines = _lines_of(connection, asked.business_id, asked.keys, {row.card_id for row in shown})
    if len(rows) > len(shown):
        link_next(asked, shown[-1].received_at, shown[-1].id)
    return {"items": [lines[id_text(row.id)] for row in shown]}


def _kept_face(row: KeptRow, keys: Keys) -> dict[str, Any]:
    kept = orjson.loads(keys.unseal(row.claim))
    return {
        "id": id_text(row.id),
        "received_at": moment_text(row.received_at),
        "till": row.till,
        "reason": row.reason,
        "claim": kept if row.reason == "bad_event" else kept["raw"],
    }


def _lines_of(connection: Connection, business_id: int, keys: Keys, card_ids: set[bytes]) -> dict[str, Any]:
    """Every line of these cards by its id, for a line's why is known only within its card."""
    found = {}
    for card_id in card_ids:
        row = ledger.card_by_id(connection, business_id, card_id)
        if row is None:
            continue
        card = {
            "code": keys.card_code(business_id, card_id, row.code_number),
            "short_code": show_code(keys.short_code(business_id, card_id, row.short_number)),
        }
        events = ledger.history(connection, business_id, row.last_event_id)
        versions = ledger.versions(connection, business_id, row.programme_id, row.programme_version)
        for line in history_lines(row, events, versions, private=True):
            found[line["id"]] = line | {"card": card}
    return found
