"""Cards: making one, its public face, its history, its QR, its live stream, its private link."""

import hashlib
import queue
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, stream_with_context
from pydantic import ConfigDict, Field
from sqlalchemy import Connection

from api import db
from api.actions import cards as actions
from api.actions.callers import Caller
from api.actions.claims import Result
from api.actions.standing import CardState, card_state
from api.errors import Problem
from api.ids import now_ms
from api.live import TooManyStreams
from api.routes.door import Asked, route
from api.routes.faces import CardFace, Line, ResultFace, card_face, history_lines, result_face
from api.routes.voucher_faces import voucher_face
from api.shapes import Code, Id, Name, Shape, Words, json_bytes
from api.store import ledger, programmes, shops, vouchers
from api.store.ledger import CardRow
from rules import codes
from rules.programme import HIGHEST_KEY

bp = Blueprint("cards", __name__, url_prefix="/api/v1")

EVERYONE = ("anyone", "till", "owner", "software", "customer")
# A comment this often keeps proxies from closing a quiet stream.
PING_SECONDS = 15


class NewCardIn(Shape):
    """Which card: by the shop's join code (on a phone), or of the caller's own business."""

    shop: Code | None = None
    programme: Id | None = None


class NewCardOut(Shape):
    """A new card and the secret of its private link, shown this once: the link is `url#key`."""

    card: CardFace
    key: str


class History(Shape):
    """A card's history, newest first."""

    items: list[Line]


class NewKey(Shape):
    """The new secret of the private link."""

    key: str


class ReplacementIn(Shape):
    """Why the card is replaced."""

    reason: Words = "lost"


class AdjustmentIn(Shape):
    """What to add (or take, below zero), and why; one of the two is not zero."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {name: {"not": {"const": 0}}}, "required": [name]} for name in ("stamps", "rewards")
            ]
        }
    )
    stamps: int = Field(default=0, ge=-1000, le=1000)
    rewards: int = Field(default=0, ge=-100, le=100)
    tier: int | None = Field(default=None, ge=1, le=HIGHEST_KEY, description="Whose rewards; null: the main ones.")
    reason: Name


class VoidIn(Shape):
    """The event to undo, and why."""

    ref: Id
    reason: Name


@route(
    bp,
    "POST",
    "/cards",
    who=("till", "owner", "software", "anyone"),
    body=NewCardIn,
    answer=NewCardOut,
    status=201,
    limit="60/minute",
    problems=("not_found",),
)
def make_card(asked: Asked) -> Any:
    """Make a new card. A phone names the shop by its join code; no name is needed."""
    body, who = asked.body, asked.who
    if who.kind == "anyone":
        if body.shop is None:
            raise Problem("sign_in_needed")
        caller = _join_caller(body.shop)
    else:
        caller = who.caller
    with db.reading() as connection:
        choice = [row for row in programmes.programmes(connection, caller.business_id) if row.is_offered]
    if body.programme is not None:
        choice = [row for row in choice if row.id == body.programme]
    if not choice:
        raise Problem("not_found", "There is no such programme.", pointer="/programme", value=None)
    programme = choice[0]

    def action(connection: Any) -> Any:
        made = actions.make(
            connection,
            caller=caller,
            programme_id=programme.id,
            version=programme.version,
            keys=asked.keys,
            now=asked.now,
        )
        return {"card": card_face(made.card, asked.keys, asked.settings), "key": made.key}

    return asked.write(action, business_id=caller.business_id)


@route(bp, "GET", "/cards/<code>", who=EVERYONE, answer=CardFace, problems=("unknown_card",), limit=None, in_turn=True)
def show_card(asked: Asked, code: str) -> Any:
    """A card's public face. With If-None-Match, 304 while nothing has changed."""
    face = json_bytes(_face(asked, code, asked.now))
    etag = f'"{hashlib.blake2b(face, digest_size=12).hexdigest()}"'
    headers = [("Content-Type", "application/json"), ("ETag", etag), ("Cache-Control", "no-cache")]
    if etag in asked.environ.get("HTTP_IF_NONE_MATCH", ""):
        return Response(status=304, headers=headers[1:])
    return Response(face, headers=headers)


@route(
    bp,
    "GET",
    "/cards/<code>/events",
    who=("customer", "till", "owner", "software"),
    answer=History,
    problems=("unknown_card",),
)
def card_history(asked: Asked, code: str) -> Any:
    """A card's history, newest first, each line with its why."""
    with db.reading() as connection:
        row, _ = find_card(connection, asked, code, own=True)
        events = ledger.history(connection, row.business_id, row.last_event_id)
        versions = ledger.versions(connection, row.business_id, row.programme_id, row.programme_version)
    return {"items": history_lines(row, events, versions, private=asked.who.kind != "customer")}


@route(bp, "GET", "/cards/<code>/live", who=EVERYONE, produces="text/event-stream", problems=("too_many_streams",))
def watch_card(asked: Asked, code: str) -> Any:
    """Server-sent events: the card's face at once, and again at each change."""
    with db.reading() as connection:
        row, _ = find_card(connection, asked, code)
    watching = asked.live.watch(row.id)
    try:
        changes = watching.__enter__()
    except TooManyStreams:
        raise Problem("too_many_streams", headers={"Retry-After": "5"}) from None

    def stream() -> Iterator[bytes]:
        try:
            yield b"retry: 2000\n\n"
            going_on = True
            while going_on:
                yield b"event: card\ndata: " + json_bytes(_face(asked, code, now_ms())) + b"\n\n"
                going_on = yield from _until_change(changes)
        except db.Busy:
            return  # the phone comes back by itself
        finally:
            watching.__exit__(None, None, None)

    response = Response(stream_with_context(stream()), mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response


@route(bp, "POST", "/cards/<code>/key", who=("customer",), answer=NewKey, status=201, limit="10/minute")
def new_phone(asked: Asked, code: str) -> Any:
    """This is my new phone: a new private link; the old one dies."""
    return asked.write(
        lambda connection: {
            "key": actions.new_phone(connection, business_id=asked.business_id, card_id=asked.who.id, keys=asked.keys)
        }
    )


@route(
    bp,
    "POST",
    "/cards/<code>/replacements",
    who=("till", "owner"),
    body=ReplacementIn,
    answer=NewCardOut,
    status=201,
    problems=("unknown_card", "card_replaced"),
)
def replace_card(asked: Asked, code: str) -> Any:
    """A lost card: everything moves to a new code, the old one dies."""
    with db.reading() as connection:
        row, replaced = find_card(connection, asked, code, own=True)

    def action(connection: Any) -> Any:
        if replaced:  # not before: whoever lost the answer asks again with the same Idempotency-Key
            raise Problem("card_replaced")
        made = actions.replace(
            connection, card=row, caller=asked.who.caller, reason=asked.body.reason, keys=asked.keys, now=asked.now
        )
        return {"card": card_face(made.card, asked.keys, asked.settings), "key": made.key}

    answer = asked.write(action)
    asked.live.changed(row.id)  # a phone that shows the old card says so at once
    return answer


@route(
    bp,
    "POST",
    "/cards/<code>/adjustments",
    who=("owner",),
    body=AdjustmentIn,
    answer=ResultFace,
    status=201,
    problems=("unknown_card", "below_zero", "unknown_tier"),
)
def adjust_card(asked: Asked, code: str) -> Any:
    """Add or take stamps or rewards by hand; the reason stays in the ledger."""
    body = asked.body
    if not body.stamps and not body.rewards:
        raise Problem("invalid", "There is nothing to add or take.", pointer="/stamps", value=0)
    with db.reading() as connection:
        row, _ = find_card(connection, asked, code, own=True)
    return told(
        asked,
        row,
        lambda connection: actions.adjust(
            connection,
            card=row,
            stamps=body.stamps,
            rewards=body.rewards,
            tier=body.tier,
            reason=body.reason,
            caller=asked.who.caller,
            now=asked.now,
        ),
    )


@route(
    bp,
    "POST",
    "/cards/<code>/voids",
    who=("owner",),
    body=VoidIn,
    answer=ResultFace,
    status=201,
    problems=("not_found", "already_voided", "not_voidable"),
)
def void_event(asked: Asked, code: str) -> Any:
    """Undo one event of this card, exactly and once."""
    with db.reading() as connection:
        row, _ = find_card(connection, asked, code, own=True)
    own_code = asked.keys.card_code(row.business_id, row.id, row.code_number)
    return told(
        asked,
        row,
        lambda connection: actions.void(
            connection,
            card=row,
            code=own_code,
            ref=asked.body.ref,
            reason=asked.body.reason,
            caller=asked.who.caller,
            keys=asked.keys,
            now=asked.now,
        ),
    )


def find_card(connection: Any, asked: Asked, code: str, *, own: bool = False) -> tuple[CardRow, bool]:
    """The card with this code, and whether the code has been replaced.

    own: only a card of the caller's own business (and for a customer, only theirs). Raises Problem unknown_card.
    """
    parts = codes.split_long(code)
    if parts is None or (own and parts[1] != asked.business_id):
        raise Problem("unknown_card", value=code[:60])
    code_hash = asked.keys.card_lookup(parts[1], parts[0])
    row = ledger.card_by_code(connection, parts[1], code_hash)
    replaced = row is None
    if row is None:
        card_id = ledger.successor(connection, parts[1], code_hash)
        row = ledger.card_by_id(connection, parts[1], card_id) if card_id else None
    if row is None or (own and asked.who.kind == "customer" and asked.who.id != row.id):
        raise Problem("unknown_card", value=code[:60])
    return row, replaced


def card_as_it_stands(connection: Any, row: CardRow) -> CardState:
    """The card under its programme's current version."""
    return card_state(connection, row)


def _face(asked: Asked, code: str, now: int) -> dict[str, Any]:
    with db.reading() as connection:
        row, replaced = find_card(connection, asked, code)
        state = card_as_it_stands(connection, row)
        ready = vouchers.ready_on(connection, row.business_id, row.id, now=now) if row.has_vouchers else []
    face = card_face(state, asked.keys, asked.settings, replaced=replaced, now=now)
    if ready:
        face |= {"vouchers": [voucher_face(voucher, now) for voucher in ready], "currency": row.currency}
    if replaced:  # whoever holds the dead code must not learn the new one
        face |= {"code": codes.fold(code), "url": f"{asked.settings.public_url}/c/{codes.fold(code)}", "short_code": ""}
    return face


def _join_caller(join_code: str) -> Caller:
    business_id, folded = read_join_code(join_code)
    with db.reading() as connection:
        shop = shops.shop_by_join_code(connection, business_id, folded)
    if shop is None:
        raise Problem("not_found", "No shop has this code.", pointer="/shop", value=join_code)
    return Caller(business_id, "customer", shop_id=shop.id, shop_name=shop.name)


def read_join_code(text: str) -> tuple[int, str]:
    """A join code's business and the code itself: eight symbols, then the business's number."""
    folded = codes.fold(text)
    if not 8 < len(folded) <= 14 or any(symbol not in codes.VALUE for symbol in folded):
        raise Problem("not_found", "No shop has this code.", value=text)
    return codes.read_number(folded[8:]), folded


def told(asked: Asked, row: CardRow, action: Callable[[Connection], Result]) -> Any:
    """Run an owner's action on a card, and wake the phone that watches it."""
    answer = asked.write(lambda connection: result_face(action(connection), asked.keys, asked.settings))
    asked.live.changed(row.id)
    return answer


def _until_change(changes: Any) -> Iterator[bytes]:
    """Ping until the card changes (True) or the service ends (False)."""

    while True:
        try:
            return bool(changes.get(timeout=PING_SECONDS))  # type: ignore[return-value]
        except queue.Empty:
            yield b": still here\n\n"
