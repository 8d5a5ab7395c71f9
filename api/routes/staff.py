"""Staff as their owner sees them: taking someone on, a new PIN, their own cards, letting someone go."""

from typing import Any

from flask import Blueprint

from api import db, passwords
from api.actions import staff as actions
from api.errors import Problem
from api.ids import moment_text
from api.routes.card_list import card_with_code
from api.routes.door import Asked, path_id, route
from api.routes.faces import show_code
from api.shapes import Id, Moment, Name, Pin, Shape
from api.store import own_cards, staff
from api.store.staff import StaffRow

bp = Blueprint("staff", __name__, url_prefix="/api/v1")

_CARD_PROBLEMS = ("not_found", "unknown_card")


class StaffIn(Shape):
    """Someone new."""

    name: Name
    pin: Pin


class StaffChange(Shape):
    """What to change; the rest stays. A new PIN also ends a lock."""

    name: Name | None = None
    pin: Pin | None = None
    active: bool | None = None


class OwnCard(Shape):
    """A card that belongs to someone who works here."""

    code: str
    short_code: str


class StaffOut(Shape):
    """Someone who works here, or has. cards: their own, which they cannot stamp themselves."""

    id: Id
    name: str
    active: bool
    locked_until: Moment | None
    cards: list[OwnCard]


class StaffList(Shape):
    """A business's staff, oldest first."""

    items: list[StaffOut]


@route(bp, "GET", "/staff", who=("owner",), answer=StaffList)
def list_staff(asked: Asked) -> Any:
    """The business's staff."""
    with db.reading() as connection:
        cards = own_cards.by_staff(connection, asked.business_id)
        rows = staff.staff(connection, asked.business_id)
    return {"items": [_face(row, cards, asked) for row in rows]}


@route(bp, "POST", "/staff", who=("owner",), body=StaffIn, answer=StaffOut, status=201)
def take_on(asked: Asked) -> Any:
    """Someone new, who signs on with this PIN."""
    name, pin_hash = asked.body.name, passwords.hash_password(asked.body.pin)
    return asked.write(
        lambda connection: _face(
            actions.take_on(connection, asked.business_id, name=name, pin_hash=pin_hash, now=asked.now), {}, asked
        )
    )


@route(bp, "PATCH", "/staff/<staff_id>", who=("owner",), body=StaffChange, answer=StaffOut, problems=("not_found",))
def change_staff(asked: Asked, staff_id: str) -> Any:
    """Another name, another PIN, or whether they still work here."""
    body, id = asked.body, path_id(staff_id)
    pin_hash = None if body.pin is None else passwords.hash_password(body.pin)
    return asked.write(
        lambda connection: _face(
            actions.change(connection, asked.business_id, id, name=body.name, pin_hash=pin_hash, active=body.active),
            own_cards.by_staff(connection, asked.business_id),
            asked,
        )
    )


@route(bp, "PUT", "/staff/<staff_id>/cards/<own_code>", who=("owner",), answer=StaffOut, problems=_CARD_PROBLEMS)
def give_card(asked: Asked, staff_id: str, own_code: str) -> Any:
    """Say that a card, by any of its codes, is their own: they cannot stamp it, nor hand out its rewards."""
    id, card_id = path_id(staff_id), _card(asked, own_code)
    return asked.write(
        lambda connection: _face(
            actions.give_card(connection, asked.business_id, id, card_id),
            own_cards.by_staff(connection, asked.business_id),
            asked,
        )
    )


@route(bp, "DELETE", "/staff/<staff_id>/cards/<own_code>", who=("owner",), status=204, problems=_CARD_PROBLEMS)
def take_card(asked: Asked, staff_id: str, own_code: str) -> Any:
    """Say that a card is not theirs any more."""
    id, card_id = path_id(staff_id), _card(asked, own_code)
    return asked.write(lambda connection: actions.take_card(connection, asked.business_id, id, card_id))


def _card(asked: Asked, code: str) -> bytes:
    with db.reading() as connection:
        card_id = card_with_code(connection, asked, code)
    if card_id is None:
        raise Problem("unknown_card", value=code[:60])
    return card_id


def _face(row: StaffRow, cards: dict[bytes, list[tuple[bytes, int, int]]], asked: Asked) -> dict[str, Any]:
    """One of the staff, as their owner sees them."""
    locked = row.locked_until is not None and row.locked_until > asked.now
    return {
        "id": row.id,
        "name": row.name,
        "active": row.active,
        "locked_until": moment_text(row.locked_until) if locked else None,
        "cards": [
            {
                "code": asked.keys.card_code(asked.business_id, card_id, code_number),
                "short_code": show_code(asked.keys.short_code(asked.business_id, card_id, short_number)),
            }
            for card_id, code_number, short_number in cards.get(row.id, [])
        ],
    }
