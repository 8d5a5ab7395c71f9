"""What a programme may promise: every limit, to the last value inside and the first one outside."""

import pytest

from rules.programme import LIMITS, REWARD_LENGTH, BadTerms, Terms


def terms(**values):
    return Terms(**{"stamps_needed": 50, "reward": "a free sandwich"} | values)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_takes_its_lowest_and_its_highest_value(name):
    low, high = LIMITS[name]

    assert getattr(terms(**{name: low}), name) == low
    assert getattr(terms(**{name: high}), name) == high


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_terms_outside_a_limit_name_the_field_and_the_value(name, end):
    beyond = LIMITS[name][end] + (1 if end else -1)

    with pytest.raises(BadTerms) as caught:
        terms(**{name: beyond})

    assert (caught.value.field, caught.value.value) == (name, beyond)


@pytest.mark.parametrize("reward", ["", "   ", "x" * (REWARD_LENGTH + 1)])
def test_a_reward_needs_words_and_not_too_many(reward):
    with pytest.raises(BadTerms, match="reward"):
        terms(reward=reward)


def test_a_card_never_begins_full():
    assert terms(stamps_needed=5, welcome_stamps=4).welcome_stamps == 4

    with pytest.raises(BadTerms, match="welcome_stamps"):
        terms(stamps_needed=5, welcome_stamps=5)


def test_terms_are_plain_data_field_by_field():
    made = terms(unit_cost=250)

    assert Terms(**made.as_dict()) == made
