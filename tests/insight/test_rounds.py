"""What the columns say a card holds is what the rules say it holds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insight.progress import steps
from insight.rounds import holdings
from rules import card as cards
from rules.programme import Terms, Version
from tests.insight.ledgers import DAY, START, Line, ledger, promise, stamp

EVER = START + 1000 * DAY


@st.composite
def stories(draw):
    """Versions of a programme and the lines of a few cards, each of a version no older than its card's line before."""
    promises = tuple(
        promise(n, draw(st.integers(2, 12)), day=n - 1, keeps_better=draw(st.booleans()))
        for n in range(1, draw(st.integers(2, 5)))
    )
    lines, current, undone = [], [1] * 3, set()
    for number in range(draw(st.integers(1, 25))):
        card = draw(st.integers(0, 2))
        current[card] = draw(st.integers(current[card], len(promises)))
        theirs = [n for n, line in enumerate(lines) if line.card == card and line.kind != "void" and n not in undone]
        kind = draw(st.sampled_from(["stamp", "redeem", "adjust", "void"]))
        what = {"version": current[card], "at": 10 * DAY + number}
        if kind == "void" and theirs:
            old = draw(st.sampled_from(theirs))
            undone.add(old)
            lines.append(Line(card, "void", -lines[old].stamps, -lines[old].rewards, undoes=old, **what))
        elif kind == "redeem":
            lines.append(Line(card, "redeem", 0, -draw(st.integers(1, 2)), **what))
        elif kind == "adjust":
            lines.append(Line(card, "adjust", draw(st.integers(-9, 20)), draw(st.integers(-1, 2)), **what))
        else:
            lines.append(Line(card, "stamp", draw(st.integers(1, 20)), **what))
    return promises, lines


def by_the_rules(promises, lines, card):
    """What the rules make of a card's lines, under the programme's last version."""
    versions = {
        p.version: Version(
            p.version, Terms(stamps_needed=p.stamps_needed, reward="a coffee"), "better" if p.keeps_better else "finish"
        )
        for p in promises
    }
    events = [
        cards.Event(bytes([n]), line.kind, line.stamps, line.rewards, line.at, line.version,
                    bytes([line.undoes]) if line.kind == "void" else None)
        for n, line in enumerate(lines) if line.card == card
    ]  # fmt: skip
    return cards.replay(events, versions, 1, len(promises))


@given(story=stories())
def test_every_card_holds_what_the_rules_say(story):
    promises, lines = story

    held = holdings(ledger(*lines, cards=3, promises=promises), EVER)

    for card in range(3):
        ruled = by_the_rules(promises, lines, card)
        assert held.earned[card] == ruled.earned
        assert held.stamps[card] == ruled.stamps
        assert held.needed[card] == ruled.round_need
        assert held.ready[card] == ruled.rewards_ready


def test_a_moment_ago_the_cards_held_what_they_held_then():
    promises = (promise(), promise(2, 5, day=20))
    lines = ledger(stamp(0, 1, 7), stamp(0, 10, 7), stamp(0, 30, 1, version=2), promises=promises)

    before, then, now = (holdings(lines, START + day * DAY) for day in (0, 15, 40))

    assert (before.earned[0], before.stamps[0], before.needed[0]) == (0, 0, 10)
    assert (then.earned[0], then.stamps[0], then.needed[0]) == (1, 4, 10)
    assert (now.earned[0], now.stamps[0], now.needed[0]) == (2, 0, 5)


def test_what_was_undone_later_did_not_count_before_either():
    lines = ledger(stamp(0, 1, 12), Line(0, "void", -12, at=50 * DAY, undoes=0))

    assert holdings(lines, START + 10 * DAY).earned[0] == 0


def test_steps_say_how_far_each_line_brought_the_card():
    promises = (promise(), promise(2, 5, day=20))
    lines = ledger(
        stamp(0, 1, 7), stamp(1, 2), stamp(0, 3, 5), stamp(0, 25, 2, version=2), stamp(0, 26, 2, version=2),
        promises=promises,
    )  # fmt: skip

    found = steps(lines, EVER)

    assert found.card.tolist() == [0, 0, 0, 0, 1]
    assert found.filled.tolist() == [0, 1, 1, 2, 0]
    assert found.stamps.tolist() == [7, 2, 4, 1, 1]
    assert found.needed.tolist() == [10, 10, 5, 5, 10]


@given(story=stories())
def test_the_last_step_of_a_card_is_what_it_holds_unless_something_was_undone_or_taken(story):
    promises, lines = story
    lines = [line for line in lines if line.kind == "stamp"]
    whole = ledger(*lines, cards=3, promises=promises)

    found = steps(whole, EVER)
    last = np.append(found.card[1:] != found.card[:-1], True)[: len(found)]

    for card, filled, stamps in zip(found.card[last], found.filled[last], found.stamps[last], strict=True):
        ruled = by_the_rules(promises[: max(line.version for line in lines if line.card == card)], lines, card)
        assert (filled, stamps) == (ruled.earned, ruled.stamps)
