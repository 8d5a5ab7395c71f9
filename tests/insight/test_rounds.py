"""What the columns say a card holds is what the rules say it holds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insight.columns import MAIN
from insight.progress import steps
from insight.rounds import holdings
from rules import card as cards
from rules.programme import Terms, Tier, Version
from tests.insight.ledgers import DAY, START, Line, ledger, promise, stamp, tier

EVER = START + 1000 * DAY


@st.composite
def tiers_below(draw, needed, once):
    """Some of three tiers, wherever they may lie below so many stamps."""
    keys = [key for key in once if draw(st.booleans())]
    return tuple(tier(key, draw(st.integers(1, needed - 1)), once=once[key]) for key in keys)


@st.composite
def stories(draw, tiers=False):
    """Versions of a programme and the lines of a few cards, each of a version no older than its card's line before.

    tiers: with tiers on the way, and cards that count money now and then.
    """
    is_money = tiers and draw(st.booleans())
    once = {key: draw(st.booleans()) for key in (1, 2, 3)} if tiers else {}
    needs = [draw(st.integers(2, 12)) for _ in range(draw(st.integers(1, 4)))]
    promises = tuple(
        promise(n, needed, day=n - 1, keeps_better=draw(st.booleans()), tiers=draw(tiers_below(needed, once)),
                spend_per_stamp=draw(st.integers(1, 9)) if is_money else 0)
        for n, needed in enumerate(needs, 1)
    )  # fmt: skip
    lines, current, undone = [], [1] * 3, set()
    for number in range(draw(st.integers(1, 25))):
        card = draw(st.integers(0, 2))
        current[card] = draw(st.integers(current[card], len(promises)))
        theirs = [n for n, line in enumerate(lines) if line.card == card and line.kind != "void" and n not in undone]
        kind = draw(st.sampled_from(["stamp", "redeem", "adjust", "void"] + ["expire"] * tiers))
        what = {"version": current[card], "at": 10 * DAY + number}
        known = {MAIN, *(each.key for one in promises[: current[card]] for each in one.tiers)}
        of_tier = {"tier": draw(st.sampled_from(sorted(known)))}
        paid = {"amount": draw(st.integers(-40, 80))} if is_money else {}
        if kind == "void" and theirs:
            old = draw(st.sampled_from(theirs))
            undone.add(old)
            was = lines[old]
            amount = None if was.amount is None else -was.amount
            lines.append(
                Line(card, "void", -was.stamps, -was.rewards, undoes=old, tier=was.tier, amount=amount, **what)
            )
        elif kind == "redeem":
            lines.append(Line(card, "redeem", 0, -draw(st.integers(1, 2)), **of_tier, **what))
        elif kind == "expire":
            lines.append(Line(card, "expire", 0, draw(st.integers(-1, 1)), **of_tier, **what))
        elif kind == "adjust":
            of_rewards = draw(st.integers(-1, 2))
            lines.append(Line(card, "adjust", draw(st.integers(-9, 20)), of_rewards, **of_tier, **paid, **what))
        else:
            lines.append(Line(card, "stamp", draw(st.integers(1, 20)), **{k: abs(v) for k, v in paid.items()}, **what))
    return promises, lines


def by_the_rules(promises, lines, card):
    """What the rules make of a card's lines, under the programme's last version."""
    versions = {
        p.version: Version(p.version, terms_of(p), "better" if p.keeps_better else "finish")
        for p in promises
    }  # fmt: skip
    events = [
        cards.Event(bytes([n]), line.kind, line.stamps, line.rewards, line.at, line.version,
                    bytes([line.undoes]) if line.kind == "void" else None, line.tier or None, line.amount)
        for n, line in enumerate(lines) if line.card == card
    ]  # fmt: skip
    return cards.replay(events, versions, 1, len(promises))


def terms_of(promise):
    """The terms of a promise, as the rules know them."""
    return Terms(
        promise.stamps_needed,
        "a sandwich",
        stamp_for="spend" if promise.spend_per_stamp else "item",
        spend_per_stamp=promise.spend_per_stamp,
        tiers=tuple(Tier(each.key, each.at, each.name, once=each.once) for each in promise.tiers),
    )


@given(story=stories() | stories(tiers=True))
def test_every_card_holds_what_the_rules_say(story):
    promises, lines = story

    held = holdings(ledger(*lines, cards=3, promises=promises), EVER)

    for card in range(3):
        ruled = by_the_rules(promises, lines, card)
        assert (held.units[card], held.goal[card], held.unit[card]) == (ruled.progress, ruled.round_need, ruled.unit)
        assert (held.stamps[card], held.needed[card]) == (ruled.stamps, ruled.needed)
        assert held.kinds[0].earned[card] == ruled.earned
        assert held.ready[card] == ruled.rewards_ready
        told = {each.key: each for each in ruled.tiers}
        for each in held.kinds[1:]:
            ruled_tier = told.get(each.key, cards.TierSum(each.key, once=False))
            earned, balance = ruled.times_earned(ruled_tier), ruled.balance(each.key)
            assert (each.at[card], each.earned[card]) == (ruled_tier.at, earned)
            assert each.earned[card] + each.rewards[card] == balance
            is_to_come = ruled_tier.at > ruled.progress and not (ruled_tier.once and earned)
            assert each.way[card] == (ruled.progress if is_to_come else 0)


def test_a_moment_ago_the_cards_held_what_they_held_then():
    promises = (promise(), promise(2, 5, day=20))
    lines = ledger(stamp(0, 1, 7), stamp(0, 10, 7), stamp(0, 30, 1, version=2), promises=promises)

    before, then, now = (holdings(lines, START + day * DAY) for day in (0, 15, 40))

    assert (before.kinds[0].earned[0], before.stamps[0], before.needed[0]) == (0, 0, 10)
    assert (then.kinds[0].earned[0], then.stamps[0], then.needed[0]) == (1, 4, 10)
    assert (now.kinds[0].earned[0], now.stamps[0], now.needed[0]) == (2, 0, 5)


def test_what_was_undone_later_did_not_count_before_either():
    lines = ledger(stamp(0, 1, 12), Line(0, "void", -12, at=50 * DAY, undoes=0))

    assert holdings(lines, START + 10 * DAY).kinds[0].earned[0] == 0


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


@given(story=stories() | stories(tiers=True))
def test_the_last_step_of_a_card_is_what_it_holds_unless_something_was_undone_or_taken(story):
    promises, lines = story
    lines = [line for line in lines if line.kind == "stamp"]
    whole = ledger(*lines, cards=3, promises=promises)

    found = steps(whole, EVER)
    last = np.append(found.card[1:] != found.card[:-1], True)[: len(found)]

    for card, *told in zip(
        *(each[last] for each in (found.card, found.filled, found.stamps, found.needed)), strict=True
    ):
        ruled = by_the_rules(promises[: max(line.version for line in lines if line.card == card)], lines, card)
        assert tuple(told) == (ruled.earned, ruled.stamps, ruled.needed)
