"""A visit is a day with a stamp, counted where the shop is, summer time included."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from insight.visits import local_day, local_hour, midnight, visits
from tests.insight.ledgers import DAY, HOUR, START, Line, ledger, redeem, stamp


def moment(text):
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def test_two_stamps_on_a_day_are_one_visit_and_the_next_day_is_another():
    found = visits(ledger(stamp(0, 1, 2, hour=9), stamp(0, 1, 3, hour=17), stamp(0, 2)))

    assert found.stamps.tolist() == [5, 1]
    assert np.diff(found.day).tolist() == [1]
    assert found.at[0] == START + DAY + 9 * HOUR


def test_visits_stand_card_by_card_whatever_the_order_of_the_ledger():
    found = visits(ledger(stamp(1, 3), stamp(0, 5), stamp(1, 1), stamp(0, 2)))

    assert found.card.tolist() == [0, 0, 1, 1]
    assert (found.at - START).tolist() == [d * DAY + 12 * HOUR for d in (2, 5, 1, 3)]


def test_what_was_undone_and_what_is_no_stamp_is_no_visit():
    gift = Line(0, "bonus", 2, at=4 * DAY)
    mistake = stamp(0, 3)

    found = visits(ledger(stamp(0, 1), mistake, Line(0, "void", -1, at=3 * DAY, undoes=1), redeem(0, 5), gift))

    assert len(found) == 1


def test_no_lines_are_no_visits():
    assert len(visits(ledger(cards=3))) == 0


def test_a_late_coffee_in_warsaw_belongs_to_warsaws_day():
    late = np.array([moment("2026-07-01T22:30:00+00:00"), moment("2026-01-01T22:30:00+00:00")])

    days = local_day(late, "Europe/Warsaw").astype("datetime64[D]").astype(str)

    assert days.tolist() == ["2026-07-02", "2026-01-01"]


def test_monday_at_midnight_is_hour_nought_of_the_week():
    at = np.array([START, START + 7 * DAY - 1, moment("2026-03-29T01:30:00+00:00")])

    assert local_hour(at, "UTC").tolist()[:2] == [0, 167]
    assert local_hour(at, "Europe/Warsaw")[2] == 6 * 24 + 3  # the clock has just gone from two to three


def test_a_day_begins_where_the_shop_is_also_when_the_clocks_change():
    change = (datetime(2026, 3, 29, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days

    begins = [midnight(day, "Europe/Warsaw") for day in (change, change + 1)]

    assert begins == [moment("2026-03-29T00:00:00+01:00"), moment("2026-03-30T00:00:00+02:00")]


zones = st.sampled_from(["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(zone=zones, seconds=st.lists(st.integers(1_600_000_000, 1_900_000_000), min_size=1, max_size=20))
def test_every_moment_has_the_day_and_hour_that_the_clock_on_the_wall_shows(zone, seconds):
    at = np.array(seconds, dtype=np.int64) * 1000

    walls = [datetime.fromtimestamp(s, UTC).astimezone(ZoneInfo(zone)) for s in seconds]

    assert local_day(at, zone).astype("datetime64[D]").astype(str).tolist() == [w.date().isoformat() for w in walls]
    assert local_hour(at, zone).tolist() == [w.weekday() * 24 + w.hour for w in walls]
