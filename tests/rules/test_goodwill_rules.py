"""Making good: what is suggested, what it costs, who may give it, and how a case adds up."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.cases import CLOSED, Line, Standing, add, replay
from rules.goodwill import KINDS, Policy, Purse, Remedy, midnight, month, suggestions, verdict
from rules.programme import BadTerms, Choice, Terms, Tier

WARSAW = ZoneInfo("Europe/Warsaw")
TERMS = Terms(
    stamps_needed=9,
    reward="a free sandwich",
    unit_cost=250,
    unit_price=690,
    choices=(Choice("a tuna sandwich", 300, 790),),
    tiers=(Tier(1, 5, "a coffee", 60, 320),),
)
MONEY = st.integers(0, 10_000)


def moment(local):
    return int(datetime.fromisoformat(local).replace(tzinfo=WARSAW).timestamp() * 1000)


@pytest.mark.parametrize(
    ("remedy", "cost"),
    [
        (Remedy("apology"), 0),
        (Remedy("stamps", stamps=2), 56),  # a ninth of 2.50 is 28 cents, rounded up
        (Remedy("replacement", item="A free  Sandwich"), 250),
        (Remedy("replacement", item="a tuna sandwich"), 300),
        (Remedy("replacement", item="a coffee"), 60),
        (Remedy("replacement", item="a cake we do not know"), 250),
        (Remedy("percent", percent=15), 104),  # of 6.90
        (Remedy("amount", amount=500), 500),
        (Remedy("money_back", amount=690, order_ref="A-17"), 690),
    ],
    ids=str,
)
def test_what_a_remedy_costs(remedy, cost):
    assert remedy.cost(TERMS) == cost


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "apology", "stamps": 1}, "stamps"),
        ({"kind": "stamps"}, "stamps"),
        ({"kind": "stamps", "stamps": 21}, "stamps"),
        ({"kind": "replacement", "item": " "}, "item"),
        ({"kind": "percent", "percent": 101}, "percent"),
        ({"kind": "amount", "amount": -1}, "amount"),
        ({"kind": "amount", "amount": 5, "order_ref": "A-17"}, "order_ref"),
        ({"kind": "money_back", "amount": 5, "item": "a coffee"}, "item"),
    ],
    ids=str,
)
def test_a_remedy_that_makes_no_sense_is_refused_by_field(values, field):
    with pytest.raises(BadTerms) as refused:
        Remedy(**values)

    assert refused.value.field == field


def test_a_small_thing_begins_with_an_apology_and_a_ruined_day_with_the_item_and_the_money():
    first = [suggestions(n, None, Policy(), TERMS, on_card=True)[0].kind for n in (1, 2, 3)]

    assert first == ["apology", "replacement", "replacement"]
    assert suggestions(3, None, Policy(), TERMS, on_card=True)[1] == Remedy("money_back", amount=690)


def test_what_the_customer_wishes_comes_first_or_second_where_the_owner_has_to_say_yes():
    wished = suggestions(1, "money_back", Policy(), TERMS, on_card=True)
    too_dear = suggestions(1, "money_back", Policy(staff_per_case=100), TERMS, on_card=True)

    assert [remedy.kind for remedy in wished[:2]] == ["money_back", "apology"]
    assert [remedy.kind for remedy in too_dear[:2]] == ["apology", "money_back"]


@given(st.sampled_from((1, 2, 3)), st.none() | st.sampled_from(KINDS), MONEY, st.booleans())
def test_every_kind_is_suggested_once_and_stamps_only_on_a_card(severity, wish, per_case, on_card):
    found = suggestions(severity, wish, Policy(staff_per_case=per_case), TERMS, on_card=on_card)

    assert sorted(remedy.kind for remedy in found) == sorted(set(KINDS) - (set() if on_card else {"stamps"}))


@given(MONEY, st.none() | MONEY, MONEY, MONEY, MONEY, MONEY, st.booleans())
def test_nothing_passes_the_budget_and_the_staff_nothing_past_their_limits(
    cost, budget, per_case, per_day, given, spent, by_owner
):
    purse = Purse(Policy(budget, per_case, per_day), given, spent)

    said = verdict(cost, purse, by_owner=by_owner)

    if said == "ok" and cost:
        assert budget is None or spent + cost <= budget
        assert by_owner or (cost <= per_case and given + cost <= per_day)
    if by_owner:
        assert said != "needs_owner"
    if not cost:
        assert said == "ok", "an apology is always free"


def test_a_budget_that_was_lowered_below_what_is_spent_has_nothing_left():
    assert Purse(Policy(monthly_budget=500), 0, 700).left == 0
    assert Purse(Policy(), 0, 700).left is None


def test_months_and_days_go_by_the_clock_on_the_shops_wall():
    assert month(moment("2026-12-31T23:59"), WARSAW) == (moment("2026-12-01T00:00"), moment("2027-01-01T00:00"))
    assert month(moment("2026-03-31T12:00"), WARSAW) == (moment("2026-03-01T00:00"), moment("2026-04-01T00:00"))
    assert midnight(moment("2026-10-25T12:00"), WARSAW) == moment("2026-10-25T00:00")


def test_a_case_is_its_lines_added_up():
    lines = [Line("opened", 1), Line("offered", 3), Line("note", 4), Line("approved", 5), Line("settled", 6, 250)]
    after = [Line("rated", 7, rating="no"), Line("rated", 8, rating="yes"), Line("withdrawn", 9, -250)]

    assert replay(lines) == Standing("settled", 250, 3, 6)
    assert replay(lines + after) == Standing("settled", 0, 3, 6, "yes")
    assert add(replay(lines[:1]), Line("declined", 2)) == Standing("declined", 0, 2, 2)
    assert replay(lines).state in CLOSED
