"""Stamps for a birthday: once a year, on the local day, to who told it, and forgotten with the person."""

from datetime import UTC, datetime

import pytest

from api import db
from api.actions import housekeeping
from tests.world import rows


@pytest.fixture
def generous(make_business):
    """A business that gives two stamps for a birthday."""
    return make_business("Generous", birthday_stamps=2)


def born(business, card, birthday, **more):
    """A card whose customer has told their birthday."""
    answer = card.customer.put(f"/cards/{card.code}/customer", {"name": "Kim", "birthday": birthday} | more)
    assert answer.status_code == 200, answer.text
    return answer.json


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_stamps_come_on_the_day_and_once_a_year(generous):
    card = generous.card()
    assert card.face["birthday_stamps"] == 2
    born(generous, card, "05-17")
    stamps = []

    for moment in ("2027-05-16T12:00", "2027-05-17T12:00", "2027-05-17T13:00", "2027-05-20T12:00", "2028-05-17T00:30"):
        housekeeping.celebrate_birthdays(now=at(moment))
        stamps.append(card.face["stamps"])

    assert stamps == [0, 2, 2, 2, 4]
    line = generous.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert (line["kind"], line["why"]["code"], line["why"]["quantity"]) == ("bonus", "birthday", 2)


def test_the_day_is_the_one_where_the_business_is(generous):
    card = generous.card()
    born(generous, card, "05-17")

    housekeeping.celebrate_birthdays(now=at("2027-05-16T21:59"))
    before_midnight_in_warsaw = card.face["stamps"]
    housekeeping.celebrate_birthdays(now=at("2027-05-16T22:00"))

    assert (before_midnight_in_warsaw, card.face["stamps"]) == (0, 2)


def test_a_service_that_slept_makes_good_within_the_week(generous):
    early, late = generous.card(), generous.card()
    born(generous, early, "05-11")
    born(generous, late, "05-10")

    housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00"))

    assert (early.face["stamps"], late.face["stamps"]) == (2, 0)


def test_who_was_born_on_29_february_gets_stamps_every_year(generous):
    card = generous.card()
    born(generous, card, "02-29")

    housekeeping.celebrate_birthdays(now=at("2027-02-28T12:00"))
    housekeeping.celebrate_birthdays(now=at("2028-02-28T12:00"))
    assert card.face["stamps"] == 2
    housekeeping.celebrate_birthdays(now=at("2028-02-29T12:00"))

    assert card.face["stamps"] == 4


def test_a_birthday_that_is_put_right_brings_no_second_gift(generous):
    card = generous.card()
    born(generous, card, "05-17")
    housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00"))

    born(generous, card, "09-01")
    housekeeping.celebrate_birthdays(now=at("2027-09-01T12:00"))

    assert card.face["stamps"] == 2


def test_a_gift_that_was_undone_is_not_given_again(generous):
    card = generous.card()
    born(generous, card, "05-17")
    housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00"))
    gift = generous.owner.get(f"/cards/{card.code}/events").json["items"][0]["id"]

    generous.owner.post(f"/cards/{card.code}/voids", {"ref": gift, "reason": "a slip"})
    housekeeping.celebrate_birthdays(now=at("2027-05-17T13:00"))

    assert card.face["stamps"] == 0


def test_only_who_told_their_birthday_gets_stamps_and_only_where_the_owner_gives_them(generous, business):
    silent, elsewhere = generous.card(), business.card()
    silent.customer.put(f"/cards/{silent.code}/customer", {"name": "Bo"})
    born(business, elsewhere, "05-17")

    given = housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00"))

    assert (given, silent.face["stamps"], elsewhere.face["stamps"]) == ([], 0, 0)


def test_an_ended_programme_gives_nothing(generous):
    card = generous.card()
    born(generous, card, "05-17")
    programme = generous.owner.get("/programmes").json["items"][0]["id"]
    generous.owner.patch(f"/programmes/{programme}", {"active": False})

    assert housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00")) == []


def test_telling_a_birthday_is_agreeing_that_it_is_kept_and_the_words_are_kept_too(generous):
    card = generous.card()

    told = born(generous, card, "05-17")
    taken_back = card.customer.put(f"/cards/{card.code}/customer", {"name": "Kim"}).json

    assert (told["birthday"], taken_back["birthday"]) == ("05-17", None)
    assert [(line["kind"], line["granted"]) for line in taken_back["consent_history"]] == [
        ("birthday", False), ("birthday", True),
    ]  # fmt: skip
    assert "birthday" in told["consent_history"][0]["wording"]
    assert told["consents"] == {"news": False}


def test_a_birthday_is_forgotten_with_the_person_and_the_stamps_stay(generous):
    card = generous.card()
    born(generous, card, "05-17")
    housekeeping.celebrate_birthdays(now=at("2027-05-17T12:00"))

    assert card.customer.delete(f"/cards/{card.code}/customer").status_code == 204

    assert rows(db.database(), "SELECT month, day FROM birthdays") == []
    assert card.face["stamps"] == 2


@pytest.mark.parametrize("wrong", ["02-30", "13-01", "5-17", "2000-05-17", ""])
def test_a_day_there_is_not_is_no_birthday(generous, wrong):
    card = generous.card()

    answer = card.customer.put(f"/cards/{card.code}/customer", {"birthday": wrong})

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/birthday")
