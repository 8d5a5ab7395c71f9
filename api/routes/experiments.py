"""Experiments: starting one on a programme's new cards, and stopping it."""

from typing import Any

from flask import Blueprint
from pydantic import Field
from sqlalchemy import Connection

from api import db
from api.actions import experiments as actions
from api.errors import Problem
from api.ids import id_text, moment_text
from api.routes.door import Asked, path_id, route
from api.routes.tills import Nothing
from api.shapes import Id, Moment, Name, Shape
from api.store import experiments
from api.store.experiments import Drawn, ExperimentRow, Goal
from rules.experiments import SHARE, State
from rules.programme import LIMITS, BadTerms

bp = Blueprint("experiments", __name__, url_prefix="/api/v1")


def _within(name: str, **more: Any) -> Any:
    low, high = LIMITS[name]
    return Field(ge=low, le=high, **more)


class GoalFace(Shape):
    """What the arms differ in: the stamps a reward takes, and those given on a new card."""

    stamps_needed: int = _within("stamps_needed")
    welcome_stamps: int = _within("welcome_stamps", default=0)


class NewExperiment(GoalFace):
    """Another goal, another head start, for a share of a programme's new cards. Both at most what its poster promises.

    share: how many per cent get it. planned_cards: how many cards, all together, the plan asks for.
    """

    programme: Id
    share: int = Field(default=50, ge=SHARE[0], le=SHARE[1])
    planned_cards: int = Field(default=1_000, ge=2, le=100_000_000)


class ExperimentArm(GoalFace):
    """One arm. programme: whose terms these are. cards: that have fallen into it."""

    programme: Id
    cards: int


class ExperimentOut(Shape):
    """An experiment. control: the programme's terms when it began. stopped_by: null where a change of terms did it.

    cut_at: since when one of the arms is no longer what was tried; only cards whose eight weeks were over count.
    """

    id: Id
    name: Name
    state: State
    share: int
    planned_cards: int
    control: ExperimentArm
    treatment: ExperimentArm
    author: str
    started_at: Moment
    stopped_at: Moment | None
    stopped_by: str | None
    cut_at: Moment | None


class ExperimentList(Shape):
    """Every experiment of the business, newest first."""

    items: list[ExperimentOut]


@route(bp, "GET", "/experiments", who=("owner",), answer=ExperimentList)
def list_experiments(asked: Asked) -> Any:
    """Every experiment, newest first."""
    with db.reading() as connection:
        rows = experiments.experiments(connection, asked.business_id)
        drawn = experiments.drawn(connection, asked.business_id)
    return {"items": [_face(row, drawn.get(row.id, Drawn())) for row in rows]}


@route(
    bp,
    "POST",
    "/experiments",
    who=("owner",),
    body=NewExperiment,
    answer=ExperimentOut,
    status=201,
    problems=("not_found", "conflict"),
)
def start_experiment(asked: Asked) -> Any:
    """From now on a share of the programme's new cards gets another goal; which ones, a hash of their ids decides.

    Cards on printed sheets are not in it. The poster shows the programme's terms, so the other ones may only be kinder.
    """
    body, author = asked.body, asked.who.caller.name

    def action(connection: Connection) -> Any:
        row = actions.start(
            connection,
            asked.business_id,
            body.programme,
            stamps_needed=body.stamps_needed,
            welcome_stamps=body.welcome_stamps,
            share=body.share,
            planned_cards=body.planned_cards,
            author=author,
            now=asked.now,
        )
        return _face(row, Drawn())

    try:
        return asked.write(action)
    except BadTerms as error:
        pointer = f"/{error.field}"
        errors = [{"pointer": pointer, "code": "bad_terms", "message": error.message, "value": error.value}]
        raise Problem("invalid", f"{pointer}: {error.message}", errors=errors) from None


@route(
    bp,
    "POST",
    "/experiments/<experiment_id>/stops",
    who=("owner",),
    body=Nothing,
    answer=ExperimentOut,
    status=201,
    problems=("conflict",),
)
def stop_experiment(asked: Asked, experiment_id: str) -> Any:
    """No new card falls into it. Those that did keep their promise, and are counted till their eight weeks are over."""
    id, author = path_id(experiment_id), asked.who.caller.name

    def action(connection: Connection) -> Any:
        row = actions.stop(connection, asked.business_id, id, author=author, now=asked.now)
        return _face(row, experiments.drawn(connection, asked.business_id).get(id, Drawn()))

    return asked.write(action)


def _face(row: ExperimentRow, drawn: Drawn) -> dict[str, Any]:
    return {
        "id": id_text(row.id),
        "name": row.programme,
        "state": actions.state_of(row),
        "share": row.share,
        "planned_cards": row.planned_cards,
        "control": _goal_face(row.control, row.programme_id, drawn.control),
        "treatment": _goal_face(row.treatment, row.treatment_id, drawn.treatment),
        "author": row.author,
        "started_at": moment_text(row.started_at),
        "stopped_at": _moment(row.stopped_at),
        "stopped_by": row.stopped_by,
        "cut_at": _moment(row.cut_at),
    }


def _goal_face(goal: Goal, programme_id: bytes, cards: int) -> dict[str, Any]:
    return {
        "stamps_needed": goal.stamps_needed,
        "welcome_stamps": goal.welcome_stamps,
        "programme": id_text(programme_id),
        "cards": cards,
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
