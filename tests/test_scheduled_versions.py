"""Terms that come into force at a set time: announced, taken back, in force exactly once, never against the owner."""

import pytest
from test_programmes import TERMS, change, path

from api import db
from api.actions import housekeeping
from api.actions import scheduled_versions as actions
from api.ids import moment_text, now_ms
from api.store import scheduled_versions as store

HOUR = 3_600_000


def schedule(business, hours=1, expected_version=1, **terms):
    """New terms in so many hours."""
    starts_at = moment_text(now_ms() + round(hours * HOUR))
    body = {"terms": TERMS | terms, "policy": "better", "note": "Summer", "expected_version": expected_version}
    return business.owner.post(path(business, "/versions"), body | {"starts_at": starts_at})


def states(business):
    items = business.owner.get(path(business, "/scheduled-versions")).json["items"]
    return [(item["terms"]["stamps_needed"], item["state"], item["version"]) for item in items]


def in_force(business):
    newest = business.owner.get(path(business, "/versions")).json["items"][0]
    return newest["version"], newest["terms"]["stamps_needed"]


def test_it_waits_until_its_time_and_is_in_force_from_then_on_once(business):
    made = schedule(business, stamps_needed=8)

    before = housekeeping.put_in_force(now=now_ms() + HOUR // 2)
    waiting, old = states(business), in_force(business)
    counts = [housekeeping.put_in_force(now=now_ms() + 2 * HOUR) for _ in range(2)]

    assert (made.status_code, made.json["state"], made.json["note"]) == (201, "waiting", "Summer")
    assert (before, waiting, old) == (0, [(8, "waiting", None)], (1, 10))
    assert (counts, states(business), in_force(business)) == ([1, 0], [(8, "done", 2)], (2, 8))
    newest = business.owner.get(path(business, "/versions")).json["items"][0]
    assert (newest["author"], newest["note"], newest["policy"]) == ("Ada", "Summer", "better")


def test_two_services_put_it_in_force_once(business):
    schedule(business, stamps_needed=8)
    later = now_ms() + 2 * HOUR
    with db.reading() as connection:
        (due,) = store.due(connection, later)

    found = [db.write(lambda connection: actions.put_in_force(connection, **due, now=later)) for _ in range(2)]

    assert found == [2, None]
    assert in_force(business) == (2, 8)


def test_what_is_taken_back_at_the_last_moment_is_not_put_in_force(business):
    waiting, later = schedule(business, stamps_needed=8).json["id"], now_ms() + 2 * HOUR
    with db.reading() as connection:
        (due,) = store.due(connection, later)

    business.owner.delete(path(business, f"/scheduled-versions/{waiting}"))

    assert db.write(lambda connection: actions.put_in_force(connection, **due, now=later)) is None
    assert (states(business), in_force(business)) == ([(8, "withdrawn", None)], (1, 10))


def test_a_service_that_was_down_at_the_time_makes_good_when_it_is_back(business):
    schedule(business, stamps_needed=8)

    housekeeping.put_in_force(now=now_ms() + 240 * HOUR)

    assert in_force(business) == (2, 8)


def test_a_change_by_hand_makes_it_stale_and_it_is_shown_and_never_applied(business):
    schedule(business, stamps_needed=8)
    change(business, stamps_needed=12)

    counts = [housekeeping.put_in_force(now=now_ms() + 2 * HOUR) for _ in range(2)]

    assert counts == [0, 0]
    assert (states(business), in_force(business)) == ([(8, "stale", None)], (2, 12))


def test_a_summer_is_scheduled_with_its_end(business):
    schedule(business, hours=1, stamps_needed=8)
    schedule(business, hours=100, stamps_needed=10)

    housekeeping.put_in_force(now=now_ms() + 2 * HOUR)
    summer = in_force(business)
    housekeeping.put_in_force(now=now_ms() + 200 * HOUR)

    assert (summer, in_force(business)) == ((2, 8), (3, 10))
    assert states(business) == [(10, "done", 3), (8, "done", 2)]


def test_both_come_into_force_in_order_when_the_service_was_down_for_the_whole_summer(business):
    schedule(business, hours=100, stamps_needed=10)
    schedule(business, hours=1, stamps_needed=8)

    assert housekeeping.put_in_force(now=now_ms() + 200 * HOUR) == 2

    assert in_force(business) == (3, 10)


def test_it_is_taken_back_before_and_not_after(business):
    waiting, gone = schedule(business, stamps_needed=8).json["id"], schedule(business, stamps_needed=9).json["id"]

    taken_back = business.owner.delete(path(business, f"/scheduled-versions/{gone}"))
    again = business.owner.delete(path(business, f"/scheduled-versions/{gone}"))
    housekeeping.put_in_force(now=now_ms() + 2 * HOUR)
    too_late = business.owner.delete(path(business, f"/scheduled-versions/{waiting}"))

    assert (taken_back.status_code, again.json["code"], too_late.json["code"]) == (
        204,
        "no_longer_waiting",
        "no_longer_waiting",
    )
    assert sorted(states(business)) == [(8, "done", 2), (9, "withdrawn", None)]
    assert in_force(business) == (2, 8)


@pytest.mark.parametrize("hours", [-1, 0, 24 * 400])
def test_it_starts_in_the_future_and_within_a_year(business, hours):
    answer = schedule(business, hours=hours)

    assert (answer.status_code, answer.json["pointer"]) == (422, "/starts_at")


def test_what_cannot_follow_is_refused_when_it_is_scheduled(business):
    moved = schedule(business, expected_version=2)
    money = schedule(business, stamp_for="spend", spend_per_stamp=500)

    assert (moved.json["code"], money.json["code"]) == ("version_moved", "stamp_for_is_fixed")
    assert states(business) == []


def test_a_schedule_sent_twice_under_one_key_is_made_once(business, owner):
    starts_at = moment_text(now_ms() + HOUR)
    body = {"terms": TERMS, "expected_version": 1, "starts_at": starts_at}

    answers = [owner.post(path(business, "/versions"), body, headers={"Idempotency-Key": "k1"}) for _ in range(2)]

    assert answers[0].json == answers[1].json
    assert len(states(business)) == 1


def test_the_stranger_takes_nothing_back(business, stranger):
    waiting = schedule(business).json["id"]

    tries = [
        stranger.owner.delete(path(business, f"/scheduled-versions/{waiting}")),
        stranger.owner.delete(path(stranger, f"/scheduled-versions/{waiting}")),
    ]

    assert [answer.status_code for answer in tries] == [404, 404]
    assert states(business) == [(10, "waiting", None)]
