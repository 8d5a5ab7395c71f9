"""A coffee at five and the sandwich at ten: smaller rewards on the way, and a choice of what to have."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from test_programmes import change

from api import db
from api.actions import housekeeping
from api.ids import moment_text, now_ms
from rules.programme import Choice, Tier

DAY = 86_400_000
COFFEE = Tier(1, 5, "a free coffee", unit_cost=60, choices=(Choice("a free tea", 40),))
GIFT = Tier(2, 2, "a tote bag", once=True)


@pytest.fixture
def cafe(make_business):
    """A café: a bag once at two stamps, coffee or tea at five, the sandwich or a soup at ten."""
    return make_business("Café", tiers=(COFFEE, GIFT), choices=(Choice("a free soup", 190),))


def tiers_of(card):
    """{key: (where, ready, earned)} as a card shows it."""
    return {tier["key"]: (tier["at"], tier["ready"], tier["earned"]) for tier in card.face["tiers"]}


def test_a_card_shows_its_tiers_and_what_may_be_picked(cafe):
    face = cafe.card(stamps=5).face

    assert face["rewards_ready"] == 2
    assert face["reward"] == {"reward": "a free sandwich", "ready": 0, "choices": ["a free soup"]}
    assert face["tiers"] == [
        {"key": 2, "at": 2, "reward": "a tote bag", "ready": 1, "once": True, "earned": 1, "choices": []},
        {"key": 1, "at": 5, "reward": "a free coffee", "ready": 1, "once": False, "earned": 1,
         "choices": ["a free tea"]},
    ]  # fmt: skip


def test_a_poster_promises_all_that_a_card_gives(make_business, anyone):
    cafe = make_business("Café", tiers=(COFFEE, GIFT), choices=(Choice("a free soup", 190),), welcome_stamps=1)
    shop = cafe.owner.get("/shops").json["items"][0]

    (told,) = anyone.get(f"/join/{shop['join_code']}").json["programmes"]

    assert (told["reward"], told["choices"], told["stamps_needed"]) == ("a free sandwich", ["a free soup"], 10)
    assert (told["spend_per_stamp"], told["welcome_stamps"]) == (None, 1)
    assert told["tiers"] == [
        {"at": 2, "reward": "a tote bag", "once": True, "choices": []},
        {"at": 5, "reward": "a free coffee", "once": False, "choices": ["a free tea"]},
    ]


def test_a_card_without_tiers_shows_nothing_of_them(make_card):
    newer = {"tiers", "reward", "remainder", "spend_per_stamp", "currency", "birthday_stamps", "expiring"}
    assert newer & {*make_card(stamps=4).face} == set()


def test_the_stamp_that_earns_a_tier_says_so(cafe):
    card, till = cafe.card(stamps=4), cafe.till()

    result = till.send(till.stamp(card))[0]

    why = result["why"]
    assert (why["code"], why["reward"], why["stamp"], why["needed"]) == ("tier_earned", "a free coffee", 5, 10)


def test_a_tier_is_handed_over_once_for_each_time_it_was_earned(cafe):
    card, till = cafe.card(stamps=7), cafe.till()

    first, second, main = till.send(till.redeem(card, tier=1), till.redeem(card, tier=1), till.redeem(card))

    assert (first["status"], first["why"]["code"], first["why"]["reward"]) == (
        "applied",
        "redeemed_item",
        "a free coffee",
    )
    assert (second["status"], second["reason"]) == ("refused", "already_redeemed")
    assert (main["status"], main["reason"]) == ("refused", "no_reward")
    assert tiers_of(card) == {1: (5, 0, 1), 2: (2, 1, 1)}


def test_what_was_picked_stands_in_the_ledger(cafe):
    card, till = cafe.card(stamps=10), cafe.till()

    results = till.send(
        till.redeem(card, tier=1, item="a free tea"), till.redeem(card, item="a free soup"), till.redeem(card, tier=2)
    )

    assert [result["status"] for result in results] == ["applied"] * 3
    assert results[0]["why"]["reward"] == "a free tea"
    lines = cafe.owner.get(f"/cards/{card.code}/events").json["items"]
    assert [(line["tier"], line["item"]) for line in lines[:3]] == [(2, None), (None, "a free soup"), (1, "a free tea")]


def test_a_reward_nobody_knows_is_refused_and_when_it_happened_kept_for_the_owner(cafe):
    card, till = cafe.card(stamps=7), cafe.till()

    asked, told, boat = till.send(
        till.redeem(card, tier=9),
        till.redeem(card, tier=9, already_happened=True),
        till.redeem(card, tier=1, item="a boat"),
    )

    assert (asked["status"], asked["reason"]) == ("refused", "unknown_reward")
    assert (told["status"], told["reason"]) == ("kept", "unknown_reward")
    assert (boat["status"], boat["reason"]) == ("refused", "unknown_item")
    kept = cafe.owner.get("/kept").json["items"]
    assert [item["reason"] for item in kept] == ["unknown_reward"]
    counted = cafe.owner.post(f"/kept/{kept[0]['id']}/applications", {"content": kept[0]["content"]})
    assert (counted.status_code, card.face["rewards_owed"]) == (201, 1)


def test_of_a_hundred_redemptions_of_one_tier_at_once_exactly_one_wins(cafe):
    card, till = cafe.card(stamps=5), cafe.till()
    claims = [till.redeem(card, tier=1) for _ in range(100)]

    with ThreadPoolExecutor(8) as people:
        statuses = [result[0]["status"] for result in people.map(till.send, claims)]

    assert sorted(statuses) == ["applied"] + ["refused"] * 99
    assert tiers_of(card)[1] == (5, 0, 1)


def test_a_redemption_undone_gives_the_tier_back(cafe):
    card, till = cafe.card(stamps=5), cafe.till()
    redeem = till.redeem(card, tier=1)
    till.send(redeem)

    result = till.send(till.void(redeem))[0]

    assert result["status"] == "applied"
    assert tiers_of(card)[1] == (5, 1, 1)


def test_undoing_the_stamp_of_a_coffee_that_was_drunk_is_shown_to_the_owner(cafe):
    card, till = cafe.card(stamps=4), cafe.till()
    stamp = till.stamp(card)
    till.send(stamp, till.redeem(card, tier=1))

    result = till.send(till.void(stamp))[0]

    assert (result["status"], result["reason"]) == ("flagged", "overdrawn")
    assert result["card"]["rewards_owed"] == 1


def test_what_a_card_owes_of_a_tier_is_forgiven_with_the_rest(cafe):
    card, till = cafe.card(), cafe.till()
    till.send(till.redeem(card, tier=1, already_happened=True), till.redeem(card, already_happened=True))
    assert card.face["rewards_owed"] == 2

    answer = cafe.owner.post(f"/owed/{card.code}/pardons", {"reason": "our mistake"})

    assert (answer.status_code, card.face["rewards_owed"], card.face["rewards_ready"]) == (201, 0, 0)


def test_an_owner_gives_and_takes_a_tier_by_hand(cafe):
    card = cafe.card()

    path = f"/cards/{card.code}/adjustments"
    given = cafe.owner.post(path, {"stamps": 2, "rewards": 2, "tier": 1, "reason": "a present"})
    too_much = cafe.owner.post(path, {"rewards": -3, "tier": 1, "reason": "a slip"})
    unknown = cafe.owner.post(path, {"rewards": 1, "tier": 9, "reason": "a slip"})
    taken = cafe.owner.post(path, {"rewards": -1, "tier": 1, "reason": "one too many"})

    assert (given.status_code, taken.status_code, tiers_of(card)) == (201, 201, {2: (2, 1, 1), 1: (5, 1, 0)})
    assert card.face["reward"]["ready"] == 0
    assert (too_much.json["code"], unknown.json["code"]) == ("below_zero", "unknown_tier")
    last, first = cafe.owner.get(f"/cards/{card.code}/events").json["items"]
    assert (first["why"]["code"], first["why"]["reward"]) == ("adjusted_reward", "a free coffee")
    assert (last["tier"], last["rewards"], last["reason"]) == (1, -1, "one too many")
    with db.reading() as connection:
        assert housekeeping.verify(connection)[1] is None


def test_an_owner_cannot_take_the_stamps_of_a_coffee_that_was_drunk(cafe):
    card, till = cafe.card(stamps=5), cafe.till()
    till.send(till.redeem(card, tier=1))

    answer = cafe.owner.post(f"/cards/{card.code}/adjustments", {"stamps": -1, "reason": "a slip"})

    assert (answer.json["code"], card.face["stamps"]) == ("below_zero", 5)


def test_a_tier_once_shown_is_kept_when_the_owner_takes_it_out(cafe):
    card, till = cafe.card(stamps=4), cafe.till()

    assert change(cafe).status_code == 201
    result = till.send(till.stamp(card))[0]

    assert result["card"]["tiers"][1]["ready"] == 1
    assert till.send(till.redeem(card, tier=1, item="a free tea"))[0]["status"] == "applied"
    till.send(till.stamp(card, quantity=15))
    assert tiers_of(card) == {1: (None, 0, 1), 2: (None, 1, 1)}


def test_stamps_that_run_out_leave_the_tiers_they_earned(make_business):
    business = make_business("Expiring", tiers=(COFFEE,), stamps_expire_days=30, rewards_expire_days=60)
    card, till = business.card(), business.till()
    till.send(till.stamp(card, quantity=6))

    housekeeping.expire_due(now=now_ms() + 31 * DAY)

    assert (card.face["stamps"], tiers_of(card)) == (0, {1: (5, 1, 1)})
    lines = business.owner.get(f"/cards/{card.code}/events").json["items"]
    assert [line["why"]["code"] for line in lines[:2]] == ["tier_kept", "expired_stamps"]
    housekeeping.expire_due(now=now_ms() + 61 * DAY)
    assert (card.face["rewards_ready"], tiers_of(card)) == (0, {1: (5, 0, 1)})


def test_a_till_on_its_own_hands_out_no_tier_for_a_sandwich(cafe):
    cafe.card(stamps=7)

    (row,) = cafe.till().client.get("/till/snapshot").json["cards"]

    assert row[1:4] == [7, 10, 0]


def test_a_till_learns_what_a_stamp_is_for(make_business):
    business = make_business("Visits", stamp_for="visit")
    card, till = business.card(), business.till()

    seen = till.client.get(f"/till/cards/{card.code}").json
    (programme,) = till.client.get("/till").json["programmes"]
    two = till.send(till.stamp(card, quantity=2))[0]

    assert (seen["stamp_for"], seen["max_per_visit"]) == ("visit", 1)
    assert (programme["stamp_for"], programme["max_per_visit"], programme["spend_per_stamp"]) == ("visit", 1, 0)
    assert (two["status"], two["reason"], two["why"]["limit"]) == ("refused", "visit_limit", 1)


def test_a_claim_from_before_there_were_tiers_is_still_the_same_claim(till, make_card):
    card = make_card(rewards=2)
    redeem = till.redeem(card)
    till.send(redeem)

    same, other = till.send(redeem | {"tier": None, "item": None}, redeem | {"item": "a free sandwich"})

    assert same["status"] == "duplicate"
    assert (other["status"], other["reason"]) == ("kept", "id_reuse")


def test_a_card_warns_of_what_runs_out_soon_and_a_visit_ends_the_warning(make_business):
    business = make_business("Expiring", stamps_expire_days=20, rewards_expire_days=400)
    card, till = business.card(), business.till()
    twelve_days_ago = now_ms() - 12 * DAY
    till.send(till.stamp(card, quantity=13, happened_at=moment_text(twelve_days_ago), already_happened=True))

    told = card.face["expiring"]
    till.send(till.stamp(card))

    assert told == [{"what": "stamps", "n": 3, "at": moment_text(twelve_days_ago + 20 * DAY)}]
    assert "expiring" not in card.face
