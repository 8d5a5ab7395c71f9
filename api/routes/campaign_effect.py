"""How many visits a campaign caused: the cards that could have got something held against those held out by chance."""

from typing import Any, Literal

from flask import Blueprint

from api import db
from api.actions import campaigns as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Moment, Shape
from insight.experiments import FEWEST_PER_ARM, Arm, Size, compare, sample_ratio
from rules.campaigns import DAY_MS

bp = Blueprint("campaign_effect", __name__, url_prefix="/api/v1")

# Before a week is over a campaign has not met all of a shop's days.
EARLIEST_MS = 7 * DAY_MS


class CampaignSide(Shape):
    """Cards there were when it began, their visits since, and visits a card."""

    cards: int
    visits: int
    mean: float


class CampaignEffect(Shape):
    """Visits it caused: those a card of the cards that could have got something, less those of the cards held out.

    low, high: the 95 % interval, which may be looked at any day (see insight/experiments.py). finding: `none_held_out`,
    `too_early` (less than a week, or than 100 cards on a side), `uneven` (the sides are not as large as drawn),
    `open` (the interval holds zero), `better` or `worse`. is_over: it will not change any more.
    """

    finding: Literal["none_held_out", "too_early", "uneven", "open", "better", "worse"]
    is_over: bool
    since: Moment
    until: Moment
    could_get: CampaignSide
    held_out: CampaignSide
    difference: float | None
    low: float | None
    high: float | None


@route(bp, "GET", "/campaigns/<campaign_id>/effect", who=("owner",), answer=CampaignEffect, limit="60/minute")
def show_effect(asked: Asked, campaign_id: str) -> Any:
    """How many visits it caused, as far as that can be told by now."""
    with db.reading() as connection:
        row = actions.find(connection, asked.business_id, path_id(campaign_id))
        could, held = actions.sides(connection, asked.business_id, row, now=asked.now)
    until = max(row.starts_at, min(row.ends_at or asked.now, asked.now))
    face = {
        "is_over": actions.state_of(row, asked.now) == "ended",
        "since": moment_text(row.starts_at),
        "until": moment_text(until),
        "could_get": _side_face(could),
        "held_out": _side_face(held),
        "difference": None,
        "low": None,
        "high": None,
    }
    if row.rules.hold_out == 0:
        return face | {"finding": "none_held_out"}
    if until - row.starts_at < EARLIEST_MS or min(could.cards, held.cards) < FEWEST_PER_ARM:
        return face | {"finding": "too_early"}
    ratio = sample_ratio(held.cards, could.cards, share=1 - row.rules.hold_out / 100)
    found = compare(_arm(held), _arm(could), planned=Size(held.cards, could.cards, None), ratio=ratio)
    interval = found.always
    return face | {
        "finding": found.finding,
        "difference": found.difference,
        "low": interval and interval.low,
        "high": interval and interval.high,
    }


def _side_face(side: actions.Side) -> dict[str, Any]:
    return {"cards": side.cards, "visits": side.visits, "mean": side.visits / side.cards if side.cards else 0.0}


def _arm(side: actions.Side) -> Arm:
    mean = side.visits / side.cards
    return Arm(side.cards, mean, (side.squares - side.cards * mean * mean) / (side.cards - 1))
