"""How long until it happens: the published figures, and what must hold of any waiting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.survival import kaplan_meier, log_rank
from tests.insight.reference import FIGURES

LEUKAEMIA = FIGURES["leukaemia"]
waits = st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60)


def patients(group):
    weeks = np.array(LEUKAEMIA[group])
    return np.abs(weeks), weeks > 0


def test_the_curve_of_the_remission_trial_is_the_published_one():
    curve = kaplan_meier(*patients("mercaptopurine"))

    assert curve.times.tolist() == LEUKAEMIA["times"]
    assert curve.at_risk.tolist() == LEUKAEMIA["at_risk"]
    assert curve.happened.tolist() == LEUKAEMIA["happened"]
    assert curve.survival == pytest.approx(LEUKAEMIA["survival"], abs=5e-5)
    assert curve.standard_error == pytest.approx(LEUKAEMIA["standard_error"], abs=5e-5)


def test_the_log_rank_test_of_the_two_treatments_is_the_published_one():
    (weeks, ended), (placebo_weeks, placebo_ended) = patients("mercaptopurine"), patients("placebo")
    durations, observed = np.concatenate([weeks, placebo_weeks]), np.concatenate([ended, placebo_ended])
    placebo = np.arange(42) >= 21

    found = log_rank(durations, observed, placebo)

    assert found.chi_square == pytest.approx(LEUKAEMIA["log_rank"], abs=5e-5)
    assert found.p == pytest.approx(4.17e-5, rel=1e-3)
    assert log_rank(durations, observed, ~placebo).chi_square == pytest.approx(found.chi_square)


def test_the_curve_is_read_at_any_time_the_moment_itself_included():
    curve = kaplan_meier(*patients("mercaptopurine"))

    assert [curve.at(week) for week in (0, 5.9, 6, 9, 100)] == pytest.approx([1, 1, 0.8571, 0.8067, 0.4482], abs=5e-5)
    assert curve.median() == 23
    assert kaplan_meier(np.array([3, 4]), np.array([False, True])).median() == 4


def test_the_interval_stays_between_none_and_all_and_says_nothing_where_nothing_is_known():
    curve = kaplan_meier(*patients("mercaptopurine"))

    assert curve.interval(10) == pytest.approx((0.5032, 0.8894), abs=5e-5)
    assert curve.interval(5) is None
    assert kaplan_meier(np.array([1, 2]), np.array([True, True])).interval(2) is None


@given(waits)
def test_when_everyone_is_watched_to_the_end_the_curve_is_the_plain_share_left(waited):
    durations = np.array([wait for wait, _ in waited])

    curve = kaplan_meier(durations, np.ones(len(waited), dtype=bool))

    for time in range(13):
        left = np.mean(durations > time)
        assert curve.at(time) == pytest.approx(left)
        if 0 < left < 1:
            error = curve.standard_error[np.searchsorted(curve.times, time, side="right") - 1]
            assert error == pytest.approx(np.sqrt(left * (1 - left) / len(waited)))


@given(waits)
def test_the_curve_is_what_counting_by_hand_gives(waited):
    curve = kaplan_meier(np.array([wait for wait, _ in waited]), np.array([happened for _, happened in waited]))

    share = 1.0
    for time in range(13):
        watched = sum(wait >= time for wait, _ in waited)
        share *= 1 - sum(wait == time and happened for wait, happened in waited) / max(watched, 1)
        assert curve.at(time) == pytest.approx(share)


def test_groups_that_wait_alike_are_told_apart_in_one_of_twenty_looks():
    rng = np.random.default_rng(6)
    second = np.arange(200) % 2 == 0

    looks = [log_rank(rng.exponential(size=200).round(1), rng.random(200) < 0.7, second) for _ in range(600)]

    assert 0.03 <= np.mean([look.p < 0.05 for look in looks]) <= 0.075


def test_nothing_to_compare_is_no_difference():
    waited, happened = np.array([1, 2, 3]), np.array([True, False, True])

    assert log_rank(waited, happened, np.zeros(3, dtype=bool)).chi_square == 0
    assert log_rank(waited, np.zeros(3, dtype=bool), np.array([True, False, True])).p == 1
    assert kaplan_meier(np.array([]), np.array([])).at(30) == 1


@pytest.mark.parametrize("durations", [[1, 2], [1, -2, 3], [1, float("nan"), 3]])
def test_durations_that_cannot_be_are_refused(durations):
    with pytest.raises(ValueError, match="duration"):
        kaplan_meier(np.array(durations), np.ones(3, dtype=bool))
