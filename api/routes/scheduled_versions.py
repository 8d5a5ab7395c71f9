"""Versions of a programme that will come into force by themselves: the list of them, and taking one back."""

from typing import Any, Literal

from flask import Blueprint

from api import db
from api.actions import scheduled_versions as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.routes.terms import Policy, TermsFace
from api.shapes import Id, Moment, Shape
from api.store import scheduled_versions
from api.store.scheduled_versions import ScheduledRow

bp = Blueprint("scheduled_versions", __name__, url_prefix="/api/v1")


class ScheduledFace(Shape):
    """Terms that come into force at a moment.

    state: waiting, done (as this version), withdrawn, or stale: the programme was changed by hand before, so whether
    these terms still fit is for its owner to say again.
    """

    id: Id
    state: Literal["waiting", "done", "withdrawn", "stale"]
    starts_at: Moment
    expected_version: int
    terms: TermsFace
    policy: Policy
    author: str
    note: str
    made_at: Moment
    settled_at: Moment | None
    version: int | None


class ScheduledList(Shape):
    """Everything that was scheduled for a programme, the latest start first."""

    items: list[ScheduledFace]


@route(bp, "GET", "/programmes/<programme>/scheduled-versions", who=("owner",), answer=ScheduledList)
def list_scheduled_versions(asked: Asked, programme: str) -> Any:
    """What will come into force, and what became of what was to."""
    with db.reading() as connection:
        actions.check_programme(connection, asked.business_id, path_id(programme))
        rows = scheduled_versions.of_programme(connection, asked.business_id, path_id(programme))
    return {"items": [scheduled_face(row) for row in rows]}


@route(
    bp,
    "DELETE",
    "/programmes/<programme>/scheduled-versions/<scheduled_id>",
    who=("owner",),
    status=204,
    problems=("no_longer_waiting",),
)
def withdraw_scheduled_version(asked: Asked, programme: str, scheduled_id: str) -> None:
    """Take back what is not in force yet."""
    asked.write(
        lambda connection: actions.withdraw(
            connection, asked.business_id, path_id(programme), path_id(scheduled_id), now=asked.now
        )
    )


def scheduled_face(row: ScheduledRow) -> dict[str, Any]:
    """One of them, in JSON."""
    return {
        "id": row.id,
        "state": row.state,
        "starts_at": moment_text(row.starts_at),
        "expected_version": row.expected_version,
        "terms": row.terms.as_dict(),
        "policy": row.policy,
        "author": row.author,
        "note": row.note,
        "made_at": moment_text(row.made_at),
        "settled_at": None if row.settled_at is None else moment_text(row.settled_at),
        "version": row.number,
    }
