"""Staff and their PINs: taking someone on, signing on at a till, and what happens to whoever guesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Client

from api import db
from api.actions import staff as actions
from api.ids import now_ms, read_id

PIN = "7391"
MINUTE = 60_000


@pytest.fixture
def bo(owner):
    """Bo, whose PIN is 7391."""
    return owner.post("/staff", {"name": "Bo", "pin": PIN}).json


def sign_on(till, person, pin=PIN):
    return till.client.post("/till/sign-ons", {"staff": person["id"], "pin": pin})


def test_the_owner_takes_someone_on_and_the_till_knows_them(owner, till):
    answer = owner.post("/staff", {"name": "Bo", "pin": PIN})

    assert answer.status_code == 201
    assert answer.json | {"id": ""} == {"id": "", "name": "Bo", "active": True, "locked_until": None, "cards": []}
    assert owner.get("/staff").json == {"items": [answer.json]}
    assert till.client.get("/till").json["staff"] == [{"id": answer.json["id"], "name": "Bo", "locked_until": None}]


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤", ""])
def test_a_pin_has_four_to_eight_digits_and_is_not_repeated(owner, pin):
    answer = owner.post("/staff", {"name": "Bo", "pin": pin})

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/pin"
    assert answer.json["errors"][0]["value"] is None


def test_someone_signs_on_and_off(till, bo):
    signed_on = sign_on(till, bo)

    assert (signed_on.status_code, signed_on.json) == (201, {"id": bo["id"], "name": "Bo"})
    assert till.client.get("/till").json["signed_on"] == signed_on.json
    assert till.client.delete("/till/sign-ons/current").status_code == 204
    assert till.client.get("/till").json["signed_on"] is None


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_fifth_locks(owner, till, bo):
    answers = [sign_on(till, bo, "0000") for _ in range(5)]

    right = sign_on(till, bo)

    assert [answer.json.get("tries_left") for answer in answers] == [4, 3, 2, 1, None]
    assert [answer.json["code"] for answer in answers] == ["wrong_pin"] * 4 + ["locked_out"]
    assert (right.status_code, right.json["code"]) == (429, "locked_out")
    assert 0 < right.json["retry_after_seconds"] <= 60
    assert till.client.get("/till").json["staff"][0]["locked_until"] is not None
    assert owner.get("/staff").json["items"][0]["locked_until"] is not None


def test_a_new_pin_ends_the_lock_and_the_old_pin(owner, till, bo):
    for _ in range(5):
        sign_on(till, bo, "0000")

    changed = owner.patch(f"/staff/{bo['id']}", {"pin": "86420"})

    assert changed.json["locked_until"] is None
    assert sign_on(till, bo).json["tries_left"] == 4
    assert sign_on(till, bo, "86420").status_code == 201


def test_the_right_pin_makes_the_wrong_ones_forgotten(till, bo):
    for _ in range(2):
        for _ in range(3):
            sign_on(till, bo, "0000")
        assert sign_on(till, bo).status_code == 201


def test_a_hundred_guesses_at_once_are_still_only_five(app, business, bo):
    def take(_):
        with app.app_context():
            try:
                return db.write(lambda c: actions.take_try(c, business.id, read_id(bo["id"]), now=1_000_000))
            except actions.Problem:
                return None

    with ThreadPoolExecutor(20) as people:
        looked_at = [attempt for attempt in people.map(take, range(100)) if attempt]

    assert len(looked_at) == 5


def test_each_wait_is_longer_than_the_one_before(business, bo):
    def take(now):
        return db.write(lambda connection: actions.take_try(connection, business.id, read_id(bo["id"]), now=now))

    start = now_ms()
    waits = [take(start).wait_seconds for _ in range(5)]
    waits += [take(start + MINUTE).wait_seconds, take(start + 3 * MINUTE).wait_seconds]

    assert waits == [0, 0, 0, 0, 60, 120, 240]
    with pytest.raises(actions.Problem, match="locked_out"):
        take(start + 7 * MINUTE - 1)


def test_who_does_not_work_here_any_more_cannot_sign_on_and_is_signed_off(owner, till, bo):
    sign_on(till, bo)

    gone = owner.patch(f"/staff/{bo['id']}", {"active": False})

    assert gone.json["active"] is False
    assert till.client.get("/till").json["staff"] == []
    assert till.client.get("/till").json["signed_on"] is None
    assert sign_on(till, bo).status_code == 404
    assert owner.patch(f"/staff/{bo['id']}", {"active": True, "name": "Bożena"}).json["name"] == "Bożena"
    assert sign_on(till, bo).status_code == 201


def test_two_tills_have_two_people_at_work(business, owner, bo):
    ann = owner.post("/staff", {"name": "Ann", "pin": "5555"}).json
    left, right = business.till("Left"), business.till("Right")

    sign_on(left, bo)
    sign_on(right, ann, "5555")

    assert [till.client.get("/till").json["signed_on"]["name"] for till in (left, right)] == ["Bo", "Ann"]


def test_the_history_names_who_stamped_for_the_shop_but_not_for_the_customer(owner, till, make_card, bo):
    card = make_card()
    till.send(till.stamp(card, staff=bo["id"]))

    assert owner.get(f"/cards/{card.code}/events").json["items"][0]["staff"] == "Bo"
    assert till.client.get(f"/cards/{card.code}/events").json["items"][0]["staff"] == "Bo"
    assert card.customer.get(f"/cards/{card.code}/events").json["items"][0]["staff"] is None
    assert "Bo" not in Client(card.business.app, {}).get(f"/cards/{card.code}").text
