"""How far off a figure may be: intervals that keep their word, looked at once or every week."""

import numpy as np
import pytest

from insight.intervals import always_valid_half_width, around, bootstrap, fixed_half_width, wilson
from tests.insight.reference import FIGURES

ALWAYS = FIGURES["always_valid"]


def test_the_always_valid_half_widths_are_the_published_ones():
    found = {
        n: always_valid_half_width(int(n), tuned_at=ALWAYS["t_opt"], alpha=ALWAYS["alpha"])
        for n in ALWAYS["half_width_unit_variance"]
    }

    assert found == pytest.approx(ALWAYS["half_width_unit_variance"], abs=6e-7)


def test_the_always_valid_interval_is_narrowest_where_it_was_tuned():
    at_500 = [always_valid_half_width(500, tuned_at=tuned_at) for tuned_at in (50, 250, 500, 1_000, 5_000)]

    assert min(at_500) == at_500[2]
    assert at_500[2] > fixed_half_width(500)


def test_looking_after_every_observation_misses_the_truth_in_at_most_one_of_twenty_runs():
    rng = np.random.default_rng(2)
    n = np.arange(1, 2_001)
    widths = np.array([always_valid_half_width(each, tuned_at=500) for each in n])
    fixed = np.array([fixed_half_width(each) for each in n])

    means = np.abs(np.cumsum(rng.standard_normal((1_000, 2_000)), axis=1) / n)

    assert np.mean((means > widths).any(axis=1)) <= 0.05
    assert np.mean((means > fixed).any(axis=1)) > 0.5


def test_wilson_gives_the_interval_of_a_share_even_where_none_or_all_came_true():
    # Eight of ten: the roots of n (p − 0.8)² = 3.8415 p (1 − p).
    assert (wilson(8, 10).low, wilson(8, 10).high) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert (wilson(0, 10).low, wilson(0, 10).high) == pytest.approx((0, 0.277533), abs=1e-6)
    assert wilson(10, 10).high == pytest.approx(1)
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="no share"):
        wilson(3, 2)


def test_drawing_customers_anew_gives_the_interval_of_a_mean():
    rng = np.random.default_rng(8)
    spent = rng.gamma(2, 3, 400)
    sums = np.stack([spent, np.ones(400)], axis=1)

    interval = bootstrap(sums, lambda totals: totals[:, 0] / totals[:, 1], rng=rng)

    plain = around(spent.mean(), fixed_half_width(400) * spent.std())
    assert interval == pytest.approx(plain, rel=0.02)
    assert interval.high - interval.low == pytest.approx(plain.high - plain.low, rel=0.1)
    assert interval.excludes(5)
    assert not interval.excludes(spent.mean())


def test_the_same_randomness_gives_the_same_interval():
    sums = np.arange(40.0).reshape(20, 2) + 1

    twice = [bootstrap(sums, lambda totals: totals[:, 0], rng=np.random.default_rng(1)) for _ in range(2)]

    assert twice[0] == twice[1]
    with pytest.raises(ValueError, match="no customer"):
        bootstrap(sums[:0], lambda totals: totals[:, 0], rng=np.random.default_rng(1))
