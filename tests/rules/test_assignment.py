"""Drawing by chance that can be asked again: the right share, the same cards each time, another draw each campaign."""

import pytest

from insight.experiments import TREATMENT, assign
from rules.assignment import held_out, place


def test_the_share_held_out_is_right_and_stays_the_same():
    cards = [n.to_bytes(16, "big") for n in range(20_000)]
    autumn, winter = b"autumn campaign!", b"winter campaign!"

    held = {card for card in cards if held_out(autumn, card, 10)}

    assert len(held) == pytest.approx(2000, abs=130)  # three standard deviations
    assert held == {card for card in reversed(cards) if held_out(autumn, card, 10)}
    assert held <= {card for card in cards if held_out(autumn, card, 30)}
    both = held & {card for card in cards if held_out(winter, card, 10)}
    assert len(both) == pytest.approx(200, abs=45), "each campaign draws anew"
    assert not any(held_out(autumn, card, 0) for card in cards)


def test_a_place_in_a_draw_is_from_zero_to_below_one_and_known_for_ever():
    places = [place(b"a", n.to_bytes(16, "big")) for n in range(1000)]

    assert 0 <= min(places) < 0.01 < 0.99 < max(places) < 1
    # As it was on the day this was written: whoever was held out of a campaign then still is.
    assert place(b"x" * 16, b"y" * 16) == 0.9677884192035889


def test_campaigns_and_experiments_draw_alike():
    cards = [n.to_bytes(16, "big") for n in range(2000)]

    drawn = [assign(b"autumn campaign!", card, share=0.3) == TREATMENT for card in cards]

    assert drawn == [held_out(b"autumn campaign!", card, 30) for card in cards]
