"""The owner looks at today and the days before: what is counted, on which day, and what waits."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from test_programmes import TERMS, change

from api import db
from api.actions import figures
from api.ids import id_text, moment_text, new_id, now_ms, read_id
from rules.programme import Choice, Tier

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR_MS = 3_600_000


def today(business):
    answer = business.owner.get("/today")
    assert answer.status_code == 200, answer.text
    return answer.json


def at(year, month, day, hour, minute=0, zone=WARSAW):
    """A moment on a clock there, in ms."""
    return int(datetime(year, month, day, hour, minute, tzinfo=zone).timestamp() * 1000)


def seen(till, card, moment, quantity=1, kind="stamp"):
    """Something the till saw back then, which is sent only now."""
    claim = till.claim(kind, card, quantity=quantity, already_happened=True)
    claim |= {"id": id_text(new_id(moment)), "happened_at": moment_text(moment)}
    (result,) = till.send(claim)
    assert result["status"] in ("applied", "flagged")
    return claim


def stamps_a_day(business, first, last):
    answer = business.owner.get(f"/days?from={first}&to={last}")
    assert answer.status_code == 200, answer.text
    return {row["day"]: row["stamps"] for row in answer.json["items"]}


def test_today_counts_stamps_cards_and_redemptions(business, till, make_card):
    full, other = make_card(rewards=3), make_card()

    till.send(till.stamp(other, quantity=3), till.stamp(full), till.redeem(full, quantity=2))

    shown = today(business)
    assert (shown["stamps"], shown["new_cards"], shown["redemptions"]) == (4, 2, 2)
    assert (shown["cards"], shown["rewards_waiting"]) == (2, 1)
    assert shown["day"] == datetime.now(WARSAW).date().isoformat()


def test_what_was_undone_does_not_count(business, till, make_card):
    card = make_card(rewards=1)
    stamp, redeem = till.stamp(card, quantity=5), till.redeem(card)

    till.send(stamp, redeem, till.void(stamp), till.void(redeem))

    assert (today(business)["stamps"], today(business)["redemptions"]) == (0, 0)


def test_an_undone_stamp_of_another_day_is_taken_off_that_day(business, till, make_card):
    yesterday = now_ms() - 30 * HOUR_MS
    stamp = seen(till, make_card(), yesterday, quantity=4)
    till.send(till.void(stamp))

    days = business.owner.get("/days").json["items"]

    assert [day["stamps"] for day in days] == [0] * 30
    assert today(business)["stamps"] == 0


def test_welcome_stamps_and_what_the_owner_adds_are_no_visits(make_business):
    business = make_business(welcome_stamps=2)

    business.card(stamps=3)

    assert (today(business)["stamps"], today(business)["new_cards"]) == (0, 1)


def test_rewards_wait_as_their_customers_see_them(business, make_card):
    make_card(stamps=9)
    make_card(stamps=4, rewards=1)

    change(business, stamps_needed=8)

    assert today(business)["rewards_waiting"] == 2


def test_a_reward_that_is_owed_takes_none_from_another_card(business, till, make_card):
    make_card(rewards=2)
    till.send(till.redeem(make_card(), already_happened=True))

    assert today(business)["rewards_waiting"] == 2


def test_every_reward_that_waits_is_told_by_name_with_what_it_may_cost(make_business):
    soup = Choice("a free soup", 310)
    coffee, bag = Tier(1, 5, "a free coffee", unit_cost=60), Tier(2, 2, "a tote bag", unit_cost=400, once=True)
    cafe = make_business("Café", unit_cost=250, choices=(soup,), tiers=(coffee, bag))
    till, twice, one = cafe.till(), cafe.card(stamps=25), cafe.card(stamps=6)
    till.send(till.redeem(twice), till.redeem(twice, tier=1), till.redeem(one, tier=2))

    before = today(cafe)
    # The coffee comes nearer than where the second card has got to; the bag is gone, and stays with who has earned it.
    change(cafe, tiers=[{"key": 1, "at": 4, "reward": "a free coffee", "unit_cost": 70}], choices=[])
    cafe.card(stamps=3, version=2)
    after = today(cafe)

    rows = [("a free sandwich", 1, 310), ("a free coffee", 3, 180), ("a tote bag", 1, 400)]
    assert before["rewards_waiting"] == sum(n for _, n, _ in rows)
    assert before["waiting"] == [
        {"programme": "Sandwich card", "reward": name, "n": n, "cost": cost} for name, n, cost in rows
    ]
    assert [(row["n"], row["cost"]) for row in after["waiting"]] == [(1, 250), (3, 210), (1, 400)]


def test_a_reward_of_two_programmes_of_one_name_is_told_once(business, make_card):
    terms = TERMS | {"stamps_needed": 8, "unit_cost": 300}
    other = business.owner.post("/programmes", {"name": "Sandwich card", "terms": terms}).json
    make_card(stamps=10)
    business.card(stamps=9, programme_id=read_id(other["id"]))

    (row,) = today(business)["waiting"]

    assert (row["reward"], row["n"]) == ("a free sandwich", 2)


def test_on_cards_that_count_money_a_dearer_stamp_takes_no_reward_away(make_business):
    shop = make_business(stamps_needed=5, stamp_for="spend", spend_per_stamp=1000, tiers=(Tier(1, 2, "a pastry"),))
    till, card = shop.till(), shop.card()
    till.send(till.stamp(card, amount=7400))

    answer = change(shop, stamps_needed=5, stamp_for="spend", spend_per_stamp=2000, tiers=[])

    assert answer.status_code == 201
    assert [(row["reward"], row["n"]) for row in today(shop)["waiting"]] == [("a free sandwich", 1), ("a pastry", 2)]


def test_today_shows_how_the_tills_are(business, till):
    other = business.till("Till 2")
    business.owner.post(f"/tills/{id_text(other.id)}/revocations", {})

    rows = today(business)["tills"]

    assert [(row["name"], row["shop"]["name"], row["revoked_at"] is None) for row in rows] == [
        ("Till 1", "Market Street", True),
        ("Till 2", "Market Street", False),
    ]


def test_what_was_kept_and_what_was_flagged_is_counted(business, till, make_card):
    till.send(till.stamp("0" * 17 + "1", already_happened=True))
    till.send(till.redeem(make_card(), already_happened=True))

    assert (today(business)["kept"], today(business)["flagged"]) == (1, 1)


def test_a_day_begins_at_midnight_where_the_business_is(business, till, make_card):
    card = make_card()
    seen(till, card, at(2026, 7, 14, 23, 59), quantity=2)  # 21:59 UTC
    seen(till, card, at(2026, 7, 15, 0, 0), quantity=3)  # 22:00 UTC

    assert stamps_a_day(business, "2026-07-14", "2026-07-15") == {"2026-07-14": 2, "2026-07-15": 3}


def test_a_day_on_which_the_clocks_change_has_all_its_hours(business, till, make_card):
    card = make_card()
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        first = at(day.year, day.month, day.day, 0)
        for moment in (first - 1, first, first + hours * HOUR_MS - 1, first + hours * HOUR_MS):
            seen(till, card, moment)

        around = stamps_a_day(business, day - timedelta(days=1), day + timedelta(days=1))

        assert list(around.values()) == [1, 2, 1]


def test_a_zone_off_the_full_hour_has_its_own_midnight(business, till, make_card):
    card = make_card()
    names = ("Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham")
    zones = [ZoneInfo(name) for name in names]
    for place in zones:
        seen(till, card, at(2026, 5, 3, 23, 59, place))

    for place in zones:
        day = {"first": date(2026, 5, 3), "last": date(2026, 5, 3)}
        midnight = at(2026, 5, 4, 0, 0, place)
        expected = sum(midnight - 24 * HOUR_MS <= at(2026, 5, 3, 23, 59, other) < midnight for other in zones)
        with db.reading() as connection:
            (found,) = figures.days(connection, business.id, zone=place, **day)
        assert found.stamps == expected


def test_a_clock_that_runs_ahead_does_not_count_for_tomorrow(business, till, make_card):
    ahead = now_ms() + 30 * HOUR_MS

    seen(till, make_card(), ahead)

    assert today(business)["stamps"] == 1


def test_days_without_a_visit_are_there_too(business):
    days = business.owner.get("/days?from=2024-02-28&to=2024-03-01").json["items"]

    nothing = {"stamps": 0, "new_cards": 0, "redemptions": 0}
    assert days == [{"day": day} | nothing for day in ("2024-02-28", "2024-02-29", "2024-03-01")]


def test_new_cards_count_on_the_day_they_were_made(business, make_card):
    make_card()
    day = datetime.now(WARSAW).date()

    days = business.owner.get(f"/days?from={day - timedelta(days=1)}&to={day + timedelta(days=1)}").json["items"]

    assert [row["new_cards"] for row in days] == [0, 1, 0]


def test_days_that_make_no_sense_are_refused(business):
    too_long, backwards = "from=2024-01-01&to=2026-01-01", "from=2026-01-02&to=2026-01-01"

    for query in (too_long, backwards, "from=yesterday", "to=0001-01-01", "days=3"):
        answer = business.owner.get(f"/days?{query}")
        assert (answer.status_code, answer.json["code"]) == (422, "invalid"), query


def test_the_stranger_sees_nothing_of_it(business, stranger, till, make_card):
    till.send(till.stamp(make_card(rewards=1)))

    shown = today(stranger)

    assert [shown[name] for name in ("stamps", "new_cards", "redemptions", "rewards_waiting", "cards", "tills")] == [
        0, 0, 0, 0, 0, [],
    ]  # fmt: skip
