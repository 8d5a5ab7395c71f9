"""The daily limit is a limit per day where the shop is: from midnight to midnight, on the long days and the short."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.actions import cards, events
from api.actions.claims import Claim
from api.ids import new_id
from tests.model import Promise
from tests.world import KEYS, make_shop, make_till, open_database


@pytest.fixture
def opened(database, tmp_path):
    """The database alone, with no service around it."""
    opened = open_database(database, str(tmp_path))
    yield opened
    opened.close()


def moment(zone, local):
    """Milliseconds since 1970 of a local time; "again" is the second time the clock shows it."""
    time, _, again = local.partition(" ")
    fold = 1 if again else 0
    return int(datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000)


def stamps_at(opened, zone, *times):
    """Stamp one card at these local times, one stamp a day allowed; what became of each."""
    shop = make_shop(opened, Promise(needed=50, daily=1), time_zone=zone)
    till = make_till(opened, shop, "Till 1")
    made = opened.write(lambda c: cards.make(c, caller=till, programme_id=shop.programme, version=1, keys=KEYS, now=0))
    code = KEYS.card_code(shop.id, made.card.row.id, 0)
    results = []
    for now in (moment(zone, time) for time in times):
        claim = Claim(new_id(now), "stamp", code, 1, now, False, None, None, None, None, {})
        result = opened.write(lambda c, n=now, k=claim: events.record(c, k, caller=till, keys=KEYS, now=n))
        results.append(result.reason or result.status)
    return results


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "Asia/Bangkok", "America/Los_Angeles"])
def test_the_day_begins_at_midnight_where_the_shop_is(opened, zone):
    times = "2026-07-01T00:00", "2026-07-01T23:59:59.999", "2026-07-02T00:00"

    assert stamps_at(opened, zone, *times) == ["applied", "daily_limit", "applied"]


@pytest.mark.parametrize(
    ("zone", "day", "next_day"),
    [
        ("Europe/Warsaw", "2026-03-29", "2026-03-30"),  # 23 hours
        ("Europe/Warsaw", "2026-10-25", "2026-10-26"),  # 25 hours
        ("Asia/Beirut", "2026-03-29", "2026-03-30"),  # there is no midnight: the day begins at one o'clock
        ("America/Havana", "2026-11-01", "2026-11-02"),  # the hour after midnight comes twice
    ],
)
def test_a_day_is_one_day_however_long_it_is(opened, zone, day, next_day):
    assert stamps_at(opened, zone, f"{day}T01:30", f"{day}T23:59") == ["applied", "daily_limit"]
    assert stamps_at(opened, zone, f"{day}T23:59", f"{next_day}T00:01") == ["applied", "applied"]


def test_an_hour_that_comes_twice_after_midnight_belongs_to_one_day(opened):
    twice = "2026-11-01T00:15", "2026-11-01T00:15 again"

    assert stamps_at(opened, "America/Havana", *twice) == ["applied", "daily_limit"]


def test_a_visit_of_yesterday_that_is_told_today_takes_nothing_from_today(opened):
    shop = make_shop(opened, Promise(needed=50, daily=1), time_zone="Europe/Warsaw")
    till = make_till(opened, shop, "Till 1")
    now = moment("Europe/Warsaw", "2026-07-02T09:00")
    made = opened.write(
        lambda c: cards.make(c, caller=till, programme_id=shop.programme, version=1, keys=KEYS, now=now)
    )
    code = KEYS.card_code(shop.id, made.card.row.id, 0)

    told = Claim(new_id(), "stamp", code, 1, now - 12 * 3_600_000, True, None, None, None, None, {})
    asked = Claim(new_id(), "stamp", code, 1, now, False, None, None, None, None, {})
    results = opened.write_each(
        [lambda c, k=claim: events.record(c, k, caller=till, keys=KEYS, now=now) for claim in (told, asked)]
    )

    assert [result.status for result in results] == ["applied", "applied"]
