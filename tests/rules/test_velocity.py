"""What comes too thick and fast: sliding hours and days, undone visits, and quiet hours past midnight."""

import random

import pytest

from rules.velocity import DAY_MS, HOUR_MS, Limits, Visit, is_quiet, odd_by_staff, odd_on_card

NOON = 1_800_000_000_000
MINUTE = 60_000
LIMITS = Limits(card_hour=3, card_day=5, staff_hour=4)


def visits(*minutes, voided=()):
    return [Visit(bytes([n]), NOON + minute * MINUTE, n in voided) for n, minute in enumerate(minutes)]


def found(odd):
    return [(each.id[0], each.reason, each.n, each.limit) for each in odd]


def test_as_many_visits_as_are_usual_are_not_odd():
    assert odd_on_card(visits(0, 10, 20), LIMITS) == []
    assert odd_by_staff(visits(0, 10, 20, 30), LIMITS) == []


def test_each_visit_beyond_is_found_with_its_number_and_the_limit():
    assert found(odd_on_card(visits(0, 10, 20, 30, 40), LIMITS)) == [(3, "card_hour", 4, 3), (4, "card_hour", 5, 3)]


def test_an_hour_is_any_sixty_minutes_and_ends_on_the_millisecond():
    late = [*visits(0, 50, 55), Visit(b"\3", NOON + HOUR_MS)]
    just = [*late[:3], Visit(b"\3", NOON + HOUR_MS - 1)]

    assert odd_on_card(late, LIMITS) == []
    assert found(odd_on_card(just, LIMITS)) == [(3, "card_hour", 4, 3)]


def test_a_day_is_any_twenty_four_hours():
    spread = visits(*[n * 120 for n in range(6)])
    over_a_day = [*spread[:5], Visit(b"\5", NOON + DAY_MS)]

    assert found(odd_on_card(spread, LIMITS)) == [(5, "card_day", 6, 5)]
    assert odd_on_card(over_a_day, LIMITS) == []


def test_a_visit_too_many_for_its_hour_and_its_day_is_found_once_for_the_hour():
    odd = odd_on_card(visits(0, 100, 200, 300, 301, 302, 303), LIMITS)

    assert sorted(found(odd)) == [(5, "card_day", 6, 5), (6, "card_hour", 4, 3)]


def test_an_undone_visit_does_not_count():
    assert odd_on_card(visits(0, 10, 20, 30, voided={1}), LIMITS) == []


def test_no_limit_finds_nothing():
    assert odd_on_card(visits(*range(50)), Limits(0, 0, 0)) == []
    assert odd_by_staff(visits(*range(50)), Limits(3, 5, 0)) == []


def test_one_of_the_staff_stamps_too_often_on_whatever_cards():
    assert found(odd_by_staff(visits(0, 1, 2, 3, 4), LIMITS)) == [(4, "staff_hour", 5, 4)]


@pytest.mark.parametrize("seed", range(20))
def test_the_same_as_counting_by_hand_in_any_order(seed):
    dice = random.Random(seed)
    some = visits(*[dice.randrange(200) for _ in range(30)], voided=set(dice.sample(range(30), 6)))
    stood = [visit for visit in some if not visit.voided]

    expected = set()
    for one in stood:
        before = [v for v in stood if one.at - HOUR_MS < v.at and (v.at, v.id) <= (one.at, one.id)]
        if len(before) > LIMITS.staff_hour:
            expected.add((one.id, len(before)))
    dice.shuffle(some)

    assert {(odd.id, odd.n) for odd in odd_by_staff(some, LIMITS)} == expected


@pytest.mark.parametrize(
    ("minute", "quiet"), [(1379, False), (1380, True), (1439, True), (0, True), (299, True), (300, False), (720, False)]
)
def test_quiet_hours_go_on_past_midnight(minute, quiet):
    assert is_quiet(minute, 1380, 300) is quiet


@pytest.mark.parametrize(("minute", "quiet"), [(59, False), (60, True), (119, True), (120, False)])
def test_quiet_hours_of_one_day(minute, quiet):
    assert is_quiet(minute, 60, 120) is quiet


def test_there_are_no_quiet_hours_when_they_end_as_they_begin():
    assert not any(is_quiet(minute, 300, 300) for minute in range(1440))
