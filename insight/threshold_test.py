"""A threshold test in one shop: what its cards bring, which a plan starts from; what the arms have shown by week."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I64, Bools, Columns
from insight.experiments import (
    CONTROL,
    FEWEST_PER_ARM,
    NEITHER,
    TREATMENT,
    WINDOW_MS,
    WINDOW_WEEKS,
    Arm,
    Comparison,
    Outcomes,
    SampleRatio,
    Size,
    compare,
    outcomes,
    sample_ratio,
    summary,
)
from insight.visits import DAY_MS

WEEK_MS = 7 * DAY_MS
# A year, so that every season weighs the same.
LOOK_BACK_MS = 52 * WEEK_MS
# As long as what is coming is like what has been: the newest cards say best how many there will be.
RECENT_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Baseline:
    """What new cards of a programme bring in their first eight weeks, net, in the currency's smallest unit.

    n: cards of the last year whose eight weeks are over. cv: the standard deviation of what they brought over its
    mean; None where too few cards, or a mean that is not above 0, cannot tell. weekly_cards: new ones a week of late.
    """

    n: int
    mean: float
    cv: float | None
    weekly_cards: float


@dataclass(frozen=True, slots=True)
class Look:
    """What could be said at a moment (ms): treatment less control a card, and its always-valid interval."""

    at: int
    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SoFar:
    """An experiment up to a moment. control, treatment: cards drawn so far, their eight weeks over or not.

    looks: once a week from when both arms have cards enough, oldest first; the last one is of that moment.
    """

    control: int
    treatment: int
    ratio: SampleRatio
    comparison: Comparison
    looks: tuple[Look, ...]


def baseline(columns: Columns, programme: int, now: int, *, treatments: Collection[int] = ()) -> Baseline:
    """What a plan for an experiment on this programme (by its number) starts from, at a moment (ms since 1970).

    treatments: the programmes that earlier experiments made, by their numbers: their cards were new cards of this one.
    """
    made_at = columns.cards.created_at
    new = np.isin(columns.cards.programme, [programme, *treatments]) & (made_at <= now) & ~_on_paper(columns)
    mine = new & (columns.cards.programme == programme)
    recent = mine & (made_at > now - LOOK_BACK_MS - WINDOW_MS)
    arm = np.where(recent, CONTROL, NEITHER).astype(np.int8)
    seen = summary(outcomes(columns, arm=arm, assigned_at=made_at, now=now), CONTROL)
    cv = seen.variance**0.5 / seen.mean if seen.n >= FEWEST_PER_ARM and seen.mean > 0 else None

    age_weeks = (now - int(made_at[new].min(initial=now))) / WEEK_MS
    weeks = min(max(age_weeks, 1.0), RECENT_WEEKS)
    of_late = int((new & (made_at >= now - round(weeks * WEEK_MS))).sum())
    return Baseline(seen.n, seen.mean, cv or None, of_late / weeks)


def so_far(
    columns: Columns, treated: Mapping[bytes, bool], *, share: float, planned_cards: int, started_at: int, until: int
) -> SoFar:
    """What an experiment has shown up to a moment. Moments in ms since 1970.

    treated: the ids of the cards in it, and whether each got the treatment. share: of the cards, meant for treatment.
    planned_cards: of both arms, as planned before the start.
    """
    made_at = columns.cards.created_at
    arms = {None: NEITHER, False: CONTROL, True: TREATMENT}
    arm = np.array([arms[treated.get(id)] for id in columns.card_ids], dtype=np.int8)
    arm[made_at > until] = NEITHER
    control, treatment = int((arm == CONTROL).sum()), int((arm == TREATMENT).sum())
    ratio = sample_ratio(control, treatment, share=share)
    planned = Size(round(planned_cards * (1 - share)), round(planned_cards * share), None)

    closed = outcomes(columns, arm=arm, assigned_at=made_at, now=until)
    comparison = compare(summary(closed, CONTROL), summary(closed, TREATMENT), planned=planned, ratio=ratio)
    ends = np.append(np.arange(started_at + WINDOW_WEEKS * WEEK_MS, until, WEEK_MS, dtype=np.int64), until)
    over_at = made_at[closed.card] + WINDOW_MS
    by_week = (_by(closed, over_at, each, ends) for each in (CONTROL, TREATMENT))
    looks = []
    for at, *both in zip(ends.tolist(), *by_week, strict=True):
        if min(each.n for each in both) >= FEWEST_PER_ARM:
            then = compare(*both, planned=planned, ratio=ratio)
            if then.difference is not None and then.always is not None:
                looks.append(Look(at, then.difference, *then.always))
    return SoFar(control, treatment, ratio, comparison, tuple(looks))


def _on_paper(columns: Columns) -> Bools:
    """Cards of printed sheets: no shop has given them out, and those of one sheet were made at one moment."""
    cards = columns.cards
    blank = cards.shop < 0
    moments, n = np.unique(cards.created_at[blank], return_counts=True)
    printed: Bools = blank & np.isin(cards.created_at, moments[n > 1])
    return printed


def _by(closed: Outcomes, over_at: I64, arm: int, ends: I64) -> list[Arm]:
    """One arm as it stood at each of these moments: of its cards, those whose eight weeks were over."""
    mine = np.flatnonzero(closed.arm == arm)
    mine = mine[np.argsort(over_at[mine], kind="stable")]
    margin: F64 = closed.margin[mine].astype(np.float64)
    # Summed round their mean: squares of large sums of money would leave no digits for the variance.
    middle = margin.mean() if len(margin) else 0.0
    sums, squares = (np.append(0.0, np.cumsum((margin - middle) ** power)) for power in (1, 2))
    n = np.searchsorted(over_at[mine], ends, side="right")
    mean = sums[n] / np.maximum(n, 1)
    variance = np.maximum(squares[n] - n * mean**2, 0) / np.maximum(n - 1, 1)
    return [Arm(*each) for each in zip(n.tolist(), (middle + mean).tolist(), variance.tolist(), strict=True)]
