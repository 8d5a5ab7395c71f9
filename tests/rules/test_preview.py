"""What a change of programme would do, before it is made: it must be what entering the version then does."""

from hypothesis import given
from hypothesis import strategies as st

from rules.card import Figures, enter
from rules.preview import Change, preview
from rules.programme import Terms, Version


def terms(needed, cost=250):
    return Terms(stamps_needed=needed, reward="a free coffee", unit_cost=cost)


def test_the_preview_says_how_many_cards_are_touched_which_fill_and_what_that_costs():
    seen = preview([(3, 10, 40), (8, 10, 5), (9, 10, 2), (0, 8, 7)], terms(8), "better")

    assert (seen.cards_touched, seen.full_at_once, seen.rewards_added, seen.cost_at_once) == (47, 7, 7, 1750)
    assert Change(stamps=9, needed_before=10, needed_after=8, rewards_added=1, cards=2) in seen.changes


def test_finishing_the_round_touches_no_card():
    seen = preview([(3, 10, 40), (9, 10, 2)], terms(4), "finish")

    assert (seen.cards_touched, seen.rewards_added, seen.changes) == (0, 0, ())


def test_a_worse_promise_touches_no_card_in_the_middle_of_a_round():
    assert preview([(3, 10, 40)], terms(12), "better").cards_touched == 0


standings = st.integers(2, 50).flatmap(lambda needed: st.tuples(st.integers(0, needed - 1), st.just(needed)))


@given(cards=st.lists(standings, max_size=20), needed=st.integers(2, 50), policy=st.sampled_from(["better", "finish"]))
def test_the_preview_is_what_then_happens_to_each_card(cards, needed, policy):
    seen = preview([(*card, 1) for card in cards], terms(needed), policy)

    entered = [enter(Figures(1, need, total=stamps), Version(2, terms(needed), policy)) for stamps, need in cards]

    assert seen.rewards_added == sum(figures.earned for figures in entered)
    assert seen.full_at_once == sum(figures.earned > 0 for figures in entered)
    changed = [card[1] != figures.round_need or figures.earned for card, figures in zip(cards, entered, strict=True)]
    assert seen.cards_touched == sum(map(bool, changed))
