"""What a programme may promise: every limit, to the last value inside and the first one outside."""

from dataclasses import replace

import pytest

from rules.programme import (
    HIGHEST_KEY,
    LIMITS,
    MOST_CHOICES,
    MOST_TIERS,
    REWARD_LENGTH,
    BadTerms,
    Choice,
    Difference,
    Terms,
    Tier,
    differences,
    items,
    misfit,
    read_terms,
)


def terms(**values):
    if values.get("spend_per_stamp", 0) > 0:
        values.setdefault("stamp_for", "spend")
    return Terms(**{"stamps_needed": 50, "reward": "a free sandwich"} | values)


COFFEE = Tier(1, 5, "a coffee", unit_cost=60)


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
    tea = Choice("a tea", 30)
    made = terms(unit_cost=250, choices=(tea,), tiers=(COFFEE, Tier(2, 9, "a cake", once=True, choices=(tea,))))

    assert read_terms(made.as_dict()) == made
    assert made.as_dict()["tiers"][0]["at"] == 5


@pytest.mark.parametrize(
    ("field", "tier"),
    [
        ("key", {"key": 0}),
        ("key", {"key": HIGHEST_KEY + 1}),
        ("at", {"at": 0}),
        ("at", {"at": 50}),
        ("reward", {"reward": " "}),
        ("unit_cost", {"unit_cost": -1}),
        ("unit_price", {"unit_price": -1}),
        ("choices/0/name", {"choices": (Choice("a coffee"),)}),
        ("choices/1/name", {"choices": (Choice("a tea"), Choice("a tea"))}),
        ("choices/0/unit_cost", {"choices": (Choice("a tea", -1),)}),
        ("choices", {"choices": tuple(Choice(f"tea {n}") for n in range(MOST_CHOICES + 1))}),
    ],
)
def test_a_tier_that_cannot_be_promised_says_where(field, tier):
    with pytest.raises(BadTerms) as caught:
        terms(tiers=(replace(COFFEE, **tier),))

    assert caught.value.field == f"tiers/0/{field}"


def test_each_tier_has_its_own_key_and_there_are_not_too_many():
    with pytest.raises(BadTerms) as caught:
        terms(tiers=(COFFEE, replace(COFFEE, at=6)))
    assert caught.value.field == "tiers/1/key"

    with pytest.raises(BadTerms, match="tiers"):
        terms(tiers=tuple(Tier(n, n, f"gift {n}") for n in range(1, MOST_TIERS + 2)))


@pytest.mark.parametrize("values", [{"stamp_for": "spend"}, {"stamp_for": "visit", "spend_per_stamp": 500}])
def test_a_stamp_is_for_money_when_it_has_a_price_and_only_then(values):
    with pytest.raises(BadTerms, match="stamp_for"):
        terms(**values)


def test_a_visit_brings_one_stamp_where_stamps_are_for_visits():
    assert (terms(stamp_for="visit", max_per_visit=6).most_per_visit, terms(max_per_visit=6).most_per_visit) == (1, 6)


def test_what_can_be_handed_over_for_a_reward_is_the_reward_and_what_may_be_picked_instead():
    assert items(terms(unit_cost=250, choices=(Choice("a soup", 190),))) == {"a free sandwich": 250, "a soup": 190}
    assert items(COFFEE) == {"a coffee": 60}


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({}, {"spend_per_stamp": 500}, ("stamp_for_is_fixed", "stamp_for")),
        ({"spend_per_stamp": 500}, {}, ("stamp_for_is_fixed", "stamp_for")),
        ({"spend_per_stamp": 500}, {"spend_per_stamp": 700}, None),
        ({"stamp_for": "visit"}, {"stamp_for": "item"}, None),
        ({"tiers": (COFFEE,)}, {"tiers": (replace(COFFEE, at=7, unit_cost=70),)}, None),
        ({"tiers": (COFFEE,)}, {"tiers": (replace(COFFEE, reward="a tea"),)}, ("tier_is_taken", "tiers/0/key")),
        ({"tiers": (COFFEE,)}, {"tiers": (replace(COFFEE, once=True),)}, ("tier_is_taken", "tiers/0/key")),
        ({"tiers": (COFFEE,)}, {"tiers": (Tier(2, 5, "a tea"),)}, None),
    ],
)
def test_what_a_card_counts_and_what_a_tiers_key_stands_for_never_change(earlier, later, expected):
    found = misfit(terms(**later), [terms(**earlier), terms(**earlier)])

    assert (found and (found.code, found.field)) == expected


def test_two_versions_differ_field_by_field_and_tier_by_tier():
    before = terms(unit_cost=250, tiers=(COFFEE, Tier(2, 9, "a cake")))
    after = terms(unit_cost=260, tiers=(replace(COFFEE, at=6), Tier(3, 9, "a gift")))

    found = differences(before, after)

    assert Difference("unit_cost", 250, 260) in found
    assert Difference("tiers/1/at", 5, 6) in found
    assert Difference("tiers/2/reward", "a cake", None) in found
    assert Difference("tiers/3/reward", None, "a gift") in found
    assert {each.field.split("/")[0] for each in found} == {"unit_cost", "tiers"}
    assert differences(before, before) == []
