"""What if: the ledger under other terms is what the rules would have made of it, and the assumptions are said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.columns import Cards, Columns, Programme
from insight.replay import needed_lift, what_if
from rules import card as cards
from rules.programme import Terms, Tier, Version
from tests.insight.ledgers import DAY, START, Line, ledger, promise, stamp, tier


def at(answer, threshold):
    """The place of a threshold in the answer."""
    return answer.thresholds.tolist().index(threshold)


@st.composite
def ledgers(draw):
    """A promise, and the lines of a few cards under it: welcomes, stamps, adjustments, redemptions, voids."""
    needed, unit = draw(st.integers(2, 15)), draw(st.sampled_from([0, 0, 7]))
    made = promise(
        needed=needed, welcome=draw(st.integers(0, 1)), tiers=draw(tiers_below(needed)), spend_per_stamp=unit
    )

    def worth(stamps, over=0):
        return {"stamps": stamps, "amount": stamps * unit + over if unit else None}

    lines = [Line(card, "bonus", **worth(made.welcome_stamps)) for card in range(4) if made.welcome_stamps]
    undone = set()
    for number in range(draw(st.integers(1, 30))):
        card, kind = draw(st.integers(0, 3)), draw(st.sampled_from(["stamp", "stamp", "redeem", "adjust", "void"]))
        theirs = [n for n, line in enumerate(lines) if line.card == card and line.kind != "void" and n not in undone]
        when = DAY + number
        if kind == "void" and theirs:
            old = draw(st.sampled_from(theirs))
            undone.add(old)
            was = lines[old]
            amount = None if was.amount is None else -was.amount
            lines.append(Line(card, "void", -was.stamps, -was.rewards, at=when, undoes=old, amount=amount))
        elif kind == "redeem":
            lines.append(Line(card, "redeem", 0, -1, at=when))
        elif kind == "adjust":
            lines.append(Line(card, "adjust", **worth(draw(st.integers(-9, 20))), at=when))
        else:
            lines.append(Line(card, "stamp", **worth(draw(st.integers(1, 20)), draw(st.integers(0, 6))), at=when))
    return made, lines


@st.composite
def tiers_below(draw, needed):
    """Up to two tiers, earned often or once."""
    keys = draw(st.sampled_from([(), (), (1,), (1, 2)]))
    return tuple(tier(key, draw(st.integers(1, needed - 1)), once=draw(st.booleans())) for key in keys)


def by_the_rules(made, lines, card, needed):
    """The rewards that a card's lines earn where so many stamps are needed: the main one, then each tier below it."""
    events = [
        cards.Event(bytes([n]), line.kind, line.stamps, line.rewards, line.at, 1,
                    bytes([line.undoes]) if line.kind == "void" else None, amount=line.amount)
        for n, line in enumerate(lines) if line.card == card
    ]  # fmt: skip
    terms = Terms(
        needed,
        "a sandwich",
        stamp_for="spend" if made.spend_per_stamp else "item",
        spend_per_stamp=made.spend_per_stamp,
        tiers=tuple(Tier(each.key, each.at, each.name, once=each.once) for each in made.tiers if each.at < needed),
    )
    found = cards.replay(events, {1: Version(1, terms)}, 1, 1)
    told = {each.key: found.times_earned(each) for each in found.tiers}
    return [found.earned, *(told.get(each.key, 0) for each in made.tiers)]


@given(story=ledgers())
def test_under_every_threshold_the_cards_earn_what_the_rules_say(story):
    made, lines = story

    answer = what_if(ledger(*lines, cards=4, promises=(made,)), 0)

    today = [by_the_rules(made, lines, card, made.stamps_needed) for card in range(4)]
    assert [answer.issued_today, *(each.issued_today for each in answer.tiers)] == np.sum(today, axis=0).tolist()
    for place, needed in enumerate(answer.thresholds.tolist()):
        then = [by_the_rules(made, lines, card, needed) for card in range(4)]
        issued = np.sum(then, axis=0).tolist()
        assert [answer.issued[place], *(each.issued[place] for each in answer.tiers)] == issued
        costs = [made.unit_cost, *(each.unit_cost for each in made.tiers)]
        assert answer.cost[place] == np.dot(issued, costs)
        assert answer.more[place] == sum(sum(b) > sum(a) for a, b in zip(today, then, strict=True))
        assert answer.fewer[place] == sum(sum(b) < sum(a) for a, b in zip(today, then, strict=True))


@st.composite
def lapsing(draw):
    """Cards whose stamps run out now and then: then whatever is in progress goes. Some stamps are undone later."""
    needed = draw(st.integers(2, 12))
    tiers = draw(tiers_below(needed))
    lines, total, last = [], [0, 0], {}
    for number in range(draw(st.integers(1, 20))):
        card, what = draw(st.integers(0, 1)), draw(st.integers(0, 5))
        if what == 0 and total[card] % needed:
            lines.append(Line(card, "expire", -(total[card] % needed), at=number))
            total[card] -= total[card] % needed
        elif what == 1 and card in last:
            old = last.pop(card)
            lines.append(Line(card, "void", -lines[old].stamps, at=DAY + number, undoes=old))
            total[card] -= lines[old].stamps
        else:
            stamps = draw(st.integers(1, 15))
            last[card] = len(lines)
            lines.append(stamp(card, number, stamps))
            total[card] += stamps
    return promise(needed=needed, tiers=tiers), lines


def naively(made, lines, card, needed):
    """The same, one line after another, as one would on paper."""
    undone = {line.undoes for line in lines if line.kind == "void"}
    stamps, earned = 0, [0] * (1 + len(made.tiers))
    for number, line in enumerate(lines):
        if line.card == card and line.kind == "expire":
            stamps = 0
        elif line.card == card and line.kind == "stamp" and number not in undone:
            for _ in range(line.stamps):
                stamps += 1
                for place, each in enumerate(made.tiers, 1):
                    is_reached = each.at < needed and stamps == each.at
                    earned[place] += is_reached and not (each.once and earned[place])
                if stamps == needed:
                    stamps, earned[0] = 0, earned[0] + 1
    return earned


@given(story=lapsing())
def test_where_stamps_ran_out_it_is_those_in_progress_that_would_have(story):
    made, lines = story

    answer = what_if(ledger(*lines, cards=2, promises=(made,)), 0)

    for place, other in enumerate(answer.thresholds.tolist()):
        issued = np.sum([naively(made, lines, card, other) for card in range(2)], axis=0).tolist()
        assert [answer.issued[place], *(each.issued[place] for each in answer.tiers)] == issued
        if other == made.stamps_needed:
            assert [answer.issued_today, *(each.issued_today for each in answer.tiers)] == issued


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


def test_extra_visits_count_alike_whether_stamps_ran_out_or_not():
    terms = promise(needed=20, tiers=(tier(1, 4), tier(2, 14, once=True)))
    lapse = [Line(0, "expire", -13, at=(day + 1) * DAY) for day in (1, 2, 3)]
    ran_out = [each for day, gone in zip((1, 2, 3), lapse, strict=True) for each in (stamp(0, day, 13), gone)]

    # Two more of each hundred: 39.78 stamps in one go, or three times 13.26; a part of a stamp is its chance of one.
    stories = [stamp(0, 1, 39)], ran_out
    whole, pieces = (what_if(ledger(*each, promises=(terms,)), 0, extra_visits=0.02) for each in stories)

    ten, twenty = at(whole, 10), at(whole, 20)
    assert (whole.issued_today, pieces.issued_today) == (1, 0)
    assert (whole.issued[ten], pieces.issued[ten]) == (pytest.approx(3.78), pytest.approx(3))
    assert (whole.tiers[0].issued[ten], pieces.tiers[0].issued[ten]) == (pytest.approx(4), pytest.approx(3.78))
    assert (whole.tiers[1].issued[ten], pieces.tiers[1].issued[ten]) == (0, 0)
    assert (whole.tiers[1].issued[twenty], pieces.tiers[1].issued[twenty]) == (1, pytest.approx(1 - 0.74**3))


def test_what_was_taken_away_after_stamps_ran_out_had_been_there_before():
    lines = stamp(0, 1, 25), Line(0, "expire", -5, at=2 * DAY), Line(0, "adjust", -7, at=3 * DAY)

    assert what_if(ledger(*lines), 0).issued_today == by_the_rules(promise(), lines, 0, 10)[0] == 1


def test_visits_must_grow_by_the_ratio_of_what_an_item_earns():
    # Of 11 items ten earn 4.50 and one costs 2.40; of nine, eight and one.
    lift = needed_lift(promise(needed=10), np.array([8, 10, 12], dtype=np.int32))

    assert lift == pytest.approx([((4500 - 240) / 11) / ((3600 - 240) / 9) - 1, 0, (4260 / 11) / (5160 / 13) - 1])
    assert lift[0] > 0 > lift[2]


def test_tiers_are_given_too_and_money_has_no_items():
    tiers = (tier(1, 5), tier(2, 2, once=True))
    paid = promise(cost=240, price=600, spend_per_stamp=500)  # three fifths of the money are left

    with_coffee = needed_lift(promise(needed=10, tiers=tiers), np.array([5, 8], dtype=np.int32))
    of_money = needed_lift(paid, np.array([5], dtype=np.int32))

    today = (4500 - 240 - 60) / 12
    assert with_coffee == pytest.approx([today / ((2250 - 240) / 6) - 1, today / ((3600 - 240 - 60) / 10) - 1])
    assert of_money == pytest.approx([((3000 - 240) / 10) / ((1500 - 240) / 5) - 1])


def test_where_cards_count_money_more_visits_bring_more_of_it():
    paid = promise(cost=240, price=600, spend_per_stamp=500)
    lines = [Line(0, "stamp", 3, amount=1700), Line(0, "stamp", 17, amount=8700)]

    answer = what_if(ledger(*lines, promises=(paid,)), 0, extra_visits=0.25)

    assert (answer.stamps, answer.issued_today, answer.issued[at(answer, 5)]) == (20, 2, 5)
    assert answer.margin[at(answer, 5)] == pytest.approx(0.25 * 10_400 * 0.6 - (5 - 2) * 240)


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
