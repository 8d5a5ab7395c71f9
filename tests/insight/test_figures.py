"""The honest figures: each counted by hand on a shop small enough to count, and none from nothing."""

import numpy as np
import pytest

from insight import figures, promised
from insight.columns import Item
from insight.doing import who_is_slipping_away
from insight.hours import busy_hours
from insight.progress import steps
from insight.visits import DAY_MS
from tests.insight.ledgers import DAY, HOUR, START, Line, ledger, promise, redeem, stamp, tier


def seen(day, *lines, **more):
    """A view of these lines at noon of a day."""
    return figures.view(ledger(*lines, **more), START + day * DAY + 12 * HOUR)


def completion(view):
    return promised.completion(view, steps(view.columns, view.at))


@pytest.mark.parametrize(
    "figure",
    [
        figures.active_cards, figures.visits_per_active, figures.visits_per_enrolled, figures.second_visit, completion,
        promised.redemption, promised.breakage, lambda view: promised.reward_cost(view, view.back(28)), busy_hours,
    ],
)  # fmt: skip
def test_no_figure_comes_from_nothing(figure):
    assert figure(seen(400)) is None


def test_a_card_is_active_for_28_days_from_its_visit_on():
    lines = stamp(0, 0), stamp(1, 1), stamp(2, 20), stamp(2, 21)

    assert figures.active_cards(seen(27, *lines)).value == 3
    assert figures.active_cards(seen(28, *lines)).value == 2
    assert figures.active_cards(seen(28, *lines)).n == 3


def test_what_comes_later_than_the_moment_is_not_there_yet():
    lines = stamp(0, 1), stamp(1, 30)

    assert figures.active_cards(seen(2, *lines, made=[0, 29 * DAY])).n == 1
    assert figures.active_cards(seen(2, *lines)).value == 1


def test_a_card_from_a_printed_sheet_is_nobodys_until_it_is_first_used():
    lines = stamp(0, 10), stamp(0, 12), stamp(1, 1)

    early, late = (seen(day, *lines, cards=3, shops=[-1, 0, -1]) for day in (5, 20))

    assert (figures.active_cards(early).n, figures.active_cards(late).n) == (1, 2)
    assert late.enrolled_at[0] == START + 10 * DAY + 12 * HOUR


def test_visits_for_each_active_card_leave_out_who_did_not_come():
    figure = figures.visits_per_active(seen(50, stamp(0, 1), stamp(1, 40), stamp(1, 41), stamp(1, 41), stamp(2, 45)))

    assert (figure.value, figure.n) == (1.5, 2)
    assert figure.interval[0] < 1.5 < figure.interval[1]
    assert figure.until - figure.since == 28 * DAY_MS


def test_visits_for_each_card_count_those_that_were_there_all_the_while():
    lines = stamp(0, 1), stamp(1, 40), stamp(1, 41), stamp(2, 45)

    figure = figures.visits_per_enrolled(seen(50, *lines, made=[0, 0, 45 * DAY]))

    assert (figure.value, figure.n) == (1.0, 2)


def test_one_card_has_a_mean_and_no_interval():
    assert figures.visits_per_active(seen(5, stamp(0, 1))).interval is None


def test_the_second_visit_counts_cards_as_long_as_they_were_watched():
    # One comes back after ten days, one after forty, one never, one has been watched for five days only.
    lines = stamp(0, 0), stamp(0, 10), stamp(1, 0), stamp(1, 40), stamp(2, 0), stamp(3, 95)

    figure = figures.second_visit(seen(100, *lines))

    assert figure.value == pytest.approx(1 / 3)  # at ten days three cards are being watched, and one comes
    assert figure.n == 4
    assert figure.interval[0] < figure.value < figure.interval[1]


def test_two_stamps_on_the_first_day_are_no_second_visit():
    figure = figures.second_visit(seen(40, stamp(0, 0, hour=9), stamp(0, 0, hour=18)))

    assert (figure.value, figure.interval) == (0, None)


def test_cards_fill_from_the_first_stamp_to_the_last():
    # Two are far from full after 310 days; one has been watched for ten days only.
    lines = [stamp(0, 0, 5), stamp(0, 20, 5), stamp(1, 0, 9), stamp(2, 0), stamp(3, 300, 9)]

    found = completion(seen(310, *lines))

    assert found.within.value == pytest.approx(1 / 3)
    assert found.within.n == 4
    assert found.days.tolist() == [20]
    assert found.shares.tolist() == pytest.approx([1 / 3])
    assert found.median_days is None
    assert completion(seen(310, *lines[:2])).median_days == 20


def test_a_card_that_came_full_from_elsewhere_says_nothing_of_how_cards_fill():
    carried_over = Line(0, "adjust", 12)

    assert completion(seen(50, carried_over, stamp(0, 3))) is None
    assert completion(seen(50, carried_over, stamp(0, 3), stamp(1, 4))).within.n == 1


def test_a_card_full_on_its_first_visit_took_no_time():
    assert completion(seen(50, stamp(0, 3, 10))).median_days == 0


def test_rewards_are_judged_once_they_had_60_days_to_be_redeemed():
    lines = stamp(0, 1, 20), redeem(0, 90), stamp(1, 50, 10), redeem(1, 51), stamp(2, 5, 9)

    figure = promised.redemption(seen(100, *lines))

    assert (figure.value, figure.n) == (0.5, 2)  # the second card's reward is too young


def test_a_reward_given_by_hand_is_a_promise_too_and_an_undone_redemption_none_kept():
    gift = Line(0, "adjust", rewards=1)
    taken = redeem(0, 10)
    undone = Line(0, "void", rewards=1, at=11 * DAY, undoes=1)

    assert promised.redemption(seen(100, gift, taken)).value == 1
    assert promised.redemption(seen(100, gift, taken, undone)).value == 0
    assert promised.redemption(seen(50, gift, taken)) is None


def test_breakage_counts_stamps_that_were_left_lying_as_parts_of_a_reward():
    lines = stamp(0, 1, 10), redeem(0, 30), stamp(1, 1, 5), stamp(2, 380, 9)

    figure = promised.breakage(seen(400, *lines))

    assert figure.value == pytest.approx(0.5 / 1.5)
    assert figure.n == 2
    assert promised.breakage(seen(300, *lines)) is None


def test_what_is_redeemed_later_keeps_an_old_promise():
    assert promised.breakage(seen(400, stamp(0, 1, 10), redeem(0, 399))).value == 0


def test_rewards_cost_between_what_they_are_made_of_and_what_they_would_have_sold_for():
    promises = promise(), promise(2, 10, cost=300, price=800, day=20)
    lines = stamp(0, 1, 30), redeem(0, 2), redeem(0, 25), redeem(0, 26, version=2)

    view = seen(30, *lines, promises=promises)
    found = promised.reward_cost(view, view.back(28))

    assert (found.at_least, found.at_most, found.n) == (240 + 300, 690 + 800, 2)
    assert (found.since, found.until) == (START + 2 * DAY + 12 * HOUR, START + 30 * DAY + 12 * HOUR)


CAFE = promise(
    choices=(Item("a soup", 310, 900),),
    tiers=(tier(1, 5, Item("a coffee", 60, 300), Item("a tea", 40, 250)), tier(2, 2, Item("a bag", 400, 0), once=True)),
)


def test_every_reward_is_judged_by_itself_whatever_the_others_do():
    # Two rounds and a half: two sandwiches, three coffees and a bag; one more coffee by hand. Of them three coffees and
    # a sandwich are fetched.
    lines = stamp(0, 1, 25), *(redeem(0, day, tier=1) for day in (2, 3, 70)), redeem(0, 4)
    gift = Line(0, "adjust", rewards=1, tier=1, at=5 * DAY)

    found = promised.redemption(seen(100, *lines, gift, promises=(CAFE,)))

    assert (found.value, found.n) == (pytest.approx(4 / 7), 7)


def test_a_tier_that_stayed_though_its_stamps_ran_out_was_promised():
    lines = stamp(0, 1, 6), Line(0, "expire", -6, at=2 * DAY), Line(0, "expire", rewards=1, tier=1, at=2 * DAY)

    assert promised.redemption(seen(100, *lines, promises=(promise(tiers=(tier(1, 5),)),))).n == 1
    assert (
        promised.redemption(seen(100, *lines, redeem(0, 3, tier=1), promises=(promise(tiers=(tier(1, 5),)),))).value
        == 1
    )


def test_breakage_counts_a_tier_as_a_promise_of_its_own():
    # Three stamps: three fifths of a coffee, three tenths of a sandwich, and a bag that was fetched.
    figure = promised.breakage(seen(400, stamp(0, 1, 3), redeem(0, 2, tier=2), promises=(CAFE,)))

    assert figure.value == pytest.approx(0.9 / 1.9)


def test_what_was_picked_is_what_it_cost():
    later = promise(2, 8, cost=300, price=800, day=20)  # in which neither the coffee nor the soup is offered any more
    lines = stamp(0, 1, 30), redeem(0, 2, item="a soup"), redeem(0, 3, tier=1, item="a tea"), redeem(0, 4, tier=1)
    late = redeem(0, 25, version=2, tier=1), redeem(0, 26, version=2, item="a soup"), redeem(0, 27, tier=1)
    undone = Line(0, "void", rewards=1, tier=1, at=27 * DAY + 13 * HOUR, undoes=6)

    view = seen(28, *lines, *late, undone, promises=(CAFE, later))
    found = promised.reward_cost(view, START)

    assert (found.at_least, found.at_most, found.n) == (310 + 40 + 60 + 60 + 300, 900 + 250 + 300 + 300 + 800, 5)


def test_a_visit_earns_what_its_stamps_do_or_its_part_of_the_money():
    paid = promise(cost=240, price=600, spend_per_stamp=500)
    lines = stamp(0, 1, 2), stamp(0, 2), stamp(1, 1)
    of_money = Line(0, "stamp", 3, at=DAY, amount=1500), Line(0, "stamp", 1, at=3 * DAY, amount=500)

    by_stamps = who_is_slipping_away(ledger(*lines), START + 9 * DAY)
    by_money = who_is_slipping_away(ledger(*of_money, promises=(paid,)), START + 9 * DAY)

    assert by_stamps.margin_per_visit == pytest.approx(450 * 4 / 3)
    assert by_money.margin_per_visit == pytest.approx(2000 * 0.6 / 2)


def test_a_young_shop_s_average_week_is_one_of_those_it_has_had():
    lines = [stamp(card, day) for day in (0, 7) for card in range(3)]

    assert busy_hours(seen(14, *lines)).visits[0, 12] == 3
    assert busy_hours(seen(6, *lines)) is None


def test_busy_hours_are_those_of_an_average_week():
    lines = [stamp(card, 7 * week + 1, hour=12) for week in range(4) for card in range(3)]
    lines.append(stamp(3, 0, hour=8))

    found = busy_hours(seen(28, *lines, stamp(0, 28, hour=9)), weeks=4)

    assert found.visits[1, 12] == 3
    assert found.visits.sum() == 3.25
    assert found.n == 13
    assert (found.since, found.until) == (START, START + 28 * DAY)
    assert np.argmax(busy_hours(seen(28, *lines, zone="Asia/Kathmandu"), weeks=4).visits) == 24 + 17
