"""Visits that come too thick and fast are shown to the owner, once each, and settled like any other flag."""

import threading

import pytest

from api.actions import watch
from api.ids import id_text, moment_text, new_id, now_ms

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.fixture
def business(make_business):
    """Corner, which gives at most two stamps a visit."""
    return make_business(max_per_visit=2)


@pytest.fixture
def bo(owner):
    """Bo, who works here."""
    return owner.post("/staff", {"name": "Bo", "pin": "7391"}).json


def look():
    """What the service does every minute."""
    return watch.look(now=now_ms(), looked_at=now_ms() - MINUTE)


def flags(business, settled="no"):
    return business.owner.get(f"/flags?settled={settled}").json["items"]


def stamps(till, card, count, ago=0, apart=1000, **values):
    """Visits of a card, the last one so long ago."""
    claims = []
    for n in reversed(range(count)):
        at = now_ms() - ago - n * apart
        claims.append(till.stamp(card, id=id_text(new_id(at)), happened_at=moment_text(at), **values))
    assert [result["status"] for result in till.send(*claims)] == ["applied"] * count
    return claims


def test_the_fourth_visit_within_an_hour_is_shown_with_its_numbers(business, till, make_card):
    card = make_card()
    claims = stamps(till, card, 4)

    assert flags(business) == []
    assert look() == 1

    (line,) = flags(business)
    assert (line["id"], line["flag"], line["late"]) == (
        claims[3]["id"],
        None,
        {"code": "card_hour", "n": 4, "limit": 3},
    )
    assert line["card"]["code"] == card.code
    assert business.owner.get("/today").json["flagged"] == 1


def test_looking_again_finds_nothing_new(business, till, make_card):
    card = make_card()
    stamps(till, card, 5)

    assert [look(), look(), watch.look_back(now=now_ms(), days=2)] == [2, 0, 0]
    stamps(till, card, 1)
    assert look() == 1
    assert len(flags(business)) == 3


def test_two_processes_that_look_at_once_write_each_line_once(app, business, till, make_card):
    for _ in range(5):
        stamps(till, make_card(), 5)
    found, start = [], threading.Barrier(2)

    def one():
        with app.app_context():
            start.wait()
            found.append(look())

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(found) == 10
    assert len(flags(business)) == 10


def test_too_many_in_a_day(business, till, make_card):
    stamps(till, make_card(), 9, apart=2 * HOUR)

    look()

    assert [line["late"] for line in flags(business)] == [{"code": "card_day", "n": 9, "limit": 8}]


def test_one_of_the_staff_who_stamps_many_cards_in_an_hour(business, owner, till, make_card, bo):
    owner.patch("/business", {"watch_staff_hour": 5})
    for _ in range(6):
        stamps(till, make_card(), 1, staff=bo["id"])
    stamps(till, make_card(), 1)

    look()

    (line,) = flags(business)
    assert (line["staff"], line["late"]) == ("Bo", {"code": "staff_hour", "n": 6, "limit": 5})


def test_undone_visits_do_not_count_and_one_visit_may_have_many_stamps(business, till, make_card):
    card, other = make_card(), make_card()
    claims = stamps(till, card, 4)
    till.send(till.void(claims[0]))
    stamps(till, other, 1, quantity=2)

    assert look() == 0


def test_an_owner_who_does_not_look_is_shown_nothing(business, owner, till, make_card):
    owner.patch("/business", {"watch_card_hour": 0, "watch_card_day": 0, "watch_staff_hour": 0})
    stamps(till, make_card(), 12)

    assert look() == 0


def test_a_visit_that_comes_hours_late_is_found_at_once_and_one_that_comes_after_days_by_the_long_look(
    business, till, make_card
):
    stamps(till, make_card(), 4, ago=20 * HOUR, already_happened=True)
    stamps(till, make_card(), 4, ago=6 * DAY, already_happened=True)

    assert [look(), look(), watch.look_back(now=now_ms())] == [1, 0, 1]


def test_it_is_settled_like_any_other_flag(business, till, make_card):
    fine, undone = make_card(), make_card()
    stamps(till, fine, 4)
    last = stamps(till, undone, 4)[-1]
    look()
    by_id = {line["card"]["code"]: line["id"] for line in flags(business)}

    answers = [
        business.owner.post(f"/flags/{by_id[fine.code]}/reviews", {"verdict": "fine"}),
        business.owner.post(f"/flags/{by_id[undone.code]}/reviews", {"verdict": "undone", "note": "not there"}),
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert undone.face["stamps"] == 3
    assert by_id[undone.code] == last["id"]
    assert flags(business) == []
    assert {line["settlement"]["verdict"] for line in flags(business, "yes")} == {"fine", "undone"}
    assert business.owner.get("/today").json["flagged"] == 0
    assert look() == 0


def test_a_line_flagged_twice_is_one_line(business, till, make_card):
    card = make_card()
    stamps(till, card, 3)
    till.send(till.stamp(card, quantity=3, already_happened=True))

    look()

    (line,) = flags(business)
    assert (line["flag"], line["late"]["code"]) == ("visit_limit", "card_hour")
    assert business.owner.get("/today").json["flagged"] == 1


def test_pages_hold_both_kinds_of_flag_in_the_order_they_came(business, till, make_card):
    card, ids = make_card(), []
    for n in range(8):
        quantity, status = (3, "flagged") if n % 2 else (1, "applied")
        claim = till.stamp(card, quantity=quantity, already_happened=True)
        assert till.send(claim)[0]["status"] == status
        ids += [claim["id"]] if n % 2 or n >= 3 else []
    look()

    seen, link = [], "/flags?limit=2"
    while link:
        answer = business.owner.get(link)
        seen += [line["id"] for line in answer.json["items"]]
        link = answer.headers.get("Link", "").partition(">")[0].removeprefix("</api/v1")

    assert seen == ids[::-1]


def test_all_of_one_reason_are_settled_at_once_and_the_others_wait(business, owner, till, make_card):
    for _ in range(3):
        stamps(till, make_card(), 5)
    till.send(till.stamp(make_card(), quantity=3, already_happened=True))
    look()

    answer = owner.post("/flags/reviews", {"reason": "card_hour", "verdict": "fine", "note": "the office came"})

    assert (answer.status_code, answer.json) == (201, {"settled": 6, "more": False})
    assert [line["flag"] for line in flags(business)] == ["visit_limit"]
    assert {line["settlement"]["note"] for line in flags(business, "yes")} == {"the office came"}
    assert owner.post("/flags/reviews", {"reason": "card_hour", "verdict": "fine"}).json["settled"] == 0
    assert owner.post("/flags/reviews", {"reason": "visit_limit", "verdict": "fine"}).json["settled"] == 1
    assert owner.post("/flags/reviews", {"reason": "visit_limit", "verdict": "undone"}).status_code == 422


def test_the_stranger_sees_and_settles_none_of_it(business, stranger, till, make_card):
    stamps(till, make_card(), 4)
    look()
    (line,) = flags(business)

    assert flags(stranger) == []
    assert stranger.owner.post(f"/flags/{line['id']}/reviews", {"verdict": "fine"}).status_code == 404
    assert stranger.owner.post("/flags/reviews", {"reason": "card_hour", "verdict": "fine"}).json["settled"] == 0
    assert len(flags(business)) == 1


@pytest.mark.parametrize(
    "change", [{"watch_card_hour": -1}, {"watch_card_day": 1001}, {"quiet_from": 1440}, {"quiet_until": 7}]
)
def test_limits_that_make_no_sense_are_refused(owner, change):
    assert owner.patch("/business", change).status_code == 422
