"""The owner's questions to the ledger: how are we doing, who is slipping away, what if, and what do we owe?

A big ledger takes its time: until the answer is there, 202 tells how far it is. Ask again for as long as you want it.
"""

from typing import Any

from flask import Blueprint

from api import db
from api.errors import Problem
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.routes.insight_faces import (
    DoingFace,
    Gone,
    OwingFace,
    SlippingFace,
    calibration_face,
    doing_face,
    owing_face,
    slipping_lines,
)
from api.routes.reckoning import LATER, cancel, reckoned
from api.routes.set_aside import card_name
from api.routes.what_if_faces import Assumptions, WhatIfFace, what_if_face
from api.store import ledger
from insight.columns import Columns
from insight.doing import how_are_we_doing, what_do_we_owe, who_is_slipping_away
from insight.replay import what_if

bp = Blueprint("insight", __name__, url_prefix="/api/v1")

# As many as an owner could write to in an evening or two.
MOST_SLIPPING = 100


@route(bp, "GET", "/insight/retention", who=("owner",), answer=DoingFace, also=LATER)
def show_retention(asked: Asked) -> Any:
    """How are we doing? Cards in use, who comes back, how cards fill, and when the shop is busy."""
    at = asked.now
    return reckoned(asked, "retention", lambda columns: doing_face(how_are_we_doing(columns, at), columns, at))


@route(bp, "GET", "/insight/at-risk", who=("owner",), query=Gone, answer=SlippingFace, also=LATER)
def show_at_risk(asked: Asked) -> Any:
    """Who is slipping away? Regulars of whom half their usual visits, or fewer, are to be expected."""
    gone_days = asked.query.gone_days
    return reckoned(asked, "at-risk", lambda columns: _slipping(columns, asked, gone_days), gone_days)


@route(
    bp,
    "GET",
    "/programmes/<programme>/what-if",
    who=("owner",),
    query=Assumptions,
    answer=WhatIfFace,
    also=LATER,
    problems=("nothing_yet",),
)
def show_what_if(asked: Asked, programme: str) -> Any:
    """What if a reward took more stamps, or fewer? The whole ledger, counted again under every threshold."""
    programme_id, assumed = path_id(programme), asked.query

    def reckon(columns: Columns) -> dict[str, Any]:
        numbers = [number for number, each in enumerate(columns.programmes) if each.id == programme_id]
        if not numbers:
            raise Problem("not_found")
        found = what_if(columns, numbers[0], welcome_stamps=assumed.welcome_stamps, extra_visits=assumed.extra_visits)
        if found is None:
            raise Problem("nothing_yet")
        return what_if_face(found)

    return reckoned(asked, "what-if", reckon, programme_id, assumed.welcome_stamps, assumed.extra_visits)


@route(bp, "GET", "/insight/liability", who=("owner",), answer=OwingFace, also=LATER)
def show_liability(asked: Asked) -> Any:
    """What do we owe? Rewards that wait, stamps on their way, what never gets redeemed, and what rewards cost."""
    at = asked.now
    return reckoned(asked, "liability", lambda columns: owing_face(what_do_we_owe(columns, at), at))


@route(bp, "DELETE", "/insight", who=("owner",), status=204)
def cancel_insight(asked: Asked) -> Any:
    """Nobody waits any more for what this business has asked."""
    cancel(asked)


def _slipping(columns: Columns, asked: Asked, gone_days: int | None) -> dict[str, Any]:
    found = who_is_slipping_away(columns, asked.now, gone_days=gone_days)
    slipping = found.found
    items = []
    if slipping is not None:
        with db.reading() as connection:
            for number, line in zip(slipping.card.tolist(), slipping_lines(slipping, MOST_SLIPPING), strict=False):
                row = ledger.card_by_id(connection, asked.business_id, columns.card_ids[number])
                if row is not None:
                    items.append(line | {"card": card_name(connection, row, asked)})
    return {
        "at": moment_text(asked.now),
        "n": None if slipping is None else slipping.n,
        "watched": 0 if slipping is None else slipping.watched,
        "slipping": 0 if slipping is None else len(slipping.card),
        "margin": 0 if slipping is None else round(float(slipping.margin.sum())),
        "margin_per_visit": found.margin_per_visit,
        "items": items,
        "calibration": calibration_face(found.calibration),
    }
