"""What if: the ledger under other terms is what the rules would have made of it, and the assumptions are said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.columns import Cards, Columns, Programme
from insight.replay import needed_lift, what_if
from rules import card as cards
from rules.programme import Terms, Version
from tests.insight.ledgers import DAY, START, Line, ledger, promise, stamp


def at(answer, threshold):
    """The place of a threshold in the answer."""
    return answer.thresholds.tolist().index(threshold)


@st.composite
def ledgers(draw):
    """A promise, and the lines of a few cards under it: welcomes, stamps, adjustments, redemptions, voids."""
    made = promise(needed=draw(st.integers(2, 15)), welcome=draw(st.integers(0, 1)))
    lines = [Line(card, "bonus", made.welcome_stamps) for card in range(4) if made.welcome_stamps]
    undone = set()
    for number in range(draw(st.integers(1, 30))):
        card, kind = draw(st.integers(0, 3)), draw(st.sampled_from(["stamp", "stamp", "redeem", "adjust", "void"]))
        theirs = [n for n, line in enumerate(lines) if line.card == card and line.kind != "void" and n not in undone]
        when = DAY + number
        if kind == "void" and theirs:
            old = draw(st.sampled_from(theirs))
            undone.add(old)
            lines.append(Line(card, "void", -lines[old].stamps, -lines[old].rewards, at=when, undoes=old))
        elif kind == "redeem":
            lines.append(Line(card, "redeem", 0, -1, at=when))
        elif kind == "adjust":
            lines.append(Line(card, "adjust", draw(st.integers(-9, 20)), at=when))
        else:
            lines.append(Line(card, "stamp", draw(st.integers(1, 20)), at=when))
    return made, lines


def by_the_rules(lines, card, needed):
    """The rewards that a card's lines earn where so many stamps are needed."""
    events = [
        cards.Event(bytes([n]), line.kind, line.stamps, line.rewards, line.at, 1,
                    bytes([line.undoes]) if line.kind == "void" else None)
        for n, line in enumerate(lines) if line.card == card
    ]  # fmt: skip
    versions = {1: Version(1, Terms(stamps_needed=needed, reward="a coffee"))}
    return cards.replay(events, versions, 1, 1).earned


@given(story=ledgers())
def test_under_every_threshold_the_cards_earn_what_the_rules_say(story):
    made, lines = story

    answer = what_if(ledger(*lines, cards=4, promises=(made,)), 0)

    today = [by_the_rules(lines, card, made.stamps_needed) for card in range(4)]
    assert answer.issued_today == sum(today)
    for place, needed in enumerate(answer.thresholds):
        then = [by_the_rules(lines, card, int(needed)) for card in range(4)]
        assert answer.issued[place] == sum(then)
        assert answer.more[place] == sum(b > a for a, b in zip(today, then, strict=True))
        assert answer.fewer[place] == sum(b < a for a, b in zip(today, then, strict=True))


@st.composite
def lapsing(draw):
    """Cards whose stamps run out now and then: then whatever is in progress goes."""
    needed = draw(st.integers(2, 12))
    lines, total = [], [0, 0]
    for number in range(draw(st.integers(1, 20))):
        card = draw(st.integers(0, 1))
        if draw(st.integers(0, 3)) == 0 and total[card] % needed:
            lines.append(Line(card, "expire", -(total[card] % needed), at=number))
            total[card] -= total[card] % needed
        else:
            stamps = draw(st.integers(1, 15))
            lines.append(stamp(card, number, stamps))
            total[card] += stamps
    return needed, lines


def naively(lines, card, needed):
    """The same, one line after another, as one would on paper."""
    earned = stamps = 0
    for line in lines:
        if line.card == card and line.kind == "expire":
            stamps = 0
        elif line.card == card:
            earned, stamps = earned + (stamps + line.stamps) // needed, (stamps + line.stamps) % needed
    return earned


@given(story=lapsing())
def test_where_stamps_ran_out_it_is_those_in_progress_that_would_have(story):
    needed, lines = story

    answer = what_if(ledger(*lines, cards=2, promises=(promise(needed=needed),)), 0)

    assert answer.issued_today == sum(by_the_rules(lines, card, needed) for card in range(2))
    for place, other in enumerate(answer.thresholds):
        assert answer.issued[place] == sum(naively(lines, card, int(other)) for card in range(2))


def test_cards_whose_stamps_ran_out_are_counted_in_pieces_as_in_one(monkeypatch):
    lines = [Line(c, "stamp", 7 + c) for c in range(5)] + [Line(c, "expire", -(7 + c) % 10) for c in range(5)]
    lines += [stamp(c, 3, 6) for c in range(5)]
    whole = what_if(ledger(*lines), 0)

    monkeypatch.setattr("insight.recount._CARDS_AT_ONCE", 2)
    monkeypatch.setattr("insight.recount._LINES_AT_ONCE", 3)

    assert what_if(ledger(*lines), 0).issued.tolist() == whole.issued.tolist()


def test_other_welcome_stamps_take_the_place_of_those_that_were_given():
    lines = [Line(0, "bonus", 2), stamp(0, 1, 8), stamp(1, 1, 7), Line(1, "bonus", 3, at=2 * DAY)]
    card = ledger(*lines, promises=(promise(needed=10, welcome=2),))

    as_given, none, five = (what_if(card, 0, welcome_stamps=n) for n in (None, 0, 5))

    assert as_given.issued_today == none.issued_today == 2
    assert none.issued[at(none, 10)] == 1  # the second card's bonus came later and is no welcome
    assert five.thresholds[0] == 6
    assert five.issued[at(five, 13)] == 2
    assert none.fewer[at(none, 10)] == 1


def test_extra_visits_are_an_assumption_that_the_answer_names():
    card = ledger(stamp(0, 1, 9))

    plain, grown = what_if(card, 0), what_if(card, 0, extra_visits=0.1)

    assert (plain.extra_visits, grown.extra_visits) == (0, 0.1)
    assert plain.issued[at(plain, 10)] == 0
    assert grown.issued[at(grown, 10)] == pytest.approx(0.9)  # 9.9 stamps: nine, and nine chances in ten of a tenth
    assert grown.issued_today == plain.issued_today
    assert grown.more.tolist() == plain.more.tolist()


def test_extra_visits_bring_the_reward_s_margin_and_cost_its_cost():
    answer = what_if(ledger(stamp(0, 1, 20)), 0, extra_visits=0.25)

    five = at(answer, 5)
    assert answer.issued[five] == 5
    assert answer.cost[five] == 5 * 240
    assert answer.margin[five] == pytest.approx(5 * 450 - (5 - 2) * 240)


def test_the_same_question_has_the_same_answer_where_chance_comes_in():
    lines = [each for card in range(50) for each in (stamp(card, 1, 7), Line(card, "expire", -7), stamp(card, 2, 8))]

    first, again = (what_if(ledger(*lines), 0, extra_visits=0.13) for _ in range(2))

    assert first.issued.tolist() == again.issued.tolist()


def test_extra_visits_count_alike_whether_stamps_ran_out_or_not():
    kept = [stamp(card, 1, 4 + card % 7) for card in range(3000)]
    empty = [Line(card, "expire", 0) for card in range(3000)]
    ran_out = [*kept, *[Line(c, "expire", -((4 + c % 7) % 10), at=2 * DAY) for c in range(3000)]]

    expected, thrown = (what_if(ledger(*lines), 0, extra_visits=0.2) for lines in ([*kept, *empty], ran_out))

    assert thrown.issued[:20] == pytest.approx(expected.issued[:20], rel=0.03)


def test_visits_must_grow_by_the_ratio_of_what_an_item_earns():
    # Of 11 items ten earn 4.50 and one costs 2.40; of nine, eight and one.
    lift = needed_lift(promise(needed=10), np.array([8, 10, 12], dtype=np.int32))

    assert lift == pytest.approx([((4500 - 240) / 11) / ((3600 - 240) / 9) - 1, 0, (4260 / 11) / (5160 / 13) - 1])
    assert lift[0] > 0 > lift[2]


def test_no_growth_makes_up_for_a_reward_that_costs_more_than_a_round_brings():
    lift = needed_lift(promise(needed=10, cost=500, price=690), np.array([2, 3]))

    assert np.isnan(lift[0])
    assert lift[1] > 0
    assert np.isnan(needed_lift(promise(cost=0, price=0), np.array([5]))).all()


def test_each_programme_is_asked_about_by_itself():
    one = ledger(stamp(0, 1, 10), stamp(1, 1, 10), stamp(2, 1, 10))
    programme = np.array([0, 1, 1], np.int16)
    cards_ = Cards(programme, one.cards.shop, one.cards.first_version, one.cards.created_at)
    both = Columns(cards_, one.events, (one.programmes[0], Programme("Coffee card", (promise(needed=5),))))

    assert [what_if(both, n).issued_today for n in (0, 1)] == [1, 4]
    assert [what_if(both, n).cards for n in (0, 1)] == [1, 2]


def test_nothing_comes_of_no_lines():
    assert what_if(ledger(cards=2), 0) is None


@pytest.mark.parametrize("wrong", [{"extra_visits": 0.31}, {"extra_visits": -0.01}, {"welcome_stamps": 50}])
def test_an_assumption_beyond_reason_is_refused(wrong):
    with pytest.raises(ValueError, match="must be from 0"):
        what_if(ledger(stamp(0, 1)), 0, **wrong)


def test_the_answer_says_what_it_was_reckoned_from():
    answer = what_if(ledger(stamp(0, 1, 3), stamp(1, 9, 4), cards=3), 0)

    assert (answer.cards, answer.stamps) == (3, 7)
    assert (answer.since, answer.until) == (START + DAY + DAY // 2, START + 9 * DAY + DAY // 2)
