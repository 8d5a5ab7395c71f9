"""The owner settles what was set aside: a kept claim counts or is left out, a flag is reviewed, a debt forgiven."""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import ConfigDict, StringConstraints
from sqlalchemy import Connection

from api import db
from api.actions import cards as card_actions
from api.actions import set_aside as actions
from api.errors import Problem
from api.routes.card_list import card_with_code
from api.routes.cards import find_card, told
from api.routes.door import Asked, path_id, route
from api.routes.faces import ResultFace, result_face
from api.routes.set_aside import SettlementFace, settlement_face
from api.shapes import Name, Shape, Words
from api.store import businesses
from api.words import say

bp = Blueprint("settlements", __name__, url_prefix="/api/v1")

# Two claims may have come under one id, and the list somebody looks at may be old: whoever settles one says which.
Content = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]


class ApplicationIn(Shape):
    """Which of the claims under this id counts, why, and on which card (by any of its codes) where it names none."""

    content: Content
    card: Words | None = None
    note: Words | None = None


class DismissalIn(Shape):
    """Which of the claims under this id is left out, and why."""

    content: Content
    reason: Words


class ReviewIn(Shape):
    """Is a flagged line fine, or is it undone? Undoing needs a note."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"verdict": {"const": "undone"}}, "required": ["verdict"]},
            "then": {"properties": {"note": {"type": "string"}}, "required": ["note"]},
        }
    )
    verdict: Literal["fine", "undone"]
    note: Words | None = None


class ReviewsIn(Shape):
    """Lines flagged for which reason are fine."""

    reason: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")]
    verdict: Literal["fine"]
    note: Words | None = None


class ReviewsFace(Shape):
    """How many lines were settled; more: others wait for the same reason."""

    settled: int
    more: bool


class PardonIn(Shape):
    """Why a debt is forgiven."""

    reason: Name


@route(
    bp,
    "POST",
    "/kept/<kept_id>/applications",
    who=("owner",),
    body=ApplicationIn,
    answer=ResultFace,
    status=201,
    problems=("already_settled", "unreadable", "unknown_card", "unknown_ref", "already_voided", "not_voidable"),
)
def apply_kept(asked: Asked, kept_id: str) -> Any:
    """Count a kept claim after all, once, in the owner's name and at the time it happened."""
    id, body, named = path_id(kept_id), asked.body, None
    with db.reading() as connection:
        if body.card is not None:
            named = card_with_code(connection, asked, body.card)
            if named is None:
                raise Problem("unknown_card", pointer="/card", value=body.card)
        business = businesses.business(connection, asked.business_id)
    key = "console.aside.by_hand" if body.note is None else "console.aside.by_hand_note"
    reason = say(business.language if business else "", key, note=body.note)

    def action(connection: Connection) -> Any:
        result = actions.apply(
            connection, id=id, content=bytes.fromhex(body.content), card_id=named, reason=reason, note=body.note,
            caller=asked.who.caller, keys=asked.keys, now=asked.now,
        )  # fmt: skip
        touched.append(result.card)
        return result_face(result, asked.keys, asked.settings)

    touched: list[Any] = []
    answer = asked.write(action)
    for card in touched[-1:]:
        asked.live.changed(card.row.id)
    return answer


@route(
    bp,
    "POST",
    "/kept/<kept_id>/dismissals",
    who=("owner",),
    body=DismissalIn,
    answer=SettlementFace,
    status=201,
    problems=("already_settled",),
)
def dismiss_kept(asked: Asked, kept_id: str) -> Any:
    """Leave a kept claim out for good; it stays on record with who decided so, when and why."""
    id, body = path_id(kept_id), asked.body
    return asked.write(
        lambda connection: settlement_face(
            actions.dismiss(
                connection,
                id=id,
                content=bytes.fromhex(body.content),
                reason=body.reason,
                caller=asked.who.caller,
                now=asked.now,
            )
        )
    )


@route(
    bp,
    "POST",
    "/flags/<flag_id>/reviews",
    who=("owner",),
    body=ReviewIn,
    answer=SettlementFace,
    status=201,
    problems=("already_settled", "already_voided", "not_voidable"),
)
def review_flag(asked: Asked, flag_id: str) -> Any:
    """Say that a flagged line is fine, or undo it, exactly and once."""
    id, body = path_id(flag_id), asked.body
    if body.verdict == "undone" and body.note is None:
        raise Problem("invalid", "Say why it is undone.", pointer="/note", value=None)

    def action(connection: Connection) -> Any:
        row, card_id = actions.review(
            connection, id=id, undo=body.verdict == "undone", note=body.note, caller=asked.who.caller,
            keys=asked.keys, now=asked.now,
        )  # fmt: skip
        touched.append(card_id)
        return settlement_face(row)

    touched: list[bytes] = []
    answer = asked.write(action)
    for card_id in touched[-1:]:
        asked.live.changed(card_id)
    return answer


@route(bp, "POST", "/flags/reviews", who=("owner",), body=ReviewsIn, answer=ReviewsFace, status=201)
def review_flags(asked: Asked) -> Any:
    """Say that lines flagged for the same reason are fine, up to 200 at once."""
    body = asked.body

    def action(connection: Connection) -> Any:
        settled, more = actions.review_alike(
            connection, reason=body.reason, note=body.note, caller=asked.who.caller, now=asked.now
        )
        return {"settled": settled, "more": more}

    return asked.write(action)


@route(
    bp,
    "POST",
    "/owed/<owed_code>/pardons",
    who=("owner",),
    body=PardonIn,
    answer=ResultFace,
    status=201,
    problems=("unknown_card", "nothing_owed"),
)
def forgive(asked: Asked, owed_code: str) -> Any:
    """Forgive a card exactly what it owes: an adjustment with this reason."""
    with db.reading() as connection:
        row, _ = find_card(connection, asked, owed_code, own=True)
    return told(
        asked,
        row,
        lambda connection: card_actions.forgive(
            connection, card=row, reason=asked.body.reason, caller=asked.who.caller, now=asked.now
        ),
    )
