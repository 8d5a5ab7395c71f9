"""Experiments, which of them a new card falls into, and the cards in each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from api.db import Statement
from api.tables.experiments import Experiment, ExperimentCard
from api.tables.programmes import Programme, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class Goal:
    """What the two arms differ in."""

    stamps_needed: int
    welcome_stamps: int


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """An experiment; moments in ms since 1970. The rest as in the table. programme: its name.

    control, treatment: what the arms began with. stopped_by: None also where a change of terms stopped it.
    """

    id: bytes
    programme_id: bytes
    programme: str
    treatment_id: bytes
    share: int
    planned_cards: int
    author: str
    started_at: int
    stopped_at: int | None
    stopped_by: str | None
    cut_at: int | None
    control: Goal
    treatment: Goal


@dataclass(frozen=True, slots=True)
class Draw:
    """What a new card may fall into. share: how many per cent get the treatment."""

    experiment_id: bytes
    treatment_id: bytes
    share: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many cards have fallen into each arm."""

    control: int = 0
    treatment: int = 0


_E = Experiment
_B, _ID, _AT = bindparam("business_id"), bindparam("experiment_id"), bindparam("at")
_control, _treatment = aliased(ProgrammeVersion), aliased(ProgrammeVersion)
_columns = (
    _E.id, _E.programme_id, Programme.name, _E.treatment_id, _E.share, _E.planned_cards, _E.author, _E.started_at,
    _E.stopped_at, _E.stopped_by, _E.cut_at, _control.stamps_needed, _control.welcome_stamps,
    _treatment.stamps_needed, _treatment.welcome_stamps,
)  # fmt: skip
_experiment = (
    select(*_columns)
    .join(Programme, and_(Programme.business_id == _E.business_id, Programme.id == _E.programme_id))
    .join(
        _control,
        and_(
            _control.business_id == _E.business_id,
            _control.programme_id == _E.programme_id,
            _control.number == _E.control_version,
        ),
    )
    .join(
        _treatment,
        and_(
            _treatment.business_id == _E.business_id,
            _treatment.programme_id == _E.treatment_id,
            _treatment.number == 1,
        ),
    )
    .where(_E.business_id == _B)
)
_LIST = Statement(_experiment.order_by(_E.id.desc()))
_ONE = Statement(_experiment.where(_E.id == _ID))
_RUNNING = Statement(
    select(_E.id, _E.treatment_id, _E.share).where(
        _E.business_id == _B, _E.programme_id == bindparam("programme_id"), _E.stopped_at.is_(None)
    )
)
_ADD = Statement(
    insert(_E).values(
        {
            name: bindparam(name)
            for name in (
                "business_id", "id", "programme_id", "control_version", "treatment_id", "share", "planned_cards",
                "author", "started_at",
            )
        }
    )
)  # fmt: skip
_STOP = Statement(
    update(_E)
    .where(_E.business_id == _B, _E.id == _ID, _E.stopped_at.is_(None))
    .values(stopped_at=_AT, stopped_by=bindparam("author"))
)
_CUT = Statement(
    update(_E)
    .where(
        _E.business_id == _B,
        or_(_E.programme_id == bindparam("programme_id"), _E.treatment_id == bindparam("programme_id")),
        _E.cut_at.is_(None),
    )
    .values(cut_at=_AT, stopped_at=func.coalesce(_E.stopped_at, _AT))
)
_DRAW = Statement(
    insert(ExperimentCard).values(
        {name: bindparam(name) for name in ("business_id", "experiment_id", "card_id", "treated")}
    )
)
_COUNT = Statement(
    select(ExperimentCard.experiment_id, ExperimentCard.treated, func.count())
    .where(ExperimentCard.business_id == _B)
    .group_by(ExperimentCard.experiment_id, ExperimentCard.treated)
)
_CARDS = Statement(
    select(ExperimentCard.card_id, ExperimentCard.treated).where(
        ExperimentCard.business_id == _B, ExperimentCard.experiment_id == _ID
    )
)


def experiments(connection: Connection, business_id: int) -> list[ExperimentRow]:
    """A business's experiments, newest first."""
    return [_row(row) for row in _LIST.all(connection, business_id=business_id)]


def experiment(connection: Connection, business_id: int, experiment_id: bytes) -> ExperimentRow | None:
    """One experiment of this business."""
    row = _ONE.one(connection, business_id=business_id, experiment_id=experiment_id)
    return None if row is None else _row(row)


def running(connection: Connection, business_id: int, programme_id: bytes) -> Draw | None:
    """The experiment that runs on this programme."""
    row = _RUNNING.one(connection, business_id=business_id, programme_id=programme_id)
    return None if row is None else Draw(*row)


def add(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new experiment. Raises IntegrityError when one runs on this programme."""
    _ADD.run(connection, business_id=business_id, **values)


def stop(connection: Connection, business_id: int, experiment_id: bytes, *, author: str, at: int) -> bool:
    """No card falls into it any more. False when it was stopped already: then nothing changes."""
    return _STOP.run(connection, business_id=business_id, experiment_id=experiment_id, author=author, at=at) > 0


def cut(connection: Connection, business_id: int, programme_id: bytes, *, at: int) -> None:
    """From now on this programme is not what any experiment on it, or made by one, has tried: stop it and note when."""
    _CUT.run(connection, business_id=business_id, programme_id=programme_id, at=at)


def draw(connection: Connection, business_id: int, experiment_id: bytes, card_id: bytes, *, treated: bool) -> None:
    """Note that a new card has fallen into an experiment."""
    _DRAW.run(connection, business_id=business_id, experiment_id=experiment_id, card_id=card_id, treated=treated)


def drawn(connection: Connection, business_id: int) -> dict[bytes, Drawn]:
    """How many cards have fallen into each experiment of a business; one without any is not among them."""
    found: dict[bytes, dict[bool, int]] = {}
    for experiment_id, treated, n in _COUNT.all(connection, business_id=business_id):
        found.setdefault(experiment_id, {})[bool(treated)] = n
    return {id: Drawn(of.get(False, 0), of.get(True, 0)) for id, of in found.items()}


def cards(connection: Connection, business_id: int, experiment_id: bytes) -> dict[bytes, bool]:
    """The cards in an experiment, and whether each was treated."""
    rows = _CARDS.all(connection, business_id=business_id, experiment_id=experiment_id)
    return {card_id: bool(treated) for card_id, treated in rows}


def _row(row: Sequence[Any]) -> ExperimentRow:
    return ExperimentRow(*row[:11], Goal(row[11], row[12]), Goal(row[13], row[14]))
