"""A card is its events added up: rounds, what is left over, undoing, and how a new promise is entered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.card import Event, add, blank, catch_up, enter, replay
from rules.programme import Terms, Version


def version(number=1, needed=10, policy="better"):
    return Version(number, Terms(stamps_needed=needed, reward="a free coffee"), policy)


def event(number, kind="stamp", stamps=1, rewards=0, *, at=None, version=1, ref=None):
    return Event(bytes([number]), kind, stamps, rewards, number if at is None else at, version, ref)


def count(figures, versions, *events):
    """One event after another, each under its own version, by adding up where that can be done, else by replay."""
    seen = []
    for each in events:
        seen.append(each)
        figures = catch_up(figures, versions, each.version)
        added = add(figures, each, versions[each.version])
        figures = replay(seen, versions, 1, each.version) if added is None else added
    return figures


def on_card(figures):
    return figures.stamps, figures.round_need, figures.rewards_ready


def test_the_tenth_stamp_earns_the_reward_and_starts_the_next_round():
    nine = count(blank(version()), {1: version()}, event(1, stamps=9))
    ten = count(blank(version()), {1: version()}, event(1, stamps=10))

    assert on_card(nine) == (9, 10, 0)
    assert on_card(ten) == (0, 10, 1)


def test_what_is_left_over_when_a_round_fills_starts_the_next():
    five = version(needed=5)

    assert on_card(count(blank(five), {1: five}, event(1, stamps=12))) == (2, 5, 2)


def test_a_waiting_reward_never_blocks_new_stamps():
    figures = count(blank(version()), {1: version()}, event(1, stamps=10), event(2, stamps=3))

    assert on_card(figures) == (3, 10, 1)


def test_redeeming_one_of_two_leaves_the_other_and_the_stamps():
    redeem = event(2, "redeem", stamps=0, rewards=-1)

    figures = count(blank(version()), {1: version()}, event(1, stamps=24), redeem)

    assert on_card(figures) == (4, 10, 1)


def test_more_handed_over_than_earned_is_owed_and_the_next_reward_settles_it():
    owing = count(blank(version()), {1: version()}, event(1, "redeem", stamps=0, rewards=-1))
    settled = count(blank(version()), {1: version()}, event(1, "redeem", stamps=0, rewards=-1), event(2, stamps=10))

    assert (owing.rewards_ready, owing.rewards_owed) == (0, 1)
    assert (settled.rewards_ready, settled.rewards_owed) == (0, 0)


def test_undoing_a_stamp_takes_back_the_round_it_filled():
    figures = count(blank(version()), {1: version()}, event(1, stamps=8), event(2, stamps=4))
    undone = count(
        blank(version()), {1: version()}, event(1, stamps=8), event(2, stamps=4), event(3, "void", -4, ref=b"\2")
    )

    assert on_card(figures) == (2, 10, 1)
    assert on_card(undone) == (8, 10, 0)


def test_stamps_taken_beyond_those_there_are_owed():
    figures = count(blank(version()), {1: version()}, event(1, "adjust", stamps=-3), event(2, stamps=2))

    assert (figures.stamps, figures.stamps_owed) == (0, 1)


def test_the_last_stamp_is_the_latest_one_not_undone():
    stamps = event(1, at=100), event(2, at=300), event(3, at=200)

    assert count(blank(version()), {1: version()}, *stamps).last_stamp_at == 300
    undone = count(blank(version()), {1: version()}, *stamps, event(4, "void", -1, at=400, ref=b"\2"))
    assert undone.last_stamp_at == 200


def test_a_welcome_is_no_visit():
    assert count(blank(version()), {1: version()}, event(1, "bonus", stamps=2)).last_stamp_at is None


@pytest.mark.parametrize(
    ("policy", "needed", "stands"),
    [
        ("better", 8, (7, 8, 0)),  # the new promise is the better one
        ("better", 12, (7, 10, 0)),  # the old one was
        ("better", 7, (0, 7, 1)),  # full at once
        ("better", 5, (2, 5, 1)),  # full at once, and the rest counts on
        ("better", 3, (1, 3, 2)),
        ("finish", 8, (7, 10, 0)),
        ("finish", 3, (7, 10, 0)),
        ("finish", 12, (7, 10, 0)),
    ],
)
def test_a_card_of_seven_stamps_under_a_new_promise(policy, needed, stands):
    seven = count(blank(version()), {1: version()}, event(1, stamps=7))

    assert on_card(enter(seven, version(2, needed, policy))) == stands


@pytest.mark.parametrize("policy", ["better", "finish"])
def test_the_round_after_the_one_in_progress_has_the_new_goal(policy):
    versions = {1: version(), 2: version(2, 12, policy)}

    figures = count(blank(versions[1]), versions, event(1, stamps=7), event(2, stamps=4, version=2))

    assert on_card(figures) == (1, 12, 1)


def test_a_card_goes_through_every_version_it_missed():
    versions = {1: version(), 2: version(2, 8), 3: version(3, 12)}
    seven = count(blank(versions[1]), versions, event(1, stamps=7))

    assert on_card(catch_up(seven, versions, 3)) == (7, 8, 0)


def test_a_missing_version_is_an_error_and_no_guess():
    with pytest.raises(KeyError):
        catch_up(blank(version()), {1: version(), 3: version(3)}, 3)


def test_undoing_an_old_stamp_reaches_back_into_rounds_of_an_older_promise():
    versions = {1: version(needed=5), 2: version(2, 10)}
    events = event(1, stamps=6), event(2, stamps=1, version=2), event(3, "void", -6, version=2, ref=b"\1")

    figures = count(blank(versions[1]), versions, *events)

    assert on_card(figures) == (1, 5, 0)
    assert on_card(count(blank(versions[1]), versions, *events, event(4, stamps=4, version=2))) == (0, 5, 1)


kinds = st.sampled_from(["stamp", "redeem", "adjust", "void"])


@st.composite
def stories(draw):
    """Versions of a programme, and events of a card, each of a version no older than the one before it."""
    versions = {
        n: version(n, draw(st.integers(2, 12)), draw(st.sampled_from(["better", "finish"])))
        for n in range(1, draw(st.integers(2, 5)))
    }
    events, current = [], 1
    for number in range(1, draw(st.integers(1, 15))):
        current = draw(st.integers(current, len(versions)))
        kind = draw(kinds)
        undoable = [e for e in events if e.kind != "void" and e.id not in {v.ref for v in events}]
        if kind == "void" and not undoable:
            kind = "stamp"
        if kind == "void":
            old = draw(st.sampled_from(undoable))
            events.append(event(number, "void", -old.stamps, -old.rewards, version=current, ref=old.id))
        elif kind == "redeem":
            events.append(event(number, "redeem", 0, -draw(st.integers(1, 2)), version=current))
        else:
            low = 1 if kind == "stamp" else -9
            events.append(event(number, kind, draw(st.integers(low, 20)), version=current))
    return versions, events


@given(story=stories(), data=st.data())
def test_adding_up_one_by_one_gives_what_a_replay_in_any_order_gives(story, data):
    versions, events = story
    kept = count(blank(versions[1]), versions, *events)

    shuffled = data.draw(st.permutations(events))

    assert replay(shuffled, versions, 1, kept.version) == kept


@given(story=stories(), needed=st.integers(2, 50), policy=st.sampled_from(["better", "finish"]))
def test_no_card_is_worse_off_after_a_change_than_what_it_was_shown(story, needed, policy):
    versions, events = story
    before = count(blank(versions[1]), versions, *events)

    after = enter(before, version(before.version + 1, needed, policy))

    missing_before, missing_after = (f.round_start + f.round_need - f.total for f in (before, after))
    assert after.earned > before.earned or missing_after <= missing_before
    assert after.rewards_ready >= before.rewards_ready
    assert after.total == before.total
