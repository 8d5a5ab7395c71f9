"""What is owed: bounds that hold, and an expectation from the shop's own history."""

import pytest

from insight import figures
from insight.liability import liability
from insight.progress import steps
from tests.insight.ledgers import DAY, START, Line, ledger, redeem, stamp


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
