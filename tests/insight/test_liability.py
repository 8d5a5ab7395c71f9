"""What is owed: bounds that hold, and an expectation from the shop's own history."""

from dataclasses import replace

import numpy as np
import pytest

from insight import figures
from insight.columns import Cards, Item, Programme
from insight.liability import liability
from insight.progress import steps
from tests.insight.ledgers import DAY, START, Line, ledger, promise, redeem, stamp, tier


def owed(day, *lines, **more):
    columns = ledger(*lines, **more)
    at = START + day * DAY + DAY // 2
    return liability(figures.view(columns, at), steps(columns, at))


def test_a_shop_without_history_reckons_with_everything():
    found = owed(5, stamp(0, 1, 25))

    assert (found.rewards, found.stamps, found.cards) == (2, 5, 1)
    assert found.at_most == 2.5 * 240
    assert found.redeemed is None


def test_nobody_is_owed_anything_where_nobody_has_a_card():
    assert owed(5, cards=1, shops=[-1]) is None


def test_rewards_are_expected_to_be_redeemed_as_often_as_they_were():
    lines = stamp(0, 1, 10), redeem(0, 2), stamp(1, 1, 10)

    found = owed(100, *lines)

    assert (found.redeemed, found.rewards) == (0.5, 1)
    assert found.expected == 0.5 * 240
    assert found.at_most == 240


def test_stamps_are_expected_to_become_rewards_as_often_as_they_did():
    # Of four cards that came to five stamps two went on and were full the day after; the fifth is new.
    went_on = [each for card in (0, 1) for each in (stamp(card, 0, 5), stamp(card, 1, 5), redeem(card, 2))]
    stayed = [stamp(card, 0, 5) for card in (2, 3)]

    found = owed(300, *went_on, *stayed, stamp(4, 300, 5))

    fresh = found.expected / 240
    assert found.redeemed == 1
    assert fresh == pytest.approx(0.5 * 2 / 5, rel=0.25)
    assert found.completed == pytest.approx(fresh / 1.5)
    assert found.expected < found.at_most == 1.5 * 240


def test_a_card_that_has_been_quiet_longer_than_any_that_came_back_is_not_expected():
    went_on = [each for card in (0, 1) for each in (stamp(card, 0, 5), stamp(card, 1, 5), redeem(card, 2))]

    found = owed(300, *went_on, stamp(2, 0, 5))

    assert found.completed == 0
    assert found.expected == 0


def test_stamps_that_ran_out_were_never_filled_whatever_came_after():
    ran_out = [stamp(0, 0, 5), Line(0, "expire", -5, at=50 * DAY), stamp(0, 60, 10), redeem(0, 61)]

    went_on = [stamp(1, 0, 5), stamp(1, 3)]

    found = owed(300, *ran_out, *went_on, stamp(2, 300, 5))

    assert found.completed == 0


COFFEE, BAG = tier(1, 5, Item("a coffee", 60, 0), Item("a cake", 160, 0)), tier(2, 8, Item("a bag", 400, 0), once=True)


def test_every_kind_of_reward_that_waits_is_owed_by_name():
    lines = stamp(0, 1, 26), redeem(0, 2), redeem(0, 3, tier=1, item="a cake"), redeem(0, 3, tier=1), stamp(1, 4, 3)

    found = owed(5, *lines, promises=(promise(tiers=(COFFEE, BAG)),))

    assert [(each.reward, each.n, each.cost) for each in found.waiting] == [
        ("a sandwich", 1, 240), ("a coffee", 1, 160), ("a bag", 1, 400),
    ]  # fmt: skip
    assert (found.rewards, found.stamps, found.cards) == (3, 9, 2)
    # In progress: six tenths and three tenths of a sandwich, three fifths of a coffee, three eighths of a bag.
    assert found.at_most == pytest.approx(240 + 160 + 400 + 0.9 * 240 + 0.6 * 160 + 3 / 8 * 400)
    # Of two coffees one was a cake, so the third is expected to cost what they did in the mean. No round that was four
    # or seven stamps short has gone on; of those two or five short, as a coffee and a bag are, nothing is known.
    assert found.expected == pytest.approx(240 + 110 + 400 + 0.6 * 110 + 3 / 8 * 400)


def test_a_tier_is_as_likely_as_a_round_that_is_as_many_stamps_short():
    # Of four cards two stamps short of a sandwich two went on the day after; the fifth is two short of its coffee.
    went_on = [each for card in (0, 1) for each in (stamp(card, 0, 8), stamp(card, 1, 2), redeem(card, 2))]
    went_on += [redeem(card, 2, tier=1) for card in (0, 1, 2, 3)]
    stayed = [stamp(card, 0, 8) for card in (2, 3)]
    terms = promise(cost=0, tiers=(tier(1, 5, Item("a coffee", 60, 0)),))

    found = owed(300, *went_on, *stayed, stamp(4, 300, 3), promises=(terms,))

    assert found.redeemed == 1
    assert found.expected == pytest.approx(60 * 3 / 5 * 0.5)


def test_on_cards_that_count_money_a_part_of_a_stamp_is_owed_too():
    paid = promise(needed=5, spend_per_stamp=1000)

    found = owed(5, Line(0, "stamp", 7, amount=7400), Line(1, "stamp", 0, amount=900), promises=(paid,))

    assert (found.rewards, found.stamps, found.cards) == (1, 2, 2)
    assert found.at_most == pytest.approx(240 * (1 + 2400 / 5000 + 900 / 5000))


def test_the_two_programmes_of_an_experiment_are_told_as_one():
    one = ledger(stamp(0, 1, 10), stamp(1, 1, 13))
    two = Cards(np.array([0, 1], np.int16), one.cards.shop, one.cards.first_version, one.cards.created_at)
    other = Programme(one.programmes[0].name, (promise(needed=12, cost=300),))
    both = replace(one, cards=two, programmes=(*one.programmes, other))

    (found,) = liability(figures.view(both, START + 5 * DAY), steps(both, START + 5 * DAY)).waiting

    assert (found.reward, found.n, found.cost) == ("a sandwich", 2, 540)
