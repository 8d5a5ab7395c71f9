"""Do customers hurry as the reward comes near? The goal gradient, measured so that it cannot arise from nothing.

Pooling visits by stamp position finds a speed-up where there is none: customers who come seldom are seen early on a
card and rarely at its end, so the late positions belong to those who come often. On completed cards each customer
weighs alike at every position (Kivetz, Urminsky & Zheng 2006). A customer who comes more often as time goes by hurries
too, reward or no reward; only one who hurries for the reward slows down again after it.
"""

from dataclasses import dataclass

import numpy as np

from insight.columns import ADJUST, BONUS, EXPIRE, F64, I32, I64, STAMP, Bools, Columns
from insight.intervals import Interval, bootstrap
from insight.visits import DAY_MS

# Of fewer customers the interval by resampling is too narrow to be believed.
FEWEST_CUSTOMERS = 30


@dataclass(frozen=True, slots=True)
class Gaps:
    """The days between one stamp and the next within a round, rounds that are not completed left out.

    card: the customer. round: counted from 0 on each card. position: 1 from the first stamp to the second, up to
    stamps_needed − 1 before the last. In order of card, round and position, each round with all its positions.
    """

    card: I32
    round: I32
    position: I32
    gap_days: F64
    stamps_needed: int


@dataclass(frozen=True, slots=True)
class Gradient:
    """Do they hurry? n: customers. rounds: completed by them. pairs: rounds completed straight after one another.

    acceleration: A = 1 − m(P − 1) / m(1), where m(k) is the mean gap at position k and P the stamps needed: the share
    by which the last gap is shorter than the first. reset: 1 − m(P − 1) / m'(1) over pairs, where m' belongs to the
    second round of each: the share by which the gap before the reward is shorter than the first one after it; None
    without pairs. claimed: the interval lies above 0 and the reset is positive, so the reward is what they hurry for.
    """

    acceleration: float
    interval: Interval
    reset: float | None
    n: int
    rounds: int
    pairs: int
    claimed: bool


def completed_gaps(columns: Columns, programme: int) -> Gaps | None:
    """The gaps of every completed round of a programme (a place in columns.programmes).

    Stamps at one visit have no days between them. Left out are rounds with a stamp that was given (it took no visit)
    and cards whose stamps were adjusted or expired (their positions are not known). None if the programme's versions
    do not all need the same number of the same stamps: then a round has no one length.
    """
    needs = {(promise.stamps_needed, promise.unit) for promise in columns.programmes[programme].versions}
    if len(needs) != 1:
        return None
    ((needed, _),) = needs
    card, at, given = _stamps(columns, columns.cards.programme == programme)
    _, starts, lengths = np.unique(card, return_index=True, return_counts=True)
    number = np.arange(len(card)) - np.repeat(starts, lengths)  # of the stamp on its card, from 0
    completed = number < np.repeat(lengths // needed * needed, lengths)

    table = at[completed].reshape(-1, needed)
    bought = ~given[completed].reshape(-1, needed).any(axis=1)
    gaps = np.diff(table[bought], axis=1) / DAY_MS
    first = np.flatnonzero(completed)[::needed][bought]
    return Gaps(
        np.repeat(card[first], needed - 1),
        np.repeat((number[first] // needed).astype(np.int32), needed - 1),
        np.tile(np.arange(1, needed, dtype=np.int32), len(first)),
        gaps.ravel(),
        needed,
    )


def gradient(gaps: Gaps, *, rng: np.random.Generator) -> Gradient | None:
    """Measure it, with an interval over customers; None if no round was completed or each has but one gap."""
    if len(gaps.card) == 0 or gaps.stamps_needed < 3:
        return None
    first, last = gaps.position == 1, gaps.position == gaps.stamps_needed - 1
    card, number = gaps.card[first], gaps.round[first]
    after, before = gaps.gap_days[first], gaps.gap_days[last]
    pairs = np.flatnonzero((card[1:] == card[:-1]) & (number[1:] == number[:-1] + 1))

    _, customer = np.unique(card, return_inverse=True)
    sums: F64 = np.stack([np.bincount(customer, weights=after), np.bincount(customer, weights=before)], axis=1)
    interval = bootstrap(sums, _shortening, rng=rng)
    around_reward = np.array([[after[pairs + 1].sum(), before[pairs].sum()]])
    reset = float(_shortening(around_reward)[0]) if len(pairs) else None
    enough = len(sums) >= FEWEST_CUSTOMERS
    return Gradient(
        float(_shortening(sums.sum(axis=0)[None])[0]),
        interval,
        reset,
        len(sums),
        len(card),
        len(pairs),
        enough and interval.low > 0 and reset is not None and reset > 0,
    )


def _shortening(totals: F64) -> F64:
    """By which share the second total is below the first; no days at all are none to shorten."""
    return 1 - np.divide(totals[:, 1], totals[:, 0], out=np.ones(len(totals)), where=totals[:, 0] > 0)


def _stamps(columns: Columns, wanted: Bools) -> tuple[I32, I64, Bools]:
    """Every stamp by itself, in the order of cards and time: its card, its moment (ms), whether it was given."""
    events = columns.events
    standing = events.standing() & (events.stamps != 0)
    unclear = np.zeros(len(columns.cards), dtype=bool)
    unclear[events.card[standing & ((events.kind == ADJUST) | (events.kind == EXPIRE))]] = True
    chosen = standing & (wanted & ~unclear)[events.card] & ((events.kind == STAMP) | (events.kind == BONUS))
    card, at, given = events.card[chosen], events.at[chosen], events.kind[chosen] == BONUS
    # A given stamp lands before one bought at the same moment, as at the counter: welcome first.
    order = np.lexsort((~given, at, card))
    times = events.stamps[chosen][order]
    return np.repeat(card[order], times), np.repeat(at[order], times), np.repeat(given[order], times)
