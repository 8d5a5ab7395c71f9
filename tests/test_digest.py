"""The owner's digest: who gave what to whom, in quiet hours, against limits and by hand, what was undone left out."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.ids import id_text, moment_text, new_id, now_ms
from rules.programme import Choice, Tier

HOUR, DAY = 3_600_000, 86_400_000
ZERO = {"visits": 0, "stamps": 0, "quiet": 0, "overrides": 0, "undone": 0, "rewards": 0, "cost": 0}


@pytest.fixture
def business(make_business):
    """Corner, whose sandwich costs 2.50, with a pause between visits and nobody asleep."""
    business = make_business(unit_cost=250, cooldown_seconds=600)
    business.owner.patch("/business", {"quiet_from": 0, "quiet_until": 0})
    return business


@pytest.fixture
def bo(owner):
    """Bo, who works here."""
    return owner.post("/staff", {"name": "Bo", "pin": "7391"}).json


def digest(business, days=7):
    answer = business.owner.get(f"/digest?days={days}")
    assert answer.status_code == 200, answer.text
    return answer.json


def sums(**values):
    return ZERO | values


def person(found, name):
    (one,) = [each for each in found["staff"] if each["name"] == name]
    return {key: value for key, value in one.items() if key not in ("id", "name")}


def at(moment):
    return {"id": id_text(new_id(moment)), "happened_at": moment_text(moment), "already_happened": True}


def test_an_empty_week_says_so(business):
    found = digest(business)

    assert (found["totals"], found["staff"], found["cards"], found["gifts"]) == (ZERO, [], [], [])


def test_everyone_s_stamps_and_their_share(business, till, make_card, bo):
    first, second = make_card(), make_card()
    till.send(till.stamp(first, 3, staff=bo["id"]), till.stamp(second, 1))

    found = digest(business)

    assert found["totals"] == sums(visits=2, stamps=4)
    assert person(found, "Bo") == sums(visits=1, stamps=3) | {"share": 0.75}
    assert person(found, None) == sums(visits=1, stamps=1) | {"share": 0.25}
    assert [each["name"] for each in found["staff"]] == ["Bo", None]
    cards = [(one["card"]["code"], one["visits"], one["stamps"], one["share"]) for one in found["cards"]]
    assert cards == [(first.code, 1, 3, 0.75), (second.code, 1, 1, 0.25)]


def test_a_reason_against_a_limit_is_an_override_and_a_late_fact_is_none(business, till, make_card, bo):
    card, other = make_card(), make_card()
    till.send(till.stamp(card, staff=bo["id"]), till.stamp(card, staff=bo["id"], reason="two coffees"))
    till.send(till.stamp(other, staff=bo["id"], reason="a nice day"))
    till.send(till.stamp(other, staff=bo["id"], already_happened=True))

    assert person(digest(business), "Bo")["overrides"] == 1


def test_what_was_undone_is_left_out_and_counted_as_undone(business, till, make_card, bo):
    card = make_card(rewards=2)
    stamp, redeem = till.stamp(card, 2, staff=bo["id"]), till.redeem(card, staff=bo["id"])
    till.send(stamp, redeem, till.redeem(card, staff=bo["id"]))
    till.send(till.void(stamp), till.void(redeem))

    found = digest(business)

    assert person(found, "Bo") == sums(undone=2, rewards=1, cost=250) | {"share": 0.0}
    assert found["cards"] == []


def test_a_reward_costs_what_it_did_when_it_was_handed_over(business, owner, till, make_card, bo):
    card = make_card(rewards=3)
    till.send(till.redeem(card, staff=bo["id"]))
    programme = owner.get("/programmes").json["items"][0]
    change = {
        "terms": programme["terms"] | {"unit_cost": 400},
        "policy": "better",
        "expected_version": 1,
        "note": "dearer",
    }
    assert owner.post(f"/programmes/{programme['id']}/versions", change).status_code == 201
    till.send(till.redeem(card, staff=bo["id"]))

    assert digest(business)["totals"] == sums(rewards=2, cost=650)


def test_stamps_in_quiet_hours_by_the_clock_of_the_shop(business, owner, till, make_card, bo):
    owner.patch("/business", {"quiet_from": 1380, "quiet_until": 300})
    yesterday = datetime.fromtimestamp(now_ms() / 1000 - 2 * 86_400, ZoneInfo("Europe/Warsaw"))
    for hour, minute in ((22, 59), (23, 0), (4, 59), (5, 0)):
        moment = int(yesterday.replace(hour=hour, minute=minute).timestamp() * 1000)
        till.send(till.stamp(make_card(), staff=bo["id"], **at(moment)))

    found = digest(business)

    assert (found["totals"]["stamps"], found["totals"]["quiet"], person(found, "Bo")["quiet"]) == (4, 2, 2)
    assert (found["quiet_from"], found["quiet_until"]) == (1380, 300)


def test_seven_days_and_thirty(business, till, make_card):
    for days in (1, 6, 8, 29, 31):
        till.send(till.stamp(make_card(), **at(now_ms() - days * DAY + HOUR)))

    assert [digest(business, days)["totals"]["stamps"] for days in (7, 30)] == [2, 4]
    assert business.owner.get("/digest?days=8").status_code == 422


def test_gifts_by_hand_apart_from_the_welcome(make_business):
    business = make_business(welcome_stamps=2)
    card, other = business.card(), business.card()
    for body in (
        {"stamps": 3, "reason": "a present"},
        {"rewards": 1, "reason": "sorry"},
        {"stamps": -1, "reason": "slip"},
    ):
        assert business.owner.post(f"/cards/{card.code}/adjustments", body).status_code == 201

    found = digest(business)

    assert found["gifts"] == [{"author": "Ada", "n": 2, "stamps": 3, "rewards": 1}]
    assert found["welcome"] == {"author": None, "n": 2, "stamps": 4, "rewards": 0}
    assert (found["totals"]["stamps"], other.face["stamps"]) == (0, 2)


def test_only_the_ten_most_stamped_cards_and_whose_they_are(business, till, make_card):
    made = [make_card() for _ in range(11)]
    for n, card in enumerate(made):
        till.send(till.stamp(card, n + 1))
    made[-1].customer.put(f"/cards/{made[-1].code}/customer", {"name": "Kim"})

    found = digest(business)["cards"]

    assert [one["stamps"] for one in found] == list(range(11, 1, -1))
    assert found[0]["card"]["customer"]["name"] == "Kim"


def test_the_stranger_s_digest_has_none_of_it(stranger, till, make_card):
    till.send(till.stamp(make_card()))

    assert digest(stranger)["totals"] == ZERO


def test_what_was_picked_and_a_smaller_reward_cost_what_they_cost(make_business):
    coffee = Tier(1, 5, "a free coffee", unit_cost=60, choices=(Choice("a free tea", 40),))
    cafe = make_business("Café", unit_cost=250, tiers=(coffee,), choices=(Choice("a free soup", 190),))
    till, card = cafe.till(), cafe.card(stamps=10, rewards=1)

    till.send(till.redeem(card, tier=1, item="a free tea"), till.redeem(card, item="a free soup"), till.redeem(card))

    assert digest(cafe)["totals"] == sums(rewards=3, cost=40 + 190 + 250)
