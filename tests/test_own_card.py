"""Nobody stamps their own card: the owner says whose it is, the till says no, and what happened anyway is shown."""

import pytest

from rules.why import OBJECTIONS


@pytest.fixture
def bo(owner):
    """Bo, who works here."""
    return owner.post("/staff", {"name": "Bo", "pin": "7391"}).json


@pytest.fixture
def card(owner, bo, make_card):
    """Bo's own card, with a reward on it."""
    card = make_card(stamps=2, rewards=1)
    assert owner.put(f"/staff/{bo['id']}/cards/{card.code}").status_code == 200
    return card


def flags(owner):
    return [(line["id"], line["flag"]) for line in owner.get("/flags").json["items"]]


def test_the_owner_sees_whose_card_it_is(owner, bo, card):
    own = {"code": card.code, "short_code": card.face["short_code"]}

    assert [person["cards"] for person in owner.get("/staff").json["items"]] == [[own]]
    assert owner.patch(f"/staff/{bo['id']}", {"name": "Bożena"}).json["cards"] == [own]


def test_a_card_is_named_by_its_short_code_too_and_twice_is_once(owner, bo, make_card):
    short = make_card().face["short_code"]

    answers = [owner.put(f"/staff/{bo['id']}/cards/{short.lower()}") for _ in range(2)]

    assert [[card["short_code"] for card in answer.json["cards"]] for answer in answers] == [[short], [short]]


def test_nobody_stamps_their_own_card(till, bo, card):
    (stamp,) = till.send(till.stamp(card, staff=bo["id"]))
    (redeem,) = till.send(till.redeem(card, staff=bo["id"]))

    assert [(one["status"], one["reason"], one["why"]["code"]) for one in (stamp, redeem)] == [
        ("refused", "own_card", "own_card")
    ] * 2
    assert (card.face["stamps"], card.face["rewards_ready"]) == (2, 1)
    assert "own_card" in OBJECTIONS


def test_a_reason_does_not_help(till, bo, card):
    (result,) = till.send(till.stamp(card, staff=bo["id"], reason="I was hungry"))

    assert (result["status"], result["reason"]) == ("refused", "own_card")


def test_somebody_else_stamps_it_and_they_stamp_others(owner, till, bo, card, make_card):
    ann = owner.post("/staff", {"name": "Ann", "pin": "5555"}).json

    results = till.send(
        till.stamp(card, staff=ann["id"]), till.redeem(card, staff=ann["id"]), till.stamp(make_card(), staff=bo["id"]),
        till.stamp(card),
    )  # fmt: skip

    assert [result["status"] for result in results] == ["applied"] * 4


def test_what_has_happened_counts_and_the_owner_is_told(owner, till, bo, card):
    stamp = till.stamp(card, staff=bo["id"], already_happened=True)
    redeem = till.redeem(card, staff=bo["id"], already_happened=True)

    results = till.send(stamp, redeem)

    assert [(result["status"], result["reason"]) for result in results] == [("flagged", "own_card")] * 2
    assert sorted(flags(owner)) == sorted([(stamp["id"], "own_card"), (redeem["id"], "own_card")])
    assert (card.face["stamps"], card.face["rewards_ready"]) == (3, 0)


def test_what_was_not_there_is_owed_first_of_all(till, bo, card):
    """A redemption beyond what the card had must be found among what is owed, whoever's card it is."""
    facts = [till.redeem(card, staff=bo["id"], already_happened=True) for _ in range(2)]

    results = till.send(*facts)

    assert [result["reason"] for result in results] == ["own_card", "overdrawn"]


def test_a_card_may_pass_on_and_come_free(owner, till, bo, card):
    ann = owner.post("/staff", {"name": "Ann", "pin": "5555"}).json

    owner.put(f"/staff/{ann['id']}/cards/{card.code}")

    assert {person["name"]: len(person["cards"]) for person in owner.get("/staff").json["items"]} == {"Bo": 0, "Ann": 1}
    assert till.send(till.stamp(card, staff=bo["id"]))[0]["status"] == "applied"
    assert owner.delete(f"/staff/{bo['id']}/cards/{card.code}").status_code == 404
    assert owner.delete(f"/staff/{ann['id']}/cards/{card.code}").status_code == 204
    assert till.send(till.stamp(card, staff=ann["id"]))[0]["status"] == "applied"


def test_a_replaced_card_is_still_their_own(owner, till, bo, card):
    new = owner.post(f"/cards/{card.code}/replacements", {}).json["card"]["code"]

    assert till.send(till.stamp(new, staff=bo["id"]))[0]["reason"] == "own_card"


def test_only_a_card_and_staff_of_this_business(owner, bo, card, stranger):
    theirs = stranger.card()

    assert owner.put(f"/staff/{bo['id']}/cards/{theirs.code}").json["code"] == "unknown_card"
    assert owner.put(f"/staff/{bo['id']}/cards/nonsense").json["code"] == "unknown_card"
    assert stranger.owner.put(f"/staff/{bo['id']}/cards/{theirs.code}").json["code"] == "not_found"
    assert stranger.owner.delete(f"/staff/{bo['id']}/cards/{card.code}").json["code"] == "unknown_card"
