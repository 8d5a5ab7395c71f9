"""Staff as their owner sees them: taking someone on, a new PIN, letting someone go."""

from typing import Any

from flask import Blueprint

from api import db, passwords
from api.actions import staff as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Id, Moment, Name, Pin, Shape
from api.store import staff
from api.store.staff import StaffRow

bp = Blueprint("staff", __name__, url_prefix="/api/v1")


class StaffIn(Shape):
    """Someone new."""

    name: Name
    pin: Pin


class StaffChange(Shape):
    """What to change; the rest stays. A new PIN also ends a lock."""

    name: Name | None = None
    pin: Pin | None = None
    active: bool | None = None


class StaffOut(Shape):
    """Someone who works here, or has."""

    id: Id
    name: str
    active: bool
    locked_until: Moment | None


class StaffList(Shape):
    """A business's staff, oldest first."""

    items: list[StaffOut]


@route(bp, "GET", "/staff", who=("owner",), answer=StaffList)
def list_staff(asked: Asked) -> Any:
    """The business's staff."""
    with db.reading() as connection:
        return {"items": [staff_face(row, asked.now) for row in staff.staff(connection, asked.business_id)]}


@route(bp, "POST", "/staff", who=("owner",), body=StaffIn, answer=StaffOut, status=201)
def take_on(asked: Asked) -> Any:
    """Someone new, who signs on with this PIN."""
    name, pin_hash = asked.body.name, passwords.hash_password(asked.body.pin)
    return asked.write(
        lambda connection: staff_face(
            actions.take_on(connection, asked.business_id, name=name, pin_hash=pin_hash, now=asked.now), asked.now
        )
    )


@route(bp, "PATCH", "/staff/<staff_id>", who=("owner",), body=StaffChange, answer=StaffOut, problems=("not_found",))
def change_staff(asked: Asked, staff_id: str) -> Any:
    """Another name, another PIN, or whether they still work here."""
    body, id = asked.body, path_id(staff_id)
    pin_hash = None if body.pin is None else passwords.hash_password(body.pin)
    return asked.write(
        lambda connection: staff_face(
            actions.change(connection, asked.business_id, id, name=body.name, pin_hash=pin_hash, active=body.active),
            asked.now,
        )
    )


def staff_face(row: StaffRow, now: int) -> dict[str, Any]:
    """One of the staff, as their owner sees them."""
    locked = row.locked_until is not None and row.locked_until > now
    return {
        "id": row.id,
        "name": row.name,
        "active": row.active,
        "locked_until": moment_text(row.locked_until) if locked else None,
    }
