"""Who is slipping away: regulars who fell silent, the dearest first, and whether the model was right last time."""

import numpy as np
import pytest

from insight.at_risk import at_risk, calibrate
from insight.visits import DAY_MS, Visits
from tests.insight.street import street

TODAY = 400
STREET = 2_000
HABIT = {"r": 0.8, "alpha": 12.0, "a": 0.5, "b": 4.0}


@pytest.fixture(scope="module")
def neighbours():
    """The days on which two thousand customers came, who do as the model says."""
    card, at = street(np.random.default_rng(31), STREET, days=TODAY, **HABIT)
    return [np.unique(at[card == number].astype(int)) for number in range(STREET)]


def visits_of(days_of):
    """Visits of cards numbered from 0, given the days on which each came."""
    card = np.repeat(np.arange(len(days_of), dtype=np.int32), [len(days) for days in days_of])
    day = np.concatenate([np.asarray(days, dtype=np.int32) for days in days_of])
    return Visits(card, day, day.astype(np.int64) * DAY_MS, np.ones(len(day), dtype=np.int32))


def listed(days_of, neighbours, *, as_of=TODAY):
    """The list, as card → (earlier, expected, margin), cards numbered from the first of days_of."""
    found = at_risk(visits_of(neighbours + days_of), as_of=as_of, margin_per_visit=200)
    rows = zip(found.card - STREET, found.earlier, found.expected, found.margin, strict=True)
    return {int(card): (earlier, expected, margin) for card, earlier, expected, margin in rows if card >= 0}


def test_a_regular_who_fell_silent_is_listed_and_one_who_still_comes_is_not(neighbours):
    silent, faithful = range(0, 200, 7), range(1, TODAY, 7)

    found = listed([silent, faithful], neighbours)

    assert list(found) == [0]
    earlier, expected, margin = found[0]
    assert earlier == pytest.approx(28 / 7)
    assert expected < 0.1
    assert margin == pytest.approx((earlier - expected) * 200)


def test_whoever_came_once_or_twice_is_never_listed(neighbours):
    assert listed([[5], [5, 9], [5, 9, 12]], neighbours).keys() == {2}


def test_the_dearest_loss_comes_first(neighbours):
    found = at_risk(visits_of([*neighbours, range(0, 200, 7), range(0, 200, 2)]), as_of=TODAY, margin_per_visit=200)

    assert found.margin.tolist() == sorted(found.margin, reverse=True)
    assert found.card[0] == STREET + 1
    assert found.last_day[0] == 198
    assert np.all(found.expected <= found.earlier / 2)
    assert (found.n, found.watched) == (STREET + 2, sum(len(days) >= 3 for days in neighbours) + 2)


def test_three_visits_in_one_week_do_not_pass_for_a_habit(neighbours):
    earlier, _, margin = listed([[100, 101, 102]], neighbours)[0]

    assert earlier == 2
    assert margin <= 2 * 200


def test_visits_from_the_day_itself_on_are_not_yet_known(neighbours):
    silent = range(0, 200, 7)

    assert listed([[*silent, TODAY, TODAY + 5]], neighbours) == listed([silent], neighbours)


def test_those_who_are_gone_for_longer_may_be_left_out_and_the_others_stay_as_they_were(neighbours):
    known = visits_of(neighbours)
    everybody = at_risk(known, as_of=TODAY, margin_per_visit=200)

    found = at_risk(known, as_of=TODAY, margin_per_visit=200, gone_days=60)

    recent = everybody.last_day >= TODAY - 60
    assert 0 < len(found.card) < len(everybody.card)
    assert found.card.tolist() == everybody.card[recent].tolist()
    assert (found.watched, found.n) == (everybody.watched, everybody.n)


def test_a_shop_with_few_customers_who_came_back_gets_no_list(neighbours):
    few = visits_of([[1, 5], [2], [3, 9, 12]])

    assert at_risk(few, as_of=TODAY, margin_per_visit=200) is None
    assert calibrate(few, as_of=TODAY) is None
    assert at_risk(visits_of([[1]]), as_of=0, margin_per_visit=200) is None


def test_on_customers_who_do_as_the_model_says_the_calibration_is_right(neighbours):
    found = calibrate(visits_of(neighbours), as_of=TODAY)

    known = [days for days in neighbours if days[0] < TODAY - 28]
    assert (found.since, found.until, found.n.sum()) == (TODAY - 28, TODAY, len(known))
    assert len(found.n) == 10
    assert np.all(np.diff(found.expected) >= 0)
    assert found.seen @ found.n == sum(np.count_nonzero(days >= TODAY - 28) for days in known)
    # Visits are counted by the day, so the busiest come a little less than the model has it.
    off = (found.seen - found.expected) / np.maximum(found.spread, 0.02)
    assert np.mean(np.abs(off) < 2.5) >= 0.8
    assert found.seen @ found.n == pytest.approx(found.expected @ found.n, rel=0.1)


def test_a_street_that_stayed_at_home_shows_in_the_calibration(neighbours):
    shut = [days[days < TODAY - 28] for days in neighbours]

    found = calibrate(visits_of([days for days in shut if len(days)]), as_of=TODAY)

    assert np.all(found.seen == 0)
    assert found.expected[-1] > 1
