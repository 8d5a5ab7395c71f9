"""What the owner should look at: what tills sent and could not be counted, what counted and looks odd, what is owed."""

from typing import Any, Literal, cast

import orjson
from flask import Blueprint
from sqlalchemy import Connection

from api import db
from api.actions.standing import CardState, card_state
from api.ids import id_text, moment_text
from api.keys import Keys
from api.routes.door import Asked, route
from api.routes.faces import Line, Why, history_lines, show_code
from api.routes.paging import Page, link_next, read_cursor
from api.shapes import Id, Moment, Shape
from api.store import customers, ledger, set_aside
from api.store.ledger import CardRow
from api.store.set_aside import FlaggedRow, KeptRow, SettlementRow

bp = Blueprint("set_aside", __name__, url_prefix="/api/v1")


class SetAsidePage(Page):
    """Which page, of what waits for the owner or of what has been settled."""

    settled: Literal["yes", "no"] = "no"


class Person(Shape):
    """How to reach whoever left this with their card."""

    name: str | None
    phone: str | None
    email: str | None


class CardName(Shape):
    """Which card, and whose it is if they said so."""

    code: str
    short_code: str
    customer: Person | None


class SettlementFace(Shape):
    """What an owner decided, and the id of the line of the ledger which that made, if it made one."""

    verdict: Literal["applied", "dismissed", "fine", "undone"]
    note: str | None
    author: str
    at: Moment
    event: Id | None


class KeptClaim(Shape):
    """A claim as a till sent it, and why it is not in the ledger. content: tells it from others with its id."""

    id: Id
    content: str
    received_at: Moment
    till: str | None
    shop: str | None
    reason: str
    why: dict[str, Any]
    claim: Any
    card: CardName | None
    settlement: SettlementFace | None


class KeptList(Shape):
    """Kept claims, the latest first."""

    items: list[KeptClaim]


class FlaggedLine(Line):
    """A line of a card's history that counted and looks odd. late: why it came to look so after it was counted."""

    late: Why | None

    card: CardName
    settlement: SettlementFace | None


class FlaggedList(Shape):
    """Flagged lines, the latest received first."""

    items: list[FlaggedLine]


class OwedFace(Shape):
    """A card on which more was handed over than it had; the next stamps settle it, or the owner forgives it."""

    card: CardName
    programme: str
    reward: str
    stamps_owed: int
    rewards_owed: int
    last_event_at: Moment


class OwedList(Shape):
    """Cards that owe, the last touched first."""

    items: list[OwedFace]


@route(bp, "GET", "/kept", who=("owner",), query=SetAsidePage, answer=KeptList)
def list_kept(asked: Asked) -> Any:
    """Claims that could not be counted and wait for the owner, the latest first; settled=yes: those decided on."""
    after = read_cursor(asked, int, bytes, bytes)
    with db.reading() as connection:
        rows = set_aside.kept(
            connection,
            asked.business_id,
            settled=asked.query.settled == "yes",
            after=set_aside.FIRST_KEPT if after is None else cast(tuple[int, bytes, bytes], tuple(after)),
            most=asked.query.limit + 1,
        )
        shown = rows[: asked.query.limit]
        names = _names_of(connection, asked, {row.card_id for row in shown if row.card_id})
    if len(rows) > len(shown):
        link_next(asked, shown[-1].received_at, shown[-1].id, shown[-1].content)
    return {"items": [_kept_face(row, names, asked.keys) for row in shown]}


@route(bp, "GET", "/flags", who=("owner",), query=SetAsidePage, answer=FlaggedList)
def list_flags(asked: Asked) -> Any:
    """Flagged lines of the ledger that wait for the owner, the latest received first; settled=yes: those decided on."""
    after = read_cursor(asked, int, bytes)
    with db.reading() as connection:
        rows = set_aside.flagged(
            connection,
            asked.business_id,
            settled=asked.query.settled == "yes",
            after=set_aside.FIRST_FLAGGED if after is None else cast(tuple[int, bytes], tuple(after)),
            most=asked.query.limit + 1,
        )
        shown = rows[: asked.query.limit]
        lines = _lines_of(connection, asked, {row.card_id for row in shown})
    if len(rows) > len(shown):
        link_next(asked, shown[-1].received_at, shown[-1].id)
    return {
        "items": [
            lines[id_text(row.id)] | {"late": _late(row), "settlement": settlement_face(row.settlement)}
            for row in shown
        ]
    }


@route(bp, "GET", "/owed", who=("owner",), query=Page, answer=OwedList)
def list_owed(asked: Asked) -> Any:
    """Cards on which more was handed over than they had, as they stand now, the last touched first."""
    after = read_cursor(asked, int, bytes)
    most = asked.query.limit
    with db.reading() as connection:
        first = set_aside.FIRST_FLAGGED if after is None else cast(tuple[int, bytes], tuple(after))
        states = _owing(connection, asked.business_id, after=first, most=most + 1)
        items = [_owed_face(connection, state, asked) for state in states[:most]]
    if len(states) > most:
        link_next(asked, states[most - 1].row.touched_at, states[most - 1].row.id)
    return {"items": items}


def _owing(connection: Connection, business_id: int, *, after: tuple[int, bytes], most: int) -> list[CardState]:
    """The first cards behind `after` that owe as they stand now: a change of the programme may have settled others."""
    found: list[CardState] = []
    while True:
        rows = set_aside.overdrawn(connection, business_id, after=after, most=most)
        states = [card_state(connection, row) for row in rows]
        found += [state for state in states if state.figures.stamps_owed or state.figures.rewards_owed]
        if len(found) >= most or len(rows) < most:
            return found[:most]
        after = rows[-1].touched_at, rows[-1].id


def _late(row: FlaggedRow) -> dict[str, Any] | None:
    return None if row.late is None else {"code": row.late[0]} | orjson.loads(row.late[1])


def _kept_face(row: KeptRow, names: dict[bytes, dict[str, Any]], keys: Keys) -> dict[str, Any]:
    kept = orjson.loads(keys.unseal(row.claim))
    return {
        "id": id_text(row.id),
        "content": row.content.hex(),
        "received_at": moment_text(row.received_at),
        "till": row.till,
        "shop": row.shop,
        "reason": row.reason,
        "why": orjson.loads(row.why),
        "claim": kept if row.reason == "bad_event" else kept["raw"],
        "card": names.get(row.card_id or b""),
        "settlement": settlement_face(row.settlement),
    }


def settlement_face(row: SettlementRow | None) -> dict[str, Any] | None:
    """What was decided, in JSON; None while nothing has been."""
    if row is None:
        return None
    event = None if row.event_id is None else id_text(row.event_id)
    return {
        "verdict": row.verdict, "note": row.note, "author": row.author, "at": moment_text(row.at), "event": event,
    }  # fmt: skip


def _owed_face(connection: Connection, state: CardState, asked: Asked) -> dict[str, Any]:
    row = state.row
    return {
        "card": card_name(connection, row, asked),
        "programme": row.programme_name,
        "reward": state.version.terms.reward,
        "stamps_owed": state.figures.stamps_owed,
        "rewards_owed": state.figures.rewards_owed,
        "last_event_at": moment_text(row.touched_at),
    }


def card_name(connection: Connection, row: CardRow, asked: Asked) -> dict[str, Any]:
    """Which card, and whose it is if they said so."""
    person = customers.of_card(connection, row.business_id, row.id) if row.customer_id else None
    told = None if person is None else {name: getattr(person, name) or None for name in ("name", "phone", "email")}
    return {
        "code": asked.keys.card_code(row.business_id, row.id, row.code_number),
        "short_code": show_code(asked.keys.short_code(row.business_id, row.id, row.short_number)),
        "customer": told,
    }


def _names_of(connection: Connection, asked: Asked, card_ids: set[bytes]) -> dict[bytes, dict[str, Any]]:
    rows = {card_id: ledger.card_by_id(connection, asked.business_id, card_id) for card_id in card_ids}
    return {card_id: card_name(connection, row, asked) for card_id, row in rows.items() if row is not None}


def _lines_of(connection: Connection, asked: Asked, card_ids: set[bytes]) -> dict[str, Any]:
    """Every line of these cards by its id, for a line's why is known only within its card."""
    found = {}
    for card_id in card_ids:
        row = ledger.card_by_id(connection, asked.business_id, card_id)
        if row is None:
            continue
        card = card_name(connection, row, asked)
        events = ledger.history(connection, row.business_id, row.last_event_id)
        versions = ledger.versions(connection, row.business_id, row.programme_id, row.programme_version)
        for line in history_lines(row, events, versions, private=True):
            found[line["id"]] = line | {"card": card}
    return found
