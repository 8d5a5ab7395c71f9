"""A promise once shown on a card is kept: whatever the owner changes, no card is worse off than what it showed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_programmes import change

from rules import card as cards
from rules.card import Event
from rules.programme import Terms, Version

needs = st.integers(2, 50)
policies = st.sampled_from(["better", "finish"])


@st.composite
def chains(draw):
    """The versions of a programme, first to last."""
    steps = draw(st.lists(st.tuples(needs, policies), min_size=1, max_size=6))
    return {n: Version(n, Terms(need, "a coffee"), policy) for n, (need, policy) in enumerate(steps, start=1)}


@st.composite
def lives(draw):
    """A programme's versions, and what happened to one card under each of them."""
    versions = draw(chains())
    events, number = [], 0
    for version in versions:
        for kind in draw(st.lists(st.sampled_from(["stamp", "stamp", "redeem", "adjust", "void"]), max_size=5)):
            number += 1
            id = number.to_bytes(16, "big")
            at = draw(st.integers(0, 1000))
            open_ones = [e for e in events if e.kind != "void" and all(v.ref != e.id for v in events)]
            if kind == "stamp":
                events.append(Event(id, kind, draw(st.integers(1, 20)), 0, at, version))
            elif kind == "redeem":
                events.append(Event(id, kind, 0, -1, at, version))
            elif kind == "adjust":
                events.append(Event(id, kind, draw(st.integers(-30, 30)), draw(st.integers(-3, 3)), at, version))
            elif open_ones:
                undone = draw(st.sampled_from(open_ones))
                events.append(Event(id, kind, -undone.stamps, -undone.rewards, at, version, undone.id))
    return versions, events


def step_by_step(versions, events, last):
    """The figures of a card as the service keeps them: each event added to what was, or all replayed where it must."""
    figures, seen = cards.blank(versions[1]), []
    for event in events:
        seen.append(event)
        before = cards.catch_up(figures, versions, event.version)
        after = cards.add(before, event, versions[event.version])
        figures = cards.replay(seen, versions, 1, event.version) if after is None else after
    return cards.catch_up(figures, versions, last)


def rewards_after(figures, stamps, next_need):
    """Rewards earned on a card once it got so many more stamps."""
    need = Version(figures.version, Terms(next_need, "a coffee"))
    more = cards.add(figures._replace(anchor=0), Event(b"", "stamp", stamps, 0, 0, figures.version), need)
    return more.earned if stamps else figures.earned


@given(chains(), st.integers(0, 200), st.data())
def test_no_change_makes_a_card_worse_than_what_it_showed(versions, total, data):
    figures = cards.add(cards.blank(versions[1]), Event(b"", "stamp", total, 0, 0, 1), versions[1])

    for number in range(2, len(versions) + 1):
        shown, version = figures, versions[number]
        figures = cards.enter(shown, version)

        remaining = shown.round_need - shown.stamps
        assert figures.rewards_ready >= shown.rewards_ready
        if figures.rewards_ready == shown.rewards_ready:
            assert figures.round_need - figures.stamps <= remaining
        for stamps in range(remaining + 1):
            kept = rewards_after(figures, stamps, version.terms.stamps_needed)
            assert kept >= rewards_after(shown, stamps, versions[number - 1].terms.stamps_needed)

        more = data.draw(st.integers(0, 20))
        if more:
            event = Event(b"", "stamp", more, 0, 0, number)
            added = cards.add(figures, event, version)
            figures = figures if added is None else added


@given(chains(), st.integers(0, 200))
def test_a_change_takes_no_stamp_away(versions, total):
    figures = cards.add(cards.blank(versions[1]), Event(b"", "stamp", total, 0, 0, 1), versions[1])

    after = cards.catch_up(figures, versions, len(versions))

    assert after.total == figures.total
    assert after.stamps < after.round_need


@given(needs, needs, st.integers(0, 49))
def test_finishing_a_round_under_the_old_rule_changes_nothing_until_it_is_full(old, new, stamps):
    first = Version(1, Terms(old, "a coffee"))
    figures = cards.add(cards.blank(first), Event(b"", "stamp", stamps, 0, 0, 1), first)

    after = cards.enter(figures, Version(2, Terms(new, "a coffee"), "finish"))

    assert (after.stamps, after.round_need, after.rewards_ready) == (
        figures.stamps,
        figures.round_need,
        figures.rewards_ready,
    )


@settings(max_examples=300)
@given(lives(), st.randoms(use_true_random=False))
def test_a_card_is_its_events_added_up_in_whatever_order_they_are_read(life, random):
    versions, events = life
    kept = step_by_step(versions, events, len(versions))
    random.shuffle(events)

    assert cards.replay(events, versions, 1, len(versions)) == kept


# A card with so many stamps on it of ten, then the owner changes the programme: what it shows at once (stamps, goal,
# rewards), and how many stamps it takes from there to two rewards in all.
AFTER_A_CHANGE = [
    (8, "better", 7, (7, 8, 0), 1 + 8),
    (8, "better", 9, (1, 8, 1), 7),
    (8, "finish", 7, (7, 10, 0), 3 + 8),
    (8, "finish", 9, (9, 10, 0), 1 + 8),
    (12, "better", 7, (7, 10, 0), 3 + 12),
    (12, "finish", 9, (9, 10, 0), 1 + 12),
]


@pytest.mark.parametrize(("needed", "policy", "stamps", "shows", "to_two"), AFTER_A_CHANGE)
def test_the_owner_changes_the_goal_and_the_card_keeps_its_word(business, till, needed, policy, stamps, shows, to_two):
    card = business.card(stamps=stamps)

    assert change(business, policy, stamps_needed=needed).status_code == 201

    face = card.face
    assert (face["stamps"], face["needed"], face["rewards_ready"]) == shows
    assert face["next_needed"] == needed
    for _ in range(to_two - 1):
        till.send(till.stamp(card))
    assert card.face["rewards_ready"] == 1
    till.send(till.stamp(card))
    assert (card.face["rewards_ready"], card.face["stamps"], card.face["needed"]) == (2, 0, needed)


def test_a_promise_survives_two_changes_that_nobody_visited_between(business, till):
    card = business.card(stamps=6)
    change(business, "better", 1, stamps_needed=8)
    change(business, "better", 2, stamps_needed=12)

    assert (card.face["stamps"], card.face["needed"], card.face["next_needed"]) == (6, 8, 12)
    till.send(till.stamp(card, quantity=2))
    assert (card.face["rewards_ready"], card.face["stamps"], card.face["needed"]) == (1, 0, 12)


def test_the_reward_is_redeemed_after_the_goal_moved(business, till):
    card = business.card(stamps=9)
    change(business, stamps_needed=8)

    results = till.send(till.redeem(card), till.redeem(card))

    assert [(result["status"], result["reason"]) for result in results] == [
        ("applied", None),
        ("refused", "already_redeemed"),
    ]
    assert (card.face["rewards_ready"], card.face["stamps"]) == (0, 1)


def test_an_undo_after_a_change_takes_off_exactly_what_was_put_on(business, till):
    card = business.card(stamps=6)
    stamp = till.stamp(card, quantity=3)
    till.send(stamp)
    change(business, stamps_needed=8)
    assert (card.face["rewards_ready"], card.face["stamps"]) == (1, 1)

    (result,) = till.send(till.void(stamp))

    assert result["status"] == "applied"
    assert (card.face["rewards_ready"], card.face["stamps"]) == (0, 6)


def test_a_new_card_begins_with_its_welcome_stamps_and_an_old_one_is_left_alone(business):
    old = business.card(stamps=1)

    change(business, welcome_stamps=2)
    new = business.card(version=2)

    assert (new.face["stamps"], old.face["stamps"]) == (2, 1)
    (line,) = new.customer.get(f"/cards/{new.code}/events").json["items"]
    assert (line["kind"], line["why"]["code"], line["why"]["quantity"]) == ("bonus", "welcome", 2)
