"""What may be tried on new cards: another goal or head start, never less than the poster promises."""

import pytest

from rules.experiments import is_treated, obstacle, treatment_terms
from rules.programme import BadTerms, Terms, Tier

TERMS = Terms(stamps_needed=10, reward="a free sandwich", welcome_stamps=1, unit_cost=250, unit_price=690)


def ids(n):
    return [number.to_bytes(16, "big") for number in range(n)]


@pytest.mark.parametrize("goal", [(8, 1), (8, 0), (9, 0), (10, 3), (6, 5)])
def test_a_kinder_goal_or_head_start_may_be_tried_and_the_rest_stays(goal):
    needed, welcome = goal

    tried = treatment_terms(TERMS, stamps_needed=needed, welcome_stamps=welcome)

    assert (tried.stamps_needed, tried.welcome_stamps) == goal
    assert (tried.reward, tried.unit_cost, tried.unit_price) == ("a free sandwich", 250, 690)


@pytest.mark.parametrize(
    ("goal", "field"),
    [((12, 3), "stamps_needed"), ((10, 0), "welcome_stamps"), ((10, 1), "stamps_needed"), ((8, 8), "welcome_stamps")],
)
def test_nobody_gets_less_than_the_poster_promises_nor_the_same_again(goal, field):
    with pytest.raises(BadTerms) as refused:
        treatment_terms(TERMS, stamps_needed=goal[0], welcome_stamps=goal[1])

    assert refused.value.field == field


def test_a_goal_below_a_tier_is_none():
    tiered = Terms(stamps_needed=10, reward="a sandwich", tiers=(Tier(1, at=5, reward="a coffee"),))

    with pytest.raises(BadTerms):
        treatment_terms(tiered, stamps_needed=5, welcome_stamps=0)


def test_an_experiment_needs_to_know_what_a_stamp_earns():
    free = Terms(stamps_needed=10, reward="a sandwich")
    by_money = Terms(stamps_needed=10, reward="a sandwich", unit_price=690, stamp_for="spend", spend_per_stamp=500)

    assert (obstacle(TERMS), obstacle(free), obstacle(by_money)) == (None, "no_price", "by_money")


@pytest.mark.parametrize("share", [10, 50, 90])
def test_so_many_per_cent_of_cards_are_treated_and_always_the_same_ones(share):
    treated = [is_treated(b"an experiment", card, share) for card in ids(20_000)]

    assert sum(treated) / len(treated) == pytest.approx(share / 100, abs=0.01)
    assert treated == [is_treated(b"an experiment", card, share) for card in ids(20_000)]
