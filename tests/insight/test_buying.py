"""How often a customer will come again: the published fits, and fits to visits whose truth is known."""

import numpy as np
import pytest

from insight.buying import (
    Buying,
    Histories,
    expected_from_start,
    expected_visits,
    fit,
    histories,
    log_likelihood,
)
from insight.visits import Visits
from tests.insight.reference import FIGURES, cdnow, history
from tests.insight.street import street

CDNOW = FIGURES["cdnow"]
POINTS = FIGURES["bgnbd_points"]
NAMES = ("r", "alpha", "a", "b")
FINE = CDNOW["bgnbd"]["fine"]


def parameters(model):
    return {"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b}


def watched(card, at, now):
    """Histories of the customers, each visit before now counted."""
    card, at = card[at < now], at[at < now]
    _, starts, counts = np.unique(card, return_index=True, return_counts=True)
    first, last = at[starts], at[starts + counts - 1]
    return Histories(counts - 1, last - first, now - first, np.ones(len(starts), dtype=np.int64))


def test_the_sample_is_the_published_one():
    sample = cdnow()

    assert np.sum(sample.n) == CDNOW["customers"]
    assert np.sum(sample.n * sample.frequency) == CDNOW["repeat_visits"]
    assert np.sum(sample.n[sample.frequency == 0]) == CDNOW["came_once"]


def test_bgnbd_on_the_sample_is_the_published_fit():
    model = fit(cdnow(), modified=False)

    published = CDNOW["bgnbd"]["published"]
    assert parameters(model) == pytest.approx({name: published[name] for name in NAMES}, abs=6e-4)
    assert parameters(model) == pytest.approx({name: FINE[name] for name in NAMES}, rel=2e-5)
    assert model.log_likelihood == pytest.approx(published["ll"], abs=0.05)
    assert model.log_likelihood == pytest.approx(FINE["ll"], abs=6e-4)
    assert model.converged


def test_mbgnbd_on_the_sample_is_the_published_fit():
    model = fit(cdnow())

    assert parameters(model) == pytest.approx(CDNOW["mbgnbd"]["published"], abs=6e-4)
    assert model.log_likelihood == pytest.approx(CDNOW["mbgnbd"]["ours"]["ll"], abs=6e-3)
    assert model.converged


@pytest.mark.parametrize("modified", [False, True])
def test_the_likelihood_of_one_customer_is_the_published_one(modified):
    point = POINTS["log_likelihood"]
    model = Buying(*POINTS["params"], modified=modified)

    found = log_likelihood(model, history(point["frequency"], point["recency"], point["age"]))

    assert found == pytest.approx(point["mbgnbd" if modified else "bgnbd"], rel=1e-13)


def test_the_visits_expected_of_one_customer_are_the_published_ones():
    point = POINTS["expected_visits"]
    customer = history(point["frequency"], point["recency"], point["age"])

    found = expected_visits(Buying(*POINTS["params"], modified=False), customer, ahead=point["ahead"])

    assert found[0] == pytest.approx(point["visits"], abs=5e-4)


def test_the_visits_expected_of_a_new_customer_are_the_published_ones():
    model = Buying(*(FINE[name] for name in NAMES), modified=False)

    found = {weeks: expected_from_start(model, float(weeks)) for weeks in POINTS["expected_from_start"]}

    # The spreadsheet stops its series after 150 terms, which makes 78 weeks 0.0004 too small.
    assert found == pytest.approx(POINTS["expected_from_start"], abs=6e-5, rel=2e-4)


def test_expected_visits_equal_the_hypergeometric_formula_of_the_paper():
    rng = np.random.default_rng(1)
    for r, alpha, a, b, ahead, recency, quiet in rng.uniform(0.2, 4, (30, 7)):
        for x in (0, 1, 7):
            z = ahead / (alpha + recency * (x > 0) + quiet + ahead)
            term, series = 1.0, 0.0
            for k in range(800):
                series += term
                term *= (r + x + k) * (b + x + k) / ((a + b + x - 1 + k) * (k + 1)) * z
            gone = a / (b + x - 1) * ((1 - z) * ahead / z / (alpha + recency)) ** (r + x) if x else 0
            formula = (a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (r + x) * series) / (1 + gone)

            customer = history(x, recency * (x > 0), recency * (x > 0) + quiet)
            found = expected_visits(Buying(r, alpha, a, b, modified=False), customer, ahead=ahead)

            assert found[0] == pytest.approx(formula, rel=1e-7)


@pytest.mark.parametrize("modified", [False, True])
@pytest.mark.parametrize(("x", "recency"), [(0, 0), (1, 12), (5, 60)])
def test_expected_visits_are_what_the_story_behind_the_model_says(x, recency, modified):
    r, alpha, a, b, age, ahead = 0.9, 12.0, 0.9, 1.6, 80.0, 28.0
    rng = np.random.default_rng(9)
    rate, leaves = rng.gamma(r, 1 / alpha, 500_000), rng.beta(a, b, 500_000)
    stayed = x + modified  # times the customer could have left

    # How likely each drawn customer is to have this history and to be here still, or to have it and be gone.
    here = rate**x * np.exp(-rate * age) * (1 - leaves) ** stayed
    gone = rate**x * np.exp(-rate * recency) * (1 - leaves) ** max(stayed - 1, 0) * leaves * (stayed > 0)
    story = np.sum(here * -np.expm1(-rate * leaves * ahead) / leaves) / np.sum(here + gone)

    found = expected_visits(Buying(r, alpha, a, b, modified), history(x, recency, age), ahead=ahead)
    assert found[0] == pytest.approx(story, rel=0.02)


def test_expected_visits_hold_where_the_formula_breaks_down():
    def visits_by(model):
        return expected_visits(model, history(300, 360, 365), ahead=28)[0]

    assert visits_by(Buying(1, 10, 1, 4, modified=True)) == pytest.approx(
        visits_by(Buying(1, 10, 1 + 1e-9, 4, modified=True))
    )
    # Years of silence after years of daily visits.
    silent = history(3_000, 3_000, 9_000)
    assert expected_visits(Buying(1, 10, 1, 4, modified=True), silent, ahead=28)[0] == 0
    # Nobody ever leaves: the rate alone counts.
    assert visits_by(Buying(1, 10, 1e-6, 1e4, modified=True)) == pytest.approx(301 / 375 * 28, rel=1e-6)


def test_whoever_came_once_may_have_left_under_mbgnbd_but_never_under_bgnbd():
    longer_ago = [
        [expected_visits(Buying(1.0, 20.0, 1.0, 3.0, modified), history(0, 0, days), ahead=28)[0] for days in (10, 300)]
        for modified in (False, True)
    ]

    (plain_soon, plain_late), (modified_soon, modified_late) = longer_ago
    # Under both the rate sinks with the silence; under MBG/NBD the customer may be gone as well.
    assert modified_late / modified_soon < 0.5 * plain_late / plain_soon


@pytest.mark.parametrize("modified", [False, True])
def test_a_fit_finds_the_parameters_the_visits_were_made_with(modified):
    truth = {"r": 0.8, "alpha": 12.0, "a": 0.9, "b": 2.5}
    card, at = street(np.random.default_rng(4), 40_000, days=365, modified=modified, **truth)

    model = fit(watched(card, at, 365), modified=modified)

    assert parameters(model) == pytest.approx(truth, rel=0.08)


def test_the_visits_expected_are_the_visits_that_come():
    card, at = street(np.random.default_rng(5), 40_000, r=0.8, alpha=12.0, a=0.9, b=2.5, days=365)
    known = watched(card, at, 300)

    expected = expected_visits(fit(known), known, ahead=65)

    came = np.bincount(card[at >= 300], minlength=40_000)[np.unique(card[at < 300])]
    for chosen in (known.frequency == 0, known.frequency == 3, known.frequency > 10, known.age > 250):
        assert expected[chosen].mean() == pytest.approx(came[chosen].mean(), rel=0.08)


def test_customers_who_look_alike_weigh_as_much_together_as_apart():
    apart = Histories(np.array([2, 0, 2]), np.array([5.0, 0, 5]), np.array([9.0, 3, 9]), np.array([1, 4, 2]))

    together, place = apart.grouped()

    assert together.n[place].tolist() == [3, 4, 3]
    model = Buying(1.0, 20.0, 1.0, 3.0, modified=True)
    assert log_likelihood(model, together) == pytest.approx(log_likelihood(model, apart))


def test_histories_are_read_from_visits_up_to_a_day():
    card, day = np.array([0, 0, 0, 2, 3, 3]), np.array([10, 12, 40, 15, 20, 21])
    made = Visits(card, day, day * 86_400_000, np.ones(6, dtype=np.int32))

    cards, known = histories(made, until=21)

    assert cards.tolist() == [0, 2, 3]
    assert known.frequency.tolist() == [1, 0, 0]
    assert known.recency.tolist() == [2, 0, 0]
    assert known.age.tolist() == [11, 6, 1]
    assert len(histories(made, until=10)[0]) == 0


def test_customers_of_whom_nobody_came_again_fit_no_rate():
    with pytest.raises(ValueError, match="nobody came again"):
        fit(history(0, 0, 30))


@pytest.mark.parametrize("impossible", [(-1, 0, 5), (1, 6, 5), (1, -1, 5)])
def test_a_history_that_cannot_be_is_refused(impossible):
    with pytest.raises(ValueError, match="cannot"):
        history(*impossible)
