"""What a till saved to a file because its network never came back, brought in by the owner."""

from typing import Any

from flask import Blueprint

from api import db
from api.actions import gaps
from api.actions.callers import Caller
from api.errors import Problem
from api.routes.door import Asked, path_id, route
from api.routes.events import SyncIn, SyncOut, sequence_numbers, take_in
from api.store import shops
from rules.decide import clock_ahead

bp = Blueprint("imported_events", __name__, url_prefix="/api/v1")


@route(
    bp,
    "POST",
    "/tills/<till_id>/imported-events",
    who=("owner",),
    body=SyncIn,
    answer=SyncOut,
    problems=("not_found",),
    once=False,
)
def import_events(asked: Asked, till_id: str) -> Any:
    """Take in a till's saved events as if it had sent them itself; a second time changes nothing."""
    with db.reading() as connection:
        row = shops.till(connection, asked.business_id, path_id(till_id))
    if row is None:
        raise Problem("not_found")
    caller = Caller(asked.business_id, "till", row.name, row.id, row.name, row.shop_id, row.shop_name)
    # When the file was sent says nothing of the till's clock; how far it was off is known from when we last heard it.
    answer = take_in(asked, caller, clock_ahead(row.clock_ahead_ms or 0, 0))
    numbers = sequence_numbers(asked.body.events)
    if numbers:
        db.write(lambda connection: gaps.came_after_all(connection, numbers, caller=caller, now=asked.now))
    return answer
