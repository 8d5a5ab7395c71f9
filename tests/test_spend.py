"""A stamp for every five euros: counted across visits, to the cent, undone to the cent."""

import pytest
from test_programmes import change

from api.actions import housekeeping
from api.ids import now_ms
from rules.programme import Tier

DAY = 86_400_000


@pytest.fixture
def shop(make_business):
    """A stamp for every five euros, ten stamps for a cake, a coffee at two."""
    coffee = Tier(1, 2, "a free coffee")
    return make_business("By spend", stamp_for="spend", spend_per_stamp=500, max_per_visit=6, tiers=(coffee,))


def shown(card):
    face = card.face
    return face["stamps"], face["needed"], face["remainder"], face["rewards_ready"]


def test_what_is_paid_makes_stamps_and_the_rest_counts_on(shop):
    card, till = shop.card(), shop.till()

    first, second = till.send(till.stamp(card, amount=499), till.stamp(card, amount=502))

    assert (first["status"], first["why"]["code"]) == ("applied", "counted_towards")
    assert (second["why"]["code"], second["why"]["quantity"]) == ("tier_earned", 2)
    assert shown(card) == (2, 10, 1, 1)
    assert (card.face["spend_per_stamp"], card.face["currency"]) == (500, "EUR")
    lines = shop.owner.get(f"/cards/{card.code}/events").json["items"]
    assert [(line["amount"], line["stamps"]) for line in lines] == [(502, 2), (499, 0)]


def test_undoing_takes_back_the_exact_amount(shop):
    card, till = shop.card(), shop.till()
    paid = till.stamp(card, amount=1299)
    till.send(paid, till.stamp(card, amount=201))

    result = till.send(till.void(paid))[0]

    assert result["status"] == "applied"
    assert shown(card) == (0, 10, 201, 0)
    lines = shop.owner.get(f"/cards/{card.code}/events").json["items"]
    assert [(line["kind"], line["amount"], line["stamps"]) for line in lines] == [
        ("void", -1299, -3), ("stamp", 201, 1), ("stamp", 1299, 2),
    ]  # fmt: skip


def test_stamps_and_money_are_not_mixed_up(shop, till, make_card):
    card, theirs = shop.card(), shop.till()

    asked, told = theirs.send(theirs.stamp(card), theirs.stamp(card, quantity=2, already_happened=True))
    money = till.send(till.stamp(make_card(), amount=500))[0]

    assert (asked["status"], asked["reason"]) == ("refused", "amount_needed")
    assert (told["status"], told["reason"]) == ("kept", "amount_needed")
    assert (money["status"], money["reason"]) == ("refused", "no_amount_counted")
    kept = shop.owner.get("/kept").json["items"][0]
    shop.owner.post(f"/kept/{kept['id']}/applications", {"content": kept["content"]})
    assert shown(card) == (2, 10, 0, 1)


def test_one_amount_comes_to_no_more_than_the_stamps_of_a_visit(shop):
    card, till = shop.card(), shop.till()

    most, beyond = till.send(till.stamp(card, amount=3000), till.stamp(card, amount=3001))

    assert (most["status"], beyond["status"], beyond["why"]["limit"]) == ("applied", "refused", 6)


def test_an_amount_stands_in_a_stamp_alone(shop):
    card, till = shop.card(), shop.till()

    results = till.send(till.redeem(card, amount=500), till.stamp(card, amount=0), till.stamp(card, amount=500, tier=1))

    assert [result["reason"] for result in results] == ["bad_event"] * 3


def test_a_day_takes_so_many_stamps_worth(make_business):
    business = make_business("Limited", stamp_for="spend", spend_per_stamp=500, daily_limit=2)
    card, till = business.card(), business.till()

    results = till.send(till.stamp(card, amount=999), till.stamp(card, amount=2), till.stamp(card, amount=1))

    assert [result["reason"] for result in results] == [None, "daily_limit", None]


def test_what_the_owner_gives_and_what_a_new_card_begins_with_is_whole_stamps(make_business):
    business = make_business("Head start", stamp_for="spend", spend_per_stamp=500, welcome_stamps=2)
    card = business.card()

    business.owner.post(f"/cards/{card.code}/adjustments", {"stamps": 3, "reason": "a present"})

    assert shown(card) == (5, 10, 0, 0)
    line = business.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert (line["amount"], line["stamps"]) == (1500, 3)


def test_money_runs_out_with_its_remainder(make_business):
    business = make_business("Expiring", stamp_for="spend", spend_per_stamp=500, stamps_expire_days=30)
    card, till = business.card(), business.till()
    till.send(till.stamp(card, amount=1299))

    housekeeping.expire_due(now=now_ms() + 31 * DAY)

    assert shown(card) == (0, 10, 0, 0)
    line = business.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert (line["why"]["code"], line["why"]["quantity"], line["amount"]) == ("expired_stamps", 2, -1299)


def test_a_dearer_stamp_lets_the_round_in_progress_go_on_as_it_was(shop):
    card, till = shop.card(), shop.till()
    till.send(till.stamp(card, amount=1800))

    change(shop, stamp_for="spend", spend_per_stamp=700)
    till.send(till.stamp(card, amount=3000))

    assert shown(card) == (9, 10, 300, 1)
    assert card.face["spend_per_stamp"] == 500
    till.send(till.stamp(card, amount=1000))
    assert (shown(card), card.face["spend_per_stamp"]) == ((1, 10, 100, 2), 700)


def test_every_card_that_counts_money_is_what_its_lines_add_up_to(shop):
    card, till = shop.card(), shop.till()
    stamps = [till.stamp(card, amount=n) for n in (1299, 2999, 1, 2500)]
    till.send(*stamps, till.void(stamps[1]), till.redeem(card, tier=1))

    with_stamps = shop.owner.get(f"/cards/{card.code}/events").json["items"]

    face = card.face
    assert sum(line["stamps"] for line in with_stamps) == face["stamps"] == 7
    assert sum(line["amount"] or 0 for line in with_stamps) == 7 * 500 + face["remainder"]
