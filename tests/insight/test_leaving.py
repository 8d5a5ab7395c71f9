"""How long members stay: the published cohorts, projected years ahead."""

import numpy as np
import pytest

from insight.leaving import Leaving, fit, fit_survivors, project, survival
from tests.insight.reference import FIGURES

PLANS = FIGURES["plans"]


def members(cohort, years):
    """Survivors of a thousand members, year by year."""
    return np.round(np.array(PLANS[cohort][: years + 1]) * 10).astype(np.int64)


@pytest.mark.parametrize("cohort", ["regular", "high_end"])
def test_seven_years_of_a_cohort_give_the_published_fit(cohort):
    published = PLANS["fit_years_1_7"][cohort]

    model = fit_survivors(members(cohort, years=7))

    assert (model.alpha, model.beta) == pytest.approx((published["alpha"], published["beta"]), abs=6e-5)
    assert model.log_likelihood == pytest.approx(published["ll_n1000"], abs=6e-4)
    assert survival(model, np.array([12]))[0] == pytest.approx(published["S12"], abs=5e-4)
    assert model.converged


def test_four_years_of_a_cohort_give_the_published_fit():
    published = PLANS["fit_years_1_4"]["high_end"]

    model = fit_survivors(members("high_end", years=4))

    assert (model.alpha, model.beta) == pytest.approx((published["alpha"], published["beta"]), rel=2e-5)


def test_the_years_after_the_fit_are_foretold():
    model = fit_survivors(members("high_end", years=7))

    ahead = survival(model, np.arange(8, 13))

    assert ahead == pytest.approx(PLANS["high_end_years_8_to_12"], abs=6e-4)
    # What then happened: the model is within two members in a hundred.
    assert ahead == pytest.approx(np.array(PLANS["high_end"][8:]) / 100, abs=0.02)


def test_whoever_stayed_longer_is_the_more_likely_to_stay_another_year():
    model = Leaving(0.7, 1.2)

    next_year = [project(model, years, ahead=1)[0] for years in range(6)]

    assert next_year == sorted(next_year)
    assert next_year[0] == pytest.approx(1.2 / 1.9)
    assert np.prod(next_year) == pytest.approx(survival(model, np.array([6]))[0])
    assert project(model, 2, ahead=4)[-1] == pytest.approx(np.prod(next_year[2:6]))


def test_members_who_joined_at_different_times_are_fitted_together():
    rng = np.random.default_rng(3)
    chance = rng.beta(0.7, 2.1, 60_000)
    months, watched = rng.geometric(chance), rng.integers(1, 25, 60_000)
    left = np.bincount(months[months <= watched] - 1, minlength=24)
    staying = np.bincount(watched[months > watched] - 1, minlength=24)

    model = fit(left, staying)

    assert (model.alpha, model.beta) == pytest.approx((0.7, 2.1), rel=0.05)


@pytest.mark.parametrize(("left", "staying"), [([0, 0], [3, 4]), ([5, 0], [0, 0]), ([1, 1], [1])])
def test_counts_that_fit_no_chance_are_refused(left, staying):
    with pytest.raises(ValueError, match=r"nobody left|periods of leaving"):
        fit(np.array(left), np.array(staying))
