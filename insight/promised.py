"""What became of what was promised: how long cards take to fill, what is redeemed, what never is, what it cost."""

from dataclasses import dataclass
from typing import NamedTuple

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
    """The share of the rewards earned at least 60 days ago that have been redeemed since; n: those, of all kinds.

    Of each reward a card's first earned are its first redeemed. Rewards given by hand count as earned.
    """
    until = seen.back(REDEEM_DAYS)
    n = kept = 0
    for each in holdings(seen.columns, until).kinds:
        earned = each.earned + _given(seen, each.key, until)
        n += int(earned.sum())
        kept += int(np.minimum(earned, _redeemed(seen, each.key)).sum())
    return Figure(kept / n, n, seen.since, until) if n else None


def breakage(seen: View) -> Figure | None:
    """The share of what was promised at least 12 months ago that nobody has redeemed since; n: cards with a promise.

    A promise is counted in rewards: those earned, of all kinds, and of the next of each kind the part that was stamped.
    """
    until = seen.back(BREAKAGE_DAYS)
    promised, kept = np.zeros((2, len(seen.enrolled_at)))
    for each in holdings(seen.columns, until).kinds:
        of_kind = each.earned + _given(seen, each.key, until) + each.part
        promised += of_kind
        kept += np.minimum(of_kind, _redeemed(seen, each.key))
    n = int((promised > 0).sum())
    return Figure(1 - float(kept.sum()) / float(promised.sum()), n, seen.since, until) if n else None


def reward_cost(seen: View, since: int) -> RewardCost | None:
    """What the rewards handed over since a moment (ms) cost, at the cost and price of their versions.

    Where something was picked it is what that costs; a tier that its version does not have costs what it did last.
    """
    found = handed_over(seen, since)
    if not found:
        return None
    at_least = at_most = 0
    for each, n in found.items():
        item = seen.columns.item(*each)
        at_least += n * item.unit_cost
        at_most += n * item.unit_price
    return RewardCost(at_least, at_most, sum(found.values()), since, seen.at)


class Handed(NamedTuple):
    """What is handed over: of which programme and version (by its number), for which reward, and what was picked."""

    programme: int
    version: int
    key: int
    picked: int


def handed_over(seen: View, since: int) -> dict[Handed, int]:
    """How many of what was handed over since then (ms), what was undone left out."""
    events = seen.columns.events
    lines = np.flatnonzero(_taken(seen) & (events.at > since))
    parts = (
        seen.columns.cards.programme[events.card[lines]], events.version[lines], events.tier[lines], events.item[lines]
    )  # fmt: skip
    # One number for each four: sorting whole rows would take many times as long.
    sizes = [int(part.max(initial=0)) + 2 for part in parts]
    code = np.ravel_multi_index([part.astype(np.int64) + 1 for part in parts], sizes)
    codes, where = np.unique(code, return_inverse=True)
    n = np.bincount(where, weights=-events.rewards[lines], minlength=len(codes)).astype(np.int64)
    kinds = (each - 1 for each in np.unravel_index(codes, sizes))
    return {
        Handed(*what): count
        for *what, count in zip(*(each.tolist() for each in kinds), n.tolist(), strict=True)
        if count
    }


def _first_of_each(moves: Steps, which: Bools) -> I64:
    """Of every card that has such a line, the place of the first one."""
    places = np.flatnonzero(which)
    card = moves.card[places]
    is_first = np.ones(len(places), dtype=bool)
    is_first[1:] = card[1:] != card[:-1]
    return places[is_first]


def _taken(seen: View) -> Bools:
    """Which lines handed rewards over."""
    events = seen.columns.events
    taken: Bools = (events.kind == REDEEM) & ~events.undone() & (events.at <= seen.at)
    return taken


def _redeemed(seen: View, key: int) -> I64:
    """Rewards of one kind redeemed on each card by now."""
    return -_rewards(seen, _taken(seen) & (seen.columns.events.tier == key))


def _given(seen: View, key: int, until: int) -> I64:
    """Rewards of one kind given by hand to each card by then."""
    events = seen.columns.events
    by_hand = ((events.kind == ADJUST) | (events.kind == BONUS)) & (events.rewards > 0) & (events.tier == key)
    return _rewards(seen, by_hand & ~events.undone() & (events.at <= until))


def _rewards(seen: View, lines: Bools) -> I64:
    events = seen.columns.events
    added = np.bincount(events.card[lines], weights=events.rewards[lines], minlength=len(seen.enrolled_at))
    return added.astype(np.int64)
