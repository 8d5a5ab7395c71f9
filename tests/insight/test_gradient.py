"""Do customers hurry as the reward comes near? Found where it is, and not where it is not."""

import numpy as np
import pytest

from insight.columns import ADJUST, BONUS, REDEEM, STAMP, VOID, Cards, Columns, Events, Programme, Promise
from insight.gradient import Gaps, completed_gaps, gradient
from insight.visits import DAY_MS
from tests.insight.reference import FIGURES

CAFE = FIGURES["cafe"]


def ledger(card, kind, stamps, day, *, needed=(10,), voids=None):
    """Columns of one programme whose versions need so many stamps."""
    card, n = np.asarray(card), len(card)
    cards = int(card.max()) + 1
    zeros = np.zeros(n, dtype=np.int16)
    versions = tuple(Promise(place + 1, need, 80, 300, 0) for place, need in enumerate(needed))
    return Columns(
        Cards(*(np.zeros(cards, dtype=np.int16) for _ in range(3)), np.zeros(cards, dtype=np.int64)),
        Events.plain(
            card,
            np.broadcast_to(np.asarray(kind, dtype=np.uint8), n),
            np.broadcast_to(np.asarray(stamps), n),
            zeros,
            (np.asarray(day) * DAY_MS).astype(np.int64),
            zeros + 1,
            zeros,
            np.full(n, -1) if voids is None else np.asarray(voids),
        ),
        (Programme("Coffee", versions),),
    )


def customers(rng, n, *, days, hurry=0.0):
    """Stamps on cards of ten by customers with rates of their own (gamma), watched for so many days.

    hurry: the share by which gaps shrink from the first of a round to its last; the next round begins as slow as ever.
    """
    mean_gap = 1 / rng.gamma(1.0, 1 / 12, n)
    within = np.arange(300) % 10
    shrink = np.where(within == 9, 1, 1 - hurry * within / 8)
    gap = rng.exponential(1.0, (n, 300)) * mean_gap[:, None] * shrink
    day = rng.uniform(0, 30, n)[:, None] + np.cumsum(np.insert(gap, 0, 0, axis=1), axis=1)
    seen = day < days
    return ledger(np.nonzero(seen)[0], STAMP, 1, day[seen])


def pooled_by_position(columns, needed=10):
    """The naive measure: the mean of all gaps seen at the last position against that of all seen at the first."""
    card, at = columns.events.card, columns.events.at / DAY_MS
    _, starts, lengths = np.unique(card, return_index=True, return_counts=True)
    number = np.arange(len(card)) - np.repeat(starts, lengths)
    gap, position = np.diff(at), (number % needed)[1:]
    within = (card[1:] == card[:-1]) & (position > 0)
    first, last = (gap[within & (position == each)].mean() for each in (1, needed - 1))
    return 1 - last / first


def test_pooling_by_position_invents_a_speed_up_that_completed_cards_do_not_show():
    columns = customers(np.random.default_rng(21), 8_000, days=182)

    found = gradient(completed_gaps(columns, 0), rng=np.random.default_rng(0))

    # Nobody hurries: each comes at a steady rate of their own.
    assert pooled_by_position(columns) == pytest.approx(0.5, abs=0.1)
    assert found.acceleration == pytest.approx(0, abs=0.04)
    assert not found.interval.excludes(0)
    assert not found.claimed


def test_a_hurry_that_is_there_is_found_at_its_size_and_claimed():
    columns = customers(np.random.default_rng(22), 4_000, days=365, hurry=0.2)

    found = gradient(completed_gaps(columns, 0), rng=np.random.default_rng(0))

    assert found.acceleration == pytest.approx(0.2, abs=0.04)
    assert found.interval.excludes(0)
    assert found.reset == pytest.approx(0.2, abs=0.05)
    assert found.claimed


def test_customers_who_come_ever_more_often_are_not_said_to_hurry_for_the_reward():
    # Each gap a little shorter than the one before it, with no regard to where the rounds end.
    rng = np.random.default_rng(23)
    gap = rng.exponential(1.0, (3_000, 60)) * 0.97 ** np.arange(60)
    columns = ledger(np.repeat(np.arange(3_000), 60), STAMP, 1, np.cumsum(gap, axis=1).ravel())

    found = gradient(completed_gaps(columns, 0), rng=np.random.default_rng(0))

    assert found.acceleration > 0.1
    assert found.interval.excludes(0)
    assert found.reset < 0
    assert not found.claimed


def test_chance_alone_is_claimed_in_few_of_many_shops():
    claimed = [
        gradient(completed_gaps(customers(rng, 150, days=300), 0), rng=rng).claimed
        for rng in np.random.default_rng(24).spawn(100)
    ]

    assert np.mean(claimed) <= 0.05


def test_the_published_café_speeds_up_by_a_fifth():
    first = CAFE["days_at_first_rate"] / 9
    gaps = np.linspace(first, first - CAFE["first_minus_last_days"], 9)
    day = np.cumsum(np.insert(gaps, 0, 0))

    found = gradient(completed_gaps(ledger(np.zeros(10, dtype=int), STAMP, 1, day), 0), rng=np.random.default_rng(0))

    assert round(found.acceleration, 1) == CAFE["acceleration"]
    assert (found.n, found.rounds, found.pairs, found.reset) == (1, 1, 0, None)
    assert not found.claimed


def test_the_reset_compares_the_gap_before_a_reward_with_the_first_one_after_it():
    day = [0, 4, 6, 100, 108, 110, 300]

    found = gradient(completed_gaps(ledger([0] * 7, STAMP, 1, day, needed=(3,)), 0), rng=np.random.default_rng(0))

    assert found.acceleration == pytest.approx(1 - 4 / 12)
    assert found.reset == pytest.approx(1 - 2 / 8)
    assert (found.rounds, found.pairs) == (2, 1)


def test_gaps_are_those_of_completed_rounds_in_order():
    columns = ledger([0, 0, 0, 0, 1, 1], [STAMP] * 6, [2, 1, 3, 1, 1, 2], [0, 4, 10, 11, 20, 21], needed=(3,))

    gaps = completed_gaps(columns, 0)

    assert gaps.card.tolist() == [0, 0, 0, 0, 1, 1]
    assert gaps.round.tolist() == [0, 0, 1, 1, 0, 0]
    assert gaps.position.tolist() == [1, 2, 1, 2, 1, 2]
    assert gaps.gap_days.tolist() == [0, 4, 0, 0, 1, 0]


def test_rounds_with_given_stamps_and_cards_with_adjusted_ones_are_left_out():
    columns = ledger(
        [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2],
        [BONUS, STAMP, STAMP, STAMP, STAMP, STAMP, STAMP, ADJUST, STAMP, STAMP, STAMP, VOID, STAMP, REDEEM],
        [1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, -1, 2, 0],
        [0, 0, 1, 2, 5, 0, 1, 2, 3, 0, 1, 1, 3, 4],
        needed=(3,),
        voids=[-1] * 11 + [10, -1, -1],
    )

    gaps = completed_gaps(columns, 0)

    assert list(zip(gaps.card.tolist(), gaps.round.tolist(), gaps.gap_days.tolist(), strict=True)) == [
        (0, 1, 3),
        (0, 1, 0),
        (2, 0, 3),
        (2, 0, 0),
    ]


def test_rounds_with_another_one_between_them_are_no_pair():
    kinds = [STAMP] * 3 + [BONUS] + [STAMP] * 5

    found = gradient(completed_gaps(ledger([0] * 9, kinds, 1, range(9), needed=(3,)), 0), rng=np.random.default_rng(0))

    assert (found.rounds, found.pairs, found.reset) == (2, 0, None)


def test_rounds_of_different_lengths_have_no_common_positions():
    columns = ledger([0] * 10, STAMP, 1, range(10), needed=(5, 8))

    assert completed_gaps(columns, 0) is None


def test_without_completed_rounds_there_is_nothing_to_measure():
    gaps = completed_gaps(ledger([0] * 9, STAMP, 1, range(9)), 0)

    assert gradient(gaps, rng=np.random.default_rng(0)) is None
    # Two stamps have one gap between them: it is the first and the last.
    one_gap = Gaps(np.array([0]), np.array([0]), np.array([1]), np.array([3.0]), stamps_needed=2)
    assert gradient(one_gap, rng=np.random.default_rng(0)) is None
