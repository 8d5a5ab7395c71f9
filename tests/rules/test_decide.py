"""May this happen? Every objection with its figures, what a fact and an override change, and undoing."""

import pytest

from rules.card import Figures, TierSum
from rules.decide import SKEW_MS, Ask, Scene, decide, decide_void
from rules.programme import Terms, Tier

NOON = 1_800_000_000_000
MINUTE = 60_000


def terms(**values):
    return Terms(**{"stamps_needed": 10, "reward": "a free coffee", "max_per_visit": 6} | values)


def card(total=3, earned=0, rewards=0, last_stamp_at=None):
    return Figures(1, 10, total=total, earned=earned, rewards=rewards, last_stamp_at=last_stamp_at)


def ask(kind="stamp", quantity=1, at=NOON, fact=False, reason=None):
    return Ask(kind, quantity, at, fact, reason)


def verdict(asked, figures=None, limits=None, **scene):
    found = decide(asked, figures or card(), limits or terms(), Scene(**{"now": NOON} | scene))
    return found.status, found.reason


def test_a_stamp_with_nothing_against_it_counts():
    assert verdict(ask()) == ("applied", None)


@pytest.mark.parametrize(("quantity", "status"), [(6, "applied"), (7, "refused")])
def test_a_visit_takes_as_many_stamps_as_the_owner_allows(quantity, status):
    assert verdict(ask(quantity=quantity))[0] == status


def test_a_visit_over_the_limit_says_the_limit():
    assert decide(ask(quantity=7), card(), terms(), Scene(NOON)).details == {"limit": 6}


def test_too_soon_says_how_long_is_left():
    limits, figures = terms(cooldown_seconds=600), card(last_stamp_at=NOON - 4 * MINUTE + 1)

    found = decide(ask(), figures, limits, Scene(NOON))

    assert (found.status, found.reason) == ("refused", "too_soon")
    assert found.details == {"seconds_left": 361, "cooldown_seconds": 600}


def test_the_cooldown_ends_on_the_millisecond():
    limits = terms(cooldown_seconds=600)

    assert verdict(ask(), card(last_stamp_at=NOON - 10 * MINUTE + 1), limits)[0] == "refused"
    assert verdict(ask(), card(last_stamp_at=NOON - 10 * MINUTE), limits)[0] == "applied"


def test_a_question_is_judged_by_our_clock_and_a_fact_by_its_own():
    limits, figures = terms(cooldown_seconds=600), card(last_stamp_at=NOON - MINUTE)
    long_ago = NOON - 60 * MINUTE

    assert verdict(ask(at=long_ago), figures, limits) == ("refused", "too_soon")
    assert verdict(ask(at=long_ago, fact=True), figures, limits) == ("applied", None)
    assert verdict(ask(at=NOON, fact=True), figures, limits) == ("flagged", "too_soon")


@pytest.mark.parametrize(("today", "status"), [(3, "applied"), (4, "refused")])
def test_a_day_takes_as_many_stamps_as_the_owner_allows(today, status):
    assert verdict(ask(quantity=2), limits=terms(daily_limit=5), units_today=today)[0] == status


@pytest.mark.parametrize(
    ("limits", "scene", "reason"),
    [
        ({"cooldown_seconds": 600}, {}, "too_soon"),
        ({"daily_limit": 1}, {"units_today": 1}, "daily_limit"),
    ],
)
def test_a_reason_overrides_what_protects_the_owner_and_stays_visible(limits, scene, reason):
    figures = card(last_stamp_at=NOON - MINUTE)

    assert verdict(ask(), figures, terms(**limits), **scene) == ("refused", reason)
    assert verdict(ask(reason="brought a friend"), figures, terms(**limits), **scene) == ("flagged", reason)


@pytest.mark.parametrize(
    ("quantity", "scene", "reason"),
    [(7, {}, "visit_limit"), (1, {"replaced": True}, "card_replaced"), (1, {"ended": True}, "programme_ended")],
)
def test_a_reason_does_not_override_the_rest(quantity, scene, reason):
    assert verdict(ask(quantity=quantity, reason="please"), **scene) == ("refused", reason)
    assert verdict(ask(quantity=quantity, fact=True), **scene) == ("flagged", reason)


def test_a_clock_that_runs_ahead_only_flags():
    assert verdict(ask(at=NOON + SKEW_MS)) == ("applied", None)
    assert verdict(ask(at=NOON + SKEW_MS + 1)) == ("flagged", "clock_skew")
    assert verdict(ask("redeem", at=NOON + SKEW_MS + 1), card(earned=1)) == ("flagged", "clock_skew")


def test_a_receipt_counts_once_even_for_what_already_happened():
    assert verdict(ask(), receipt_used=True) == ("refused", "receipt_used")
    assert verdict(ask(fact=True), receipt_used=True) == ("kept", "receipt_used")
    assert verdict(ask(reason="please"), receipt_used=True) == ("refused", "receipt_used")


@pytest.mark.parametrize(("rewards", "quantity", "status"), [(1, 1, "applied"), (1, 2, "refused"), (0, 1, "refused")])
def test_a_redemption_takes_no_more_than_is_ready(rewards, quantity, status):
    assert verdict(ask("redeem", quantity), card(earned=rewards))[0] == status


def test_a_refused_redemption_says_what_is_missing():
    found = decide(ask("redeem"), card(total=7), terms(), Scene(NOON))

    assert (found.reason, found.details) == ("no_reward", {"stamps": 7, "needed": 10, "rewards_ready": 0})


def test_a_reward_already_handed_over_is_counted_as_overdrawn():
    assert verdict(ask("redeem", fact=True)) == ("flagged", "overdrawn")


def test_a_replaced_card_redeems_nothing_but_what_already_happened():
    full = card(earned=1)

    assert verdict(ask("redeem"), full, replaced=True) == ("refused", "card_replaced")
    assert verdict(ask("redeem", fact=True), full, replaced=True) == ("flagged", "card_replaced")


def test_a_programme_that_ended_still_hands_out_what_it_promised():
    assert verdict(ask("redeem"), card(earned=1), ended=True) == ("applied", None)


def test_neither_cooldown_nor_daily_limit_stands_between_a_customer_and_a_reward():
    limits, figures = terms(cooldown_seconds=600, daily_limit=1), card(earned=1, last_stamp_at=NOON)

    assert verdict(ask("redeem"), figures, limits, units_today=9) == ("applied", None)


def undo(kind="stamp", *, after=None, **values):
    facts = {"voided": False, "same_till": True, "already_happened": False, "before": card()}
    found = decide_void(kind, **facts | {"after": after or card(2)} | values)
    return found.status, found.reason


@pytest.mark.parametrize("kind", ["stamp", "redeem", "bonus", "adjust"])
def test_what_a_till_did_it_can_undo(kind):
    assert undo(kind) == ("applied", None)


@pytest.mark.parametrize("kind", ["void", "expire"])
def test_undoing_cannot_be_undone_nor_can_time(kind):
    assert undo(kind) == ("refused", "not_voidable")
    assert undo(kind, already_happened=True) == ("kept", "not_voidable")


def test_a_till_does_not_undo_what_another_did():
    assert undo(same_till=False) == ("refused", "not_voidable")


def test_an_event_is_undone_once():
    assert undo(voided=True) == ("refused", "already_voided")
    assert undo(voided=True, already_happened=True) == ("kept", "already_voided")


@pytest.mark.parametrize(
    "after", [card(total=-1), card(total=5, earned=0, rewards=-1)], ids=["stamps owed", "a reward owed"]
)
def test_undoing_what_was_used_already_shows_the_owner_what_is_owed(after):
    assert undo(after=after) == ("flagged", "overdrawn")


def test_undoing_on_a_card_that_owes_already_is_no_news_unless_it_owes_more():
    owing = card(earned=0, rewards=-1)

    assert undo(before=owing, after=owing) == ("applied", None)
    assert undo(before=owing, after=card(earned=0, rewards=-2)) == ("flagged", "overdrawn")


def by_spend(**values):
    return terms(stamp_for="spend", spend_per_stamp=500, **values)


def paid(amount, fact=False):
    return Ask("stamp", 1, NOON, fact, amount=amount)


@pytest.mark.parametrize(("amount", "status"), [(3000, "applied"), (3001, "refused")])
def test_one_amount_comes_to_no_more_than_the_stamps_of_a_visit(amount, status):
    assert verdict(paid(amount), limits=by_spend())[0] == status


@pytest.mark.parametrize(("today", "status"), [(1999, "applied"), (2001, "refused")])
def test_a_day_takes_as_many_stamps_worth_as_the_owner_allows(today, status):
    assert verdict(paid(500), limits=by_spend(daily_limit=5), units_today=today)[0] == status


@pytest.mark.parametrize(
    ("asked", "limits", "reason"),
    [(ask(), by_spend(), "amount_needed"), (paid(500), terms(), "no_amount_counted")],
)
def test_stamps_on_a_card_that_counts_money_need_a_person_and_the_other_way_round(asked, limits, reason):
    fact = Ask(asked.kind, asked.quantity, NOON, True, amount=asked.amount)

    assert verdict(asked, limits=limits) == ("refused", reason)
    assert verdict(fact, limits=limits) == ("kept", reason)


def test_where_a_stamp_is_for_a_visit_two_are_too_many():
    assert verdict(ask(quantity=2), limits=terms(stamp_for="visit")) == ("refused", "visit_limit")


COFFEE = Tier(1, 3, "a coffee")
WITH_COFFEE = Figures(1, 10, total=4, tiers=(TierSum(1, once=False, at=3),))


def redeemed(tier, fact=False, item=None, quantity=1):
    return Ask("redeem", quantity, NOON, fact, tier=tier, item=item)


def test_a_tier_is_handed_over_as_often_as_it_is_ready_and_no_other_reward():
    limits = terms(tiers=(COFFEE,))

    assert verdict(redeemed(1), WITH_COFFEE, limits) == ("applied", None)
    assert verdict(redeemed(1, quantity=2), WITH_COFFEE, limits) == ("refused", "no_reward")
    assert verdict(redeemed(None), WITH_COFFEE, limits) == ("refused", "no_reward")
    assert verdict(redeemed(None, fact=True), WITH_COFFEE, limits) == ("flagged", "overdrawn")


def test_a_tier_nobody_knows_needs_a_person_and_one_that_is_gone_is_still_handed_over():
    assert verdict(redeemed(7), WITH_COFFEE, terms(tiers=(COFFEE,))) == ("refused", "unknown_reward")
    assert verdict(redeemed(7, fact=True), WITH_COFFEE, terms(tiers=(COFFEE,))) == ("kept", "unknown_reward")
    assert verdict(redeemed(1), WITH_COFFEE, terms()) == ("applied", None)


def test_only_what_may_be_picked_is_handed_over():
    full = card(earned=1)

    assert verdict(redeemed(None, item="a soup"), full, items=["a soup"]) == ("applied", None)
    assert verdict(redeemed(None, item="a boat"), full, items=["a soup"]) == ("refused", "unknown_item")
    assert verdict(redeemed(None, fact=True, item="a boat"), full, items=["a soup"]) == ("flagged", "unknown_item")
