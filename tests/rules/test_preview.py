"""What a change of programme would do, before it is made: it must be what entering the version then does."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.card import Figures, blank, enter
from rules.preview import Change, TierAdded, preview
from rules.programme import Terms, Tier, Version


def terms(needed, cost=250, tiers=()):
    return Terms(stamps_needed=needed, reward="a free coffee", unit_cost=cost, tiers=tiers)


def seen(cards, after, policy="better", before=None):
    """A preview of cards given as (stamps, needed, how many cards)."""
    standing = [(Figures(1, needed, total=stamps), n) for stamps, needed, n in cards]
    return preview(standing, {1: Version(1, before or terms(10))}, Version(2, after, policy))


def test_the_preview_says_how_many_cards_are_touched_which_fill_and_what_that_costs():
    found = seen([(3, 10, 40), (8, 10, 5), (9, 10, 2), (0, 8, 7)], terms(8))

    assert (found.cards_touched, found.full_at_once, found.rewards_added, found.cost_at_once) == (47, 7, 7, 1750)
    assert Change(stamps=9, needed_before=10, needed_after=8, rewards_added=1, cards=2) in found.changes


def test_finishing_the_round_touches_no_card():
    found = seen([(3, 10, 40), (9, 10, 2)], terms(4), "finish")

    assert (found.cards_touched, found.rewards_added, found.changes) == (0, 0, ())


def test_a_worse_promise_touches_no_card_in_the_middle_of_a_round():
    assert seen([(3, 10, 40)], terms(12)).cards_touched == 0


def test_a_new_tier_is_earned_at_once_by_cards_that_have_passed_it():
    found = seen([(3, 10, 40), (5, 10, 5), (9, 10, 2)], terms(10, tiers=(Tier(1, 5, "a cookie", unit_cost=40),)))

    assert (found.cards_touched, found.full_at_once, found.rewards_added, found.cost_at_once) == (47, 0, 7, 280)
    assert found.tiers == (TierAdded(1, "a cookie", 7),)


def test_a_tier_that_is_gone_costs_what_it_did_where_a_nearer_goal_brings_it():
    cookie = Tier(1, 8, "a cookie", unit_cost=40)
    before = terms(10, tiers=(cookie,))
    standing = [(Figures(1, 10, total=6, tiers=blank(Version(1, before)).tiers), 3)]

    found = preview(standing, {1: Version(1, before)}, Version(2, terms(6)))

    assert (found.full_at_once, found.rewards_added, found.cost_at_once) == (3, 6, 3 * 250 + 3 * 40)


def test_cards_that_count_money_are_told_in_whole_stamps():
    cafe = Terms(10, "a free coffee", stamp_for="spend", spend_per_stamp=500)
    standing = [(Figures(1, 5000, total=paid, unit=500), 1) for paid in (1500, 1700, 2000)]

    found = preview(standing, {1: Version(1, cafe)}, Version(2, replace(cafe, stamps_needed=8)))

    assert found.changes == (Change(3, 10, 8, 0, 2), Change(4, 10, 8, 0, 1))


standings = st.integers(2, 50).flatmap(lambda needed: st.tuples(st.integers(0, needed - 1), st.just(needed)))


@given(cards=st.lists(standings, max_size=20), needed=st.integers(2, 50), policy=st.sampled_from(["better", "finish"]))
def test_the_preview_is_what_then_happens_to_each_card(cards, needed, policy):
    found = seen([(*card, 1) for card in cards], terms(needed), policy)

    entered = [enter(Figures(1, need, total=stamps), Version(2, terms(needed), policy)) for stamps, need in cards]

    assert found.rewards_added == sum(figures.earned for figures in entered)
    assert found.full_at_once == sum(figures.earned > 0 for figures in entered)
    changed = [card[1] != figures.round_need or figures.earned for card, figures in zip(cards, entered, strict=True)]
    assert found.cards_touched == sum(map(bool, changed))
