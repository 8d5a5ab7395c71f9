"""How figures are told in JSON: money in the smallest unit, moments and days as text, null for what nobody can say."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from pydantic import Field

from api.ids import moment_text
from api.routes.figures import CalendarDay, WaitingFace
from api.routes.set_aside import CardName
from api.shapes import Moment, Shape
from insight.at_risk import AtRisk, Calibration
from insight.columns import Columns, Programme
from insight.doing import Doing, Owing
from insight.figures import Figure
from insight.gradient import Gradient

FIRST_DAY = date(1970, 1, 1)
Interval = tuple[float, float]


class Reading(Shape):
    """Not there yet: so many cards of so many have been read, and when all have, it is reckoned. Ask again.

    null: something else is being reckoned first.
    """

    done: int | None
    of: int | None


class FigureFace(Shape):
    """One figure. n: what it was reckoned from. interval: where it would lie in 95 of 100 such shops."""

    value: float
    n: int
    since: Moment
    until: Moment
    interval: Interval | None


class CompletionFace(Shape):
    """How cards fill for the first time: within 180 days, the median, and the whole curve."""

    within: FigureFace
    median_days: float | None
    days: list[float]
    shares: list[float]


class Week(Shape):
    """One week that is over. cards: that came in it; new: that came for the first time."""

    monday: CalendarDay
    visits: int
    cards: int
    new: int


class Cohorts(Shape):
    """A row for each month of first visits, a column for each 30 days after; null: not over for all of them."""

    months: list[str]
    cards: list[int]
    shares: list[list[float | None]]


class Busy(Shape):
    """Visits in an average week: seven rows from Monday, 24 columns from midnight. n: the visits behind them."""

    visits: list[list[float]]
    n: int
    since: Moment
    until: Moment


class GradientFace(Shape):
    """Whether customers of a programme hurry towards the reward; claimed: they do, and slow down after it.

    stamps_needed: of its newest version. Terms that are tried on some of the cards have the name of their programme.
    """

    programme: str
    stamps_needed: int
    acceleration: float
    interval: Interval
    reset: float | None
    n: int
    rounds: int
    claimed: bool


class DoingFace(Shape):
    """How are we doing? null where nothing is known yet."""

    at: Moment
    enrolled: int
    active: FigureFace | None
    visits_per_active: FigureFace | None
    visits_per_enrolled: FigureFace | None
    second_visit: FigureFace | None
    completion: CompletionFace | None
    redemption: FigureFace | None
    weeks: list[Week]
    cohorts: Cohorts | None
    busy: Busy | None
    gradients: list[GradientFace]


class SlippingCard(Shape):
    """A card that is slipping away. earlier, expected: visits in 28 days. margin: what the difference is worth."""

    card: CardName
    last_visit: CalendarDay
    earlier: float
    expected: float
    margin: int


class Group(Shape):
    """Cards of whom as many visits were expected. expected, seen: visits per card; spread: standard error of seen."""

    n: int
    expected: float
    seen: float
    spread: float


class CalibrationFace(Shape):
    """Was the model right in the 28 days before today, which it was not shown?"""

    since: CalendarDay
    until: CalendarDay
    groups: list[Group]


class SlippingFace(Shape):
    """Who is slipping away, the dearest first. n: cards behind the model; watched: with enough visits to be judged.

    n is null while too few customers have ever come back. items: the first of them all; margin: of them all.
    """

    at: Moment
    n: int | None
    watched: int
    slipping: int
    margin: int
    margin_per_visit: float
    items: list[SlippingCard]
    calibration: CalibrationFace | None


class Cost(Shape):
    """What the rewards handed over cost: at least what they are made of, at most their price."""

    at_least: int
    at_most: int
    n: int
    since: Moment
    until: Moment


class OwedNow(Shape):
    """What is owed: rewards that wait and stamps in progress, in money at most and by this shop's own odds.

    waiting: the rewards by name.
    """

    rewards: int
    stamps: int
    cards: int
    at_most: int
    expected: int
    redeemed: float | None
    completed: float | None
    waiting: list[WaitingFace]


class OwingFace(Shape):
    """What do we owe?"""

    at: Moment
    owed: OwedNow | None
    redemption: FigureFace | None
    breakage: FigureFace | None
    cost: Cost | None


class Gone(Shape):
    """Only cards whose last visit was at most so many days ago: the others are hardly to be won back."""

    gone_days: int | None = Field(default=None, ge=1, le=3650)


def figure_face(found: Figure | None) -> dict[str, Any] | None:
    """One figure."""
    if found is None:
        return None
    return {
        "value": found.value,
        "n": found.n,
        "since": moment_text(found.since),
        "until": moment_text(found.until),
        "interval": found.interval,
    }


def doing_face(found: Doing, columns: Columns, at: int) -> dict[str, Any]:
    """How a shop is doing."""
    completion, weeks, cohorts, busy = found.completion, found.weeks, found.cohorts, found.busy
    return {
        "at": moment_text(at),
        "enrolled": found.enrolled,
        "active": figure_face(found.active),
        "visits_per_active": figure_face(found.visits_per_active),
        "visits_per_enrolled": figure_face(found.visits_per_enrolled),
        "second_visit": figure_face(found.second_visit),
        "completion": completion and {
            "within": figure_face(completion.within),
            "median_days": completion.median_days,
            "days": completion.days.tolist(),
            "shares": completion.shares.tolist(),
        },
        "redemption": figure_face(found.redemption),
        "weeks": [] if weeks is None else [
            {"monday": day_text(monday), "visits": visits, "cards": cards, "new": new}
            for monday, visits, cards, new in zip(
                *(each.tolist() for each in (weeks.mondays, weeks.visits, weeks.cards, weeks.new)), strict=True
            )
        ],
        "cohorts": cohorts and {
            "months": list(cohorts.months),
            "cards": cohorts.cards.tolist(),
            "shares": [[None if np.isnan(share) else share for share in row] for row in cohorts.shares.tolist()],
        },
        "busy": busy and {
            "visits": busy.visits.tolist(),
            "n": busy.n,
            "since": moment_text(busy.since),
            "until": moment_text(busy.until),
        },
        "gradients": [
            _gradient_face(each, programme)
            for each, programme in zip(found.gradients, columns.programmes, strict=True)
            if each is not None
        ],
    }  # fmt: skip


def _gradient_face(found: Gradient, programme: Programme) -> dict[str, Any]:
    return {
        "programme": programme.name,
        "stamps_needed": programme.versions[-1].stamps_needed,
        "acceleration": found.acceleration,
        "interval": tuple(found.interval),
        "reset": found.reset,
        "n": found.n,
        "rounds": found.rounds,
        "claimed": found.claimed,
    }


def slipping_lines(found: AtRisk, most: int) -> list[dict[str, Any]]:
    """The first of those slipping away, without their cards."""
    columns = (found.last_day, found.earlier, found.expected, found.margin)
    return [
        {"last_visit": day_text(day), "earlier": earlier, "expected": expected, "margin": round(margin)}
        for day, earlier, expected, margin in zip(*(each[:most].tolist() for each in columns), strict=True)
    ]


def calibration_face(found: Calibration | None) -> dict[str, Any] | None:
    """How right the model was."""
    if found is None:
        return None
    columns = (found.n, found.expected, found.seen, found.spread)
    return {
        "since": day_text(found.since),
        "until": day_text(found.until),
        "groups": [
            {"n": n, "expected": expected, "seen": seen, "spread": spread}
            for n, expected, seen, spread in zip(*(each.tolist() for each in columns), strict=True)
        ],
    }


def owing_face(found: Owing, at: int) -> dict[str, Any]:
    """What a shop owes."""
    owed, cost = found.owed, found.cost
    return {
        "at": moment_text(at),
        "owed": owed and {
            "rewards": owed.rewards,
            "stamps": owed.stamps,
            "cards": owed.cards,
            "at_most": round(owed.at_most),
            "expected": round(owed.expected),
            "redeemed": owed.redeemed,
            "completed": owed.completed,
            "waiting": [
                {"programme": each.programme, "reward": each.reward, "n": each.n, "cost": each.cost}
                for each in owed.waiting
            ],
        },
        "redemption": figure_face(found.redemption),
        "breakage": figure_face(found.breakage),
        "cost": cost and {
            "at_least": cost.at_least,
            "at_most": cost.at_most,
            "n": cost.n,
            "since": moment_text(cost.since),
            "until": moment_text(cost.until),
        },
    }  # fmt: skip


def day_text(day: int) -> str:
    """A day since 1970, as in 2026-03-31."""
    return (FIRST_DAY + timedelta(days=day)).isoformat()
