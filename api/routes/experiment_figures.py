"""What an experiment would take in this shop, and what it has shown so far; both reckoned from the whole ledger."""

from typing import Any

from flask import Blueprint
from pydantic import Field

from api import db
from api.actions import experiments as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.routes.reckoning import LATER, reckoned
from api.shapes import Moment, Shape
from api.store import experiments, programmes
from api.store.experiments import ExperimentRow
from insight.columns import Columns
from insight.experiments import WINDOW_MS, Arm, Finding, Size, plan
from insight.threshold_test import Baseline, baseline, so_far
from rules.experiments import SHARE, Obstacle

bp = Blueprint("experiment_figures", __name__, url_prefix="/api/v1")

# Who will not wait for it longer than this is told that it cannot be seen.
PATIENT_WEEKS = 52
# The spread (standard deviation over mean) of a published shop's customers, while a shop's own is not known.
USUAL_CV = 1.12


class Wish(Shape):
    """Which difference is to be seen, as a part of what a card brings; and how many per cent get the other terms."""

    lift: float = Field(default=0.1, ge=0.01, le=1)
    share: int = Field(default=50, ge=SHARE[0], le=SHARE[1])


class SizeFace(Shape):
    """How many cards, all together, and weeks until their eight weeks are over; null: never. visible: in a year."""

    cards: int
    weeks: int | None
    visible: bool


class ExperimentPlan(Shape):
    """What it takes to see a difference with a chance of 80 % that it is seen if it is there.

    lift, share: as asked. obstacle: why none can be started. cards: of the last year whose first eight weeks are over;
    mean: what one of them brought in these, net, in the smallest unit. cv: the spread among them over the mean; is_own:
    it is this shop's, and not a published one. fixed: looked at once, at the end; always: any day. smallest_lift: the
    least seen in a year.
    """

    lift: float
    share: int
    obstacle: Obstacle | None
    cards: int
    mean: float | None
    cv: float
    is_own: bool
    weekly_cards: float
    fixed: SizeFace
    always: SizeFace
    smallest_lift: float | None


class ArmFace(Shape):
    """One arm. drawn: cards that fell into it. cards: those whose eight weeks are over; mean: what one brought."""

    drawn: int
    cards: int
    mean: float | None


class LookFace(Shape):
    """What could be said at a moment: treatment less control a card, and its 95 % interval."""

    at: Moment
    difference: float
    low: float
    high: float


class ExperimentResult(Shape):
    """What it has shown: net margin a card in its first eight weeks, smallest unit, of cards whose weeks are over.

    finding: `too_early` (fewer than 100 such cards in an arm), `uneven` (the arms are not as large as drawn: do not
    trust it), `open` (no difference seen yet), `better` or `worse`. low, high: an interval that may be looked at any
    day. p: how often chance alone would make the arms as uneven. until: the moment up to which it counts.
    """

    finding: Finding
    first_at: Moment
    until: Moment
    control: ArmFace
    treatment: ArmFace
    p: float
    difference: float | None
    low: float | None
    high: float | None
    looks: list[LookFace]


@route(
    bp,
    "GET",
    "/experiments/<experiment_id>/result",
    who=("owner",),
    answer=ExperimentResult,
    also=LATER,
)
def show_result(asked: Asked, experiment_id: str) -> Any:
    """What it has shown so far, and week by week. Looking any day, and stopping then, leads nobody astray."""
    with db.reading() as connection:
        row = actions.find(connection, asked.business_id, path_id(experiment_id))
    return reckoned(asked, "experiment", lambda columns: _result(columns, row, asked), row.id, row.cut_at)


@route(
    bp,
    "GET",
    "/programmes/<programme>/experiment-plan",
    who=("owner",),
    query=Wish,
    answer=ExperimentPlan,
    also=LATER,
)
def show_plan(asked: Asked, programme: str) -> Any:
    """How many cards and weeks a difference takes in this shop, and which one it could see within a year."""
    programme_id, wish = path_id(programme), asked.query
    with db.reading() as connection:
        obstacle = actions.obstacle(connection, asked.business_id, programme_id)
        rows = programmes.programmes(connection, asked.business_id)
    treatments = {row.id for row in rows if row.treatment_of == programme_id}

    def reckon(columns: Columns) -> dict[str, Any]:
        ids = [each.id for each in columns.programmes]
        others = [number for number, id in enumerate(ids) if id in treatments]
        base = baseline(columns, ids.index(programme_id), asked.now, treatments=others)
        return {"lift": wish.lift, "share": wish.share, "obstacle": obstacle} | _plan_face(base, wish)

    return reckoned(asked, "experiment-plan", reckon, programme_id, wish.lift, wish.share, obstacle)


def _plan_face(base: Baseline, wish: Wish) -> dict[str, Any]:
    cv = base.cv or USUAL_CV
    found = plan(
        cv=cv,
        lift=wish.lift,
        weekly_cards=base.weekly_cards,
        share=wish.share / 100,
        within_weeks=PATIENT_WEEKS,
    )
    return {
        "cards": base.n,
        "mean": base.mean if base.n else None,
        "cv": cv,
        "is_own": base.cv is not None,
        "weekly_cards": base.weekly_cards,
        "fixed": _size_face(found.fixed),
        "always": _size_face(found.always),
        "smallest_lift": found.smallest_lift,
    }


def _size_face(size: Size) -> dict[str, Any]:
    visible = size.weeks is not None and size.weeks <= PATIENT_WEEKS
    return {"cards": size.control + size.treatment, "weeks": size.weeks, "visible": visible}


def _result(columns: Columns, row: ExperimentRow, asked: Asked) -> dict[str, Any]:
    with db.reading() as connection:
        treated = experiments.cards(connection, asked.business_id, row.id)
    until = min(asked.now, row.cut_at or asked.now)
    found = so_far(
        columns,
        treated,
        share=row.share / 100,
        planned_cards=row.planned_cards,
        started_at=row.started_at,
        until=until,
    )
    interval = found.comparison.always
    return {
        "finding": found.comparison.finding,
        "first_at": moment_text(row.started_at + WINDOW_MS),
        "until": moment_text(until),
        "control": _arm_face(found.comparison.control, found.control),
        "treatment": _arm_face(found.comparison.treatment, found.treatment),
        "p": found.ratio.p,
        "difference": found.comparison.difference,
        "low": interval and interval.low,
        "high": interval and interval.high,
        "looks": [
            {"at": moment_text(look.at), "difference": look.difference, "low": look.low, "high": look.high}
            for look in found.looks
        ],
    }


def _arm_face(arm: Arm, drawn: int) -> dict[str, Any]:
    return {"drawn": drawn, "cards": arm.n, "mean": arm.mean if arm.n else None}
