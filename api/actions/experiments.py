"""Experiments: what stands in the way of one, starting it, and stopping it. Cards fall into it as they are made."""

from sqlalchemy import Connection

from api.actions import programmes as programme_actions
from api.errors import Problem
from api.ids import new_id
from api.store import experiments, programmes
from api.store.experiments import ExperimentRow
from rules import experiments as rules
from rules.experiments import Obstacle, State, treatment_terms
from rules.programme import Terms

_WHY: dict[Obstacle, str] = {
    "no_price": "Without a price above its cost nobody knows what a stamp earns.",
    "by_money": "Where stamps go by money, what a card earns is not known.",
    "not_offered": "No new cards are made of this programme.",
    "running": "An experiment runs on this programme already.",
}


def start(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    *,
    stamps_needed: int,
    welcome_stamps: int,
    share: int,
    planned_cards: int,
    author: str,
    now: int,
) -> ExperimentRow:
    """From now on so many per cent (share) of this programme's new cards get another goal or head start.

    planned_cards: how many, of both arms, the plan asks for; the interval is narrowest there, so it is fixed before
    anybody can look. Raises Problem not_found, or conflict as `obstacle` says; BadTerms as `treatment_terms`.
    """
    programme = programmes.hold(connection, business_id, programme_id)
    if programme is None:
        raise Problem("not_found")
    found = obstacle(connection, business_id, programme_id)
    if found is not None:
        raise Problem("conflict", _WHY[found], pointer="/programme")
    terms = newest_terms(connection, business_id, programme_id)
    tried = treatment_terms(terms, stamps_needed=stamps_needed, welcome_stamps=welcome_stamps)
    treatment_id = programme_actions.make(
        connection, business_id, name=programme.name, terms=tried, author=author, now=now
    )
    experiment_id = new_id(now)
    experiments.add(
        connection, business_id, id=experiment_id, programme_id=programme_id, control_version=programme.version,
        treatment_id=treatment_id, share=share, planned_cards=planned_cards, author=author, started_at=now,
    )  # fmt: skip
    return find(connection, business_id, experiment_id)


def obstacle(connection: Connection, business_id: int, programme_id: bytes) -> Obstacle | None:
    """Why no experiment can be started on this programme now. Raises Problem not_found."""
    row = next((row for row in programmes.programmes(connection, business_id) if row.id == programme_id), None)
    if row is None:
        raise Problem("not_found")
    if not row.is_offered:
        return "not_offered"
    if experiments.running(connection, business_id, programme_id) is not None:
        return "running"
    return rules.obstacle(newest_terms(connection, business_id, programme_id))


def stop(connection: Connection, business_id: int, experiment_id: bytes, *, author: str, now: int) -> ExperimentRow:
    """No new card falls into it; those that did keep their promise for ever. Raises Problem not_found or conflict."""
    find(connection, business_id, experiment_id)
    if not experiments.stop(connection, business_id, experiment_id, author=author, at=now):
        raise Problem("conflict", "This experiment has been stopped already.")
    return find(connection, business_id, experiment_id)


def find(connection: Connection, business_id: int, experiment_id: bytes) -> ExperimentRow:
    """One experiment. Raises Problem not_found."""
    row = experiments.experiment(connection, business_id, experiment_id)
    if row is None:
        raise Problem("not_found")
    return row


def state_of(row: ExperimentRow) -> State:
    """Do new cards fall into it?"""
    return "running" if row.stopped_at is None else "stopped"


def newest_terms(connection: Connection, business_id: int, programme_id: bytes) -> Terms:
    """What the programme promises today. Raises Problem not_found."""
    rows = programmes.versions(connection, business_id, programme_id)
    if not rows:
        raise Problem("not_found")
    return rows[0].terms
