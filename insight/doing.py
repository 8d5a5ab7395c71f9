"""How a shop is doing, who it is about to lose, and what it owes: each question's figures, reckoned together."""

from dataclasses import dataclass

import numpy as np

from insight.at_risk import AtRisk, Calibration, at_risk, calibrate
from insight.cohorts import Triangle, triangle
from insight.columns import F64, Columns
from insight.figures import (
    Figure,
    View,
    active_cards,
    second_visit,
    view,
    visits_per_active,
    visits_per_enrolled,
)
from insight.gradient import Gradient, completed_gaps, gradient
from insight.hours import BusyHours, busy_hours
from insight.liability import Liability, liability
from insight.progress import steps
from insight.promised import Completion, RewardCost, breakage, completion, redemption, reward_cost
from insight.weeks import Weeks, weeks

COST_DAYS = 28
# The bootstrap's dice: the same ledger has the same interval each time it is looked at.
SEED = 10


@dataclass(frozen=True, slots=True)
class Doing:
    """How are we doing? gradients: of each programme, by its number; None where it cannot be measured."""

    enrolled: int
    active: Figure | None
    visits_per_active: Figure | None
    visits_per_enrolled: Figure | None
    second_visit: Figure | None
    completion: Completion | None
    redemption: Figure | None
    weeks: Weeks | None
    cohorts: Triangle | None
    busy: BusyHours | None
    gradients: tuple[Gradient | None, ...]


@dataclass(frozen=True, slots=True)
class Slipping:
    """Who is slipping away? None where too few customers ever came back to tell. margin_per_visit: smallest unit."""

    found: AtRisk | None
    calibration: Calibration | None
    margin_per_visit: float


@dataclass(frozen=True, slots=True)
class Owing:
    """What do we owe? cost: of the last 28 days."""

    owed: Liability | None
    redemption: Figure | None
    breakage: Figure | None
    cost: RewardCost | None


def how_are_we_doing(columns: Columns, at: int) -> Doing:
    """Everything about coming back, at a moment (ms)."""
    seen = view(columns, at)
    moves = steps(columns, at)
    dice = np.random.default_rng(SEED)
    gaps = [completed_gaps(columns, number) for number in range(len(columns.programmes))]
    return Doing(
        enrolled=int((seen.enrolled_at <= at).sum()),
        active=active_cards(seen),
        visits_per_active=visits_per_active(seen),
        visits_per_enrolled=visits_per_enrolled(seen),
        second_visit=second_visit(seen),
        completion=completion(seen, moves),
        redemption=redemption(seen),
        weeks=weeks(seen),
        cohorts=triangle(seen),
        busy=busy_hours(seen),
        gradients=tuple(None if each is None else gradient(each, rng=dice) for each in gaps),
    )


def who_is_slipping_away(columns: Columns, at: int, *, gone_days: int | None = None) -> Slipping:
    """The customers about to be lost, at a moment (ms). gone_days: only those who came in so many days before it."""
    seen = view(columns, at)
    margin = _margin_per_visit(seen)
    found = at_risk(seen.visited, as_of=seen.day, margin_per_visit=margin, gone_days=gone_days)
    return Slipping(found, calibrate(seen.visited, as_of=seen.day), margin)


def what_do_we_owe(columns: Columns, at: int) -> Owing:
    """What is promised and not handed over yet, at a moment (ms)."""
    seen = view(columns, at)
    cost = reward_cost(seen, seen.back(COST_DAYS))
    return Owing(liability(seen, steps(columns, at)), redemption(seen), breakage(seen), cost)


def _margin_per_visit(seen: View) -> float:
    """What a visit earns in the mean, smallest unit: its stamps, each worth what a stamp earns."""
    if len(seen.visited) == 0:
        return 0.0
    current = [each.current for each in seen.columns.programmes]
    earned: F64 = np.array([max(0, promise.stamp_margin) for promise in current], dtype=np.float64)
    programme = seen.columns.cards.programme[seen.visited.card]
    return float((seen.visited.stamps * earned[programme]).mean())
