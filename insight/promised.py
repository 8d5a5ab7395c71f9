"""What became of what was promised: how long cards take to fill, what is redeemed, what never is, what it cost."""

from dataclasses import dataclass

import numpy as np

from insight.columns import ADJUST, BONUS, F64, I64, REDEEM, Bools
from insight.figures import Figure, View, happened_by
from insight.progress import Steps
from insight.rounds import holdings
from insight.survival import kaplan_meier
from insight.visits import DAY_MS

COMPLETION_DAYS = 180
REDEEM_DAYS = 60
BREAKAGE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Completion:
    """How cards fill for the first time, from the first visit's stamp to the last one of the round.

    within: the share of cards full within 180 days. median_days: when half of them are; None if it never came to that.
    days, shares: the whole curve, for a plot.
    """

    within: Figure
    median_days: float | None
    days: F64
    shares: F64


@dataclass(frozen=True, slots=True)
class RewardCost:
    """What the rewards handed over in a period cost, in the smallest unit. n: how many there were.

    at_least: had none of them been bought otherwise, so that each cost what it is made of. at_most: had all of them,
    so that each cost its price.
    """

    at_least: int
    at_most: int
    n: int
    since: int
    until: int


def completion(seen: View, moves: Steps) -> Completion | None:
    """How long cards take to fill their first round (Kaplan & Meier 1958); None while no card was visited with.

    moves: the steps up to the view's moment. Cards not full yet count as long as they have been watched; those that
    were full before the first visit, as by an import, are left out.
    """
    first = _first_of_each(moves, moves.is_stamp)
    full = _first_of_each(moves, moves.filled > 0)
    size = len(seen.enrolled_at)
    full_place = np.full(size, len(moves))
    full_place[moves.card[full]] = full
    first = first[full_place[moves.card[first]] >= first]
    if len(first) == 0:
        return None
    place = full_place[moves.card[first]]
    is_full = place < len(moves)
    full_at = np.append(moves.at, seen.at)[place]
    # A stamp from a till that was on its own may be older than one taken in before it.
    days = np.maximum(full_at - moves.at[first], 0) / DAY_MS
    curve = kaplan_meier(days, is_full)
    within = happened_by(curve, COMPLETION_DAYS, seen.since, seen.at)
    return Completion(within, curve.median(), curve.times, 1 - curve.survival)


def redemption(seen: View) -> Figure | None:
    """The share of the rewards earned at least 60 days ago that have been redeemed since; n: those rewards.

    A card's first earned are its first redeemed. Rewards given by hand count as earned.
    """
    until = seen.back(REDEEM_DAYS)
    earned = holdings(seen.columns, until).earned + _given(seen, until)
    n = int(earned.sum())
    if n == 0:
        return None
    return Figure(float(np.minimum(earned, _redeemed(seen)).sum()) / n, n, seen.since, until)


def breakage(seen: View) -> Figure | None:
    """The share of what was promised at least 12 months ago that nobody has redeemed since; n: cards with a promise.

    A promise is counted in rewards: those earned, and of the round then in progress the part that was stamped.
    """
    until = seen.back(BREAKAGE_DAYS)
    held = holdings(seen.columns, until)
    promised = held.earned + _given(seen, until) + held.stamps / held.needed
    n = int((promised > 0).sum())
    if n == 0:
        return None
    kept = float(np.minimum(promised, _redeemed(seen)).sum())
    return Figure(1 - kept / float(promised.sum()), n, seen.since, until)


def reward_cost(seen: View, days: int) -> RewardCost | None:
    """What the rewards handed over in the last so many days cost, at the cost and price of their versions."""
    since = seen.back(days)
    lines = np.flatnonzero(_handed_over(seen) & (seen.columns.events.at > since))
    rewards = -seen.columns.events.rewards[lines].astype(np.int64)
    if len(lines) == 0:
        return None
    programme = seen.columns.cards.programme[seen.columns.events.card[lines]]
    version = seen.columns.events.version[lines]
    at_least = at_most = 0
    for row, each in enumerate(seen.columns.programmes):
        for promise in each.versions:
            n = int(rewards[(programme == row) & (version == promise.version)].sum())
            at_least += n * promise.unit_cost
            at_most += n * promise.unit_price
    return RewardCost(at_least, at_most, int(rewards.sum()), since, seen.at)


def _first_of_each(moves: Steps, which: Bools) -> I64:
    """Of every card that has such a line, the place of the first one."""
    places = np.flatnonzero(which)
    card = moves.card[places]
    is_first = np.ones(len(places), dtype=bool)
    is_first[1:] = card[1:] != card[:-1]
    return places[is_first]


def _handed_over(seen: View) -> Bools:
    events = seen.columns.events
    taken: Bools = (events.kind == REDEEM) & ~events.undone() & (events.at <= seen.at)
    return taken


def _redeemed(seen: View) -> I64:
    """Rewards redeemed on each card by now."""
    return _rewards(seen, _handed_over(seen), -1)


def _given(seen: View, until: int) -> I64:
    """Rewards given by hand to each card by then."""
    events = seen.columns.events
    by_hand = ((events.kind == ADJUST) | (events.kind == BONUS)) & (events.rewards > 0)
    return _rewards(seen, by_hand & ~events.undone() & (events.at <= until), 1)


def _rewards(seen: View, lines: Bools, sign: int) -> I64:
    events = seen.columns.events
    added = np.bincount(events.card[lines], weights=events.rewards[lines], minlength=len(seen.enrolled_at))
    return sign * added.astype(np.int64)
