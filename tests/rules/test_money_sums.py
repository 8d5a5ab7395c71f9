"""A card that counts money: a stamp per so much, across visits, to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_card import count

from rules.card import Event, blank, enter, replay, stamps_gained
from rules.programme import Terms, Tier, Version


def version(number=1, needed=10, per_stamp=500, policy="better", tiers=()):
    """A stamp for every five euros, unless said otherwise."""
    terms = Terms(needed, "a sandwich", stamp_for="spend", spend_per_stamp=per_stamp, tiers=tiers)
    return Version(number, terms, policy)


def paid(number, amount, kind="stamp", *, version=1, ref=None):
    return Event(bytes([number]), kind, 0, 0, number, version, ref, None, amount)


def on_card(*amounts):
    events = [paid(number, amount) for number, amount in enumerate(amounts, start=1)]
    return count(blank(version()), {1: version()}, *events)


def shown(figures):
    return figures.stamps, figures.needed, figures.remainder, figures.rewards_ready


def test_what_is_left_over_counts_on_at_the_next_visit():
    assert shown(on_card(1299)) == (2, 10, 299, 0)
    assert shown(on_card(1299, 201)) == (3, 10, 0, 0)


def test_ten_stamps_worth_fill_the_card_and_the_rest_starts_the_next_round():
    assert shown(on_card(4999)) == (9, 10, 499, 0)
    assert shown(on_card(4999, 1)) == (0, 10, 0, 1)
    assert shown(on_card(12_345)) == (4, 10, 345, 2)


def test_undoing_takes_back_the_exact_amount():
    figures = count(blank(version()), {1: version()}, paid(1, 1299), paid(2, 4000), paid(3, -1299, "void", ref=b"\1"))

    assert shown(figures) == (8, 10, 0, 0)


def test_a_tier_lies_at_so_many_stamps_worth():
    programme = version(tiers=(Tier(1, 5, "a coffee"),))

    standing = [count(blank(programme), {1: programme}, paid(1, n)).balance(1) for n in (2499, 2500, 7499, 7500)]

    assert standing == [0, 1, 1, 2]


@pytest.mark.parametrize(
    ("new", "stands"),
    [
        (version(2, per_stamp=700), (3, 10, 300, 0)),  # dearer: this round goes on as it was
        (version(2, per_stamp=400), (4, 10, 200, 0)),  # cheaper: this round already
        (version(2, needed=8, per_stamp=600), (3, 8, 0, 0)),  # nearer in money, though each stamp takes more
        (version(2, needed=3), (0, 3, 300, 1)),  # full at once, and the rest counts on
        (version(2, per_stamp=400, policy="finish"), (3, 10, 300, 0)),
    ],
)
def test_eighteen_euros_on_a_card_under_a_new_price_of_a_stamp(new, stands):
    assert shown(enter(on_card(1800), new)) == stands


def test_a_round_in_progress_never_gets_farther_in_money():
    before = on_card(1800)

    for per_stamp in (1, 100, 499, 500, 501, 5000):
        for needed in (2, 10, 50):
            after = enter(before, version(2, needed, per_stamp))
            left = after.round_need - after.progress
            assert after.earned > before.earned or left <= before.round_need - before.progress


@pytest.mark.parametrize(
    ("before", "amount", "gained"),
    [((), 1299, 2), ((1299,), 201, 1), ((1299,), 200, 0), ((4999,), 1, 1), ((4000,), 12_345, 24), ((), 499, 0)],
)
def test_an_amount_comes_to_the_whole_stamps_between_before_and_after(before, amount, gained):
    here, then = on_card(*before), on_card(*before, amount)

    assert stamps_gained(here, then, version().terms) == gained
    assert stamps_gained(then, here, version().terms) == -gained


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=20))
def test_the_whole_stamps_of_all_amounts_are_the_whole_stamps_of_their_sum(amounts):
    gained, figures = 0, blank(version())
    for number, amount in enumerate(amounts, start=1):
        after = count(figures, {1: version()}, paid(number, amount))
        gained += stamps_gained(figures, after, version().terms)
        figures = after

    assert gained == sum(amounts) // 500
    assert figures.stamps + 10 * figures.earned == gained


@given(st.lists(st.tuples(st.integers(-3000, 9000), st.integers(1, 2)), max_size=12), st.data())
def test_money_added_up_one_by_one_is_what_a_replay_in_any_order_gives(amounts, data):
    versions = {1: version(), 2: version(2, data.draw(st.integers(2, 12)), data.draw(st.integers(1, 900)))}
    ordered = sorted(amounts, key=lambda pair: pair[1])
    events = [paid(n, amount, version=number) for n, (amount, number) in enumerate(ordered, start=1)]
    kept = count(blank(versions[1]), versions, *events)

    assert replay(data.draw(st.permutations(events)), versions, 1, kept.version) == kept


def test_money_taken_back_beyond_what_there_was_is_owed_in_stamps_begun():
    figures = on_card(-501)

    assert (figures.stamps, figures.stamps_owed, figures.remainder) == (0, 2, 0)
