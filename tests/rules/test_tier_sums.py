"""Smaller rewards on the way: earned in passing, once a round or once for ever, and kept through every change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_card import count, event

from rules.card import Event, add, blank, catch_up, enter, replay
from rules.programme import Terms, Tier, Version

COFFEE, CAKE, GIFT = 1, 2, 3  # the gift is earned once, for ever


def version(number=1, needed=10, policy="better", **at):
    """A version with these tiers: version(coffee=5)."""
    keys = {"coffee": COFFEE, "cake": CAKE, "gift": GIFT}
    tiers = tuple(Tier(keys[name], place, f"a {name}", once=name == "gift") for name, place in at.items())
    return Version(number, Terms(needed, "a sandwich", tiers=tiers), policy)


def ready(figures, *keys):
    return [figures.balance(key) for key in (None, *keys)]


def on_card(first, *events):
    return count(blank(first), {first.number: first}, *events)


def redeem(number, tier, rewards=-1, version=1):
    return Event(bytes([number]), "redeem", 0, rewards, number, version, tier=tier)


def test_coffee_at_five_and_the_sandwich_at_ten():
    programme = version(coffee=5)

    standing = [ready(on_card(programme, event(1, stamps=n)), COFFEE) for n in (4, 5, 9, 10, 14, 15, 30)]

    assert standing == [[0, 0], [0, 1], [0, 1], [1, 1], [1, 1], [1, 2], [3, 3]]


def test_a_tier_is_earned_again_in_each_round_and_a_gift_only_once():
    figures = on_card(version(coffee=5, gift=3), event(1, stamps=8), event(2, stamps=8), event(3, stamps=30))

    assert ready(figures, COFFEE, GIFT) == [4, 5, 1]


def test_handing_over_a_tier_takes_nothing_from_the_main_reward():
    figures = on_card(version(coffee=5), event(1, stamps=16), redeem(2, COFFEE), redeem(3, COFFEE))

    assert ready(figures, COFFEE) == [1, 0]
    assert (figures.rewards_ready, figures.stamps) == (1, 6)


def test_a_tier_handed_over_too_often_is_owed_and_the_next_one_settles_it():
    owing = on_card(version(coffee=5), redeem(1, COFFEE), event(2, stamps=4))
    settled = on_card(version(coffee=5), redeem(1, COFFEE), event(2, stamps=5))

    assert (owing.rewards_owed, owing.rewards_ready) == (1, 0)
    assert (settled.rewards_owed, settled.rewards_ready) == (0, 0)


def test_undoing_the_stamp_that_earned_a_tier_takes_it_back():
    figures = on_card(version(coffee=5), event(1, stamps=4), event(2), event(3, "void", -1, ref=b"\2"))

    assert ready(figures, COFFEE) == [0, 0]


def test_a_tier_stays_earned_when_its_stamps_run_out_and_can_be_earned_anew():
    programme = version(coffee=5, gift=3)
    kept = [Event(bytes([9 + key]), "expire", 0, 1, 9, 1, tier=key) for key in (COFFEE, GIFT)]

    ran_out = on_card(programme, event(1, stamps=6), event(2, "expire", stamps=-6), *kept)
    anew = on_card(programme, event(1, stamps=6), event(2, "expire", stamps=-6), *kept, event(3, stamps=6))

    assert (ran_out.stamps, ready(ran_out, COFFEE, GIFT)) == (0, [0, 1, 1])
    assert (anew.stamps, ready(anew, COFFEE, GIFT)) == (6, [0, 2, 1])


@pytest.mark.parametrize(
    ("new", "stands"),
    [
        (version(2, coffee=3), [0, 1, 0]),  # nearer: earned at once
        (version(2, coffee=8), [0, 0, 0]),  # farther: this round keeps the old place, and is not there yet
        (version(2), [0, 0, 0]),  # gone: this round still has it
        (version(2, coffee=5, cake=2), [0, 0, 1]),  # a new one, passed already
        (version(2, policy="finish", coffee=3, cake=2), [0, 0, 0]),  # this round is as it was
        (version(2, needed=4, cake=2), [1, 1, 1]),  # the goal came nearer than the coffee: all at once
    ],
)
def test_a_card_of_four_stamps_with_coffee_at_five_under_a_new_promise(new, stands):
    four = on_card(version(coffee=5), event(1, stamps=4))

    assert ready(enter(four, new), COFFEE, CAKE) == stands


@pytest.mark.parametrize("new", [version(2, coffee=8), version(2), version(2, policy="finish", coffee=9)])
def test_the_coffee_a_card_showed_comes_at_the_fifth_stamp_whatever_was_changed(new):
    versions = {1: version(coffee=5), 2: new}

    figures = count(blank(versions[1]), versions, event(1, stamps=4), event(2, version=2))

    assert ready(figures, COFFEE) == [0, 1]


def test_the_round_after_the_one_in_progress_has_the_new_tiers():
    versions = {1: version(coffee=5), 2: version(2, cake=3)}

    figures = count(blank(versions[1]), versions, event(1, stamps=1), event(2, stamps=15, version=2))

    assert figures.stamps == 6
    assert ready(figures, COFFEE, CAKE) == [1, 1, 2]


places = st.dictionaries(st.sampled_from(["coffee", "cake", "gift"]), st.integers(1, 11), max_size=3)


@st.composite
def programmes(draw):
    """The versions of a programme, first to last."""
    versions = {}
    for number in range(1, draw(st.integers(2, 5))):
        needed = draw(st.integers(2, 12))
        at = {name: place for name, place in draw(places).items() if place < needed}
        versions[number] = version(number, needed, draw(st.sampled_from(["better", "finish"])), **at)
    return versions


@st.composite
def stories(draw):
    """A programme, and events of a card under its versions, each of a version no older than the one before it."""
    versions = draw(programmes())
    events, current = [], 1
    for number in range(1, draw(st.integers(1, 15))):
        current = draw(st.integers(current, len(versions)))
        undoable = [e for e in events if e.kind != "void" and e.id not in {v.ref for v in events}]
        kind = draw(st.sampled_from(["stamp", "stamp", "redeem", "adjust", "expire", "void"]))
        here = catch_up(blank(versions[1]), versions, current)
        keys = [tier.key for tier in here.tiers]
        if kind == "void" and undoable:
            old = draw(st.sampled_from(undoable))
            undone = Event(bytes([number]), kind, -old.stamps, -old.rewards, number, current, old.id, old.tier)
            events.append(undone)
        elif kind == "redeem" and keys:
            events.append(redeem(number, draw(st.sampled_from([None, *keys])), version=current))
        elif kind == "expire" and keys:
            key = draw(st.sampled_from(keys))
            events.append(Event(bytes([number]), kind, 0, draw(st.sampled_from([1, -1])), number, current, tier=key))
        else:
            low = -9 if kind == "adjust" else 1
            events.append(event(number, "stamp" if low > 0 else kind, draw(st.integers(low, 20)), version=current))
    return versions, events


@given(story=stories(), data=st.data())
def test_tiers_added_up_one_by_one_are_what_a_replay_in_any_order_gives(story, data):
    versions, events = story
    kept = count(blank(versions[1]), versions, *events)

    shuffled = data.draw(st.permutations(events))

    assert replay(shuffled, versions, 1, kept.version) == kept


@given(versions=programmes(), stamps=st.integers(0, 30), number=st.integers(13, 20))
def test_no_change_takes_a_tier_away_or_puts_it_farther(versions, stamps, number):
    first, new = versions[1], replace(versions[max(versions)], number=2)
    shown = on_card(first, event(1, stamps=stamps)) if stamps else blank(first)

    entered = enter(shown, new)

    for more in range(shown.round_need - shown.progress + 1):
        old = add(shown, event(number, stamps=more), first)
        now = add(entered._replace(anchor=0), event(number, stamps=more, version=2), new)
        for tier in old.tiers:
            assert now.balance(tier.key) >= old.balance(tier.key)
