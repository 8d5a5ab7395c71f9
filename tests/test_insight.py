"""The owner asks the ledger: how are we doing, who is slipping away, what if, what do we owe?"""

import pytest

from api.ids import id_text, moment_text, new_id, now_ms
from rules.programme import Tier

DAY = 86_400_000


@pytest.fixture
def business(make_business):
    """Corner, with a free sandwich of 2.50 for eight of 6.90."""
    return make_business(stamps_needed=8, unit_cost=250, unit_price=690)


def days_ago(days):
    """What a stamp of that day carries."""
    moment = now_ms() - days * DAY
    return {"id": id_text(new_id(moment)), "happened_at": moment_text(moment), "already_happened": True}


def ask(business, path):
    answer = business.owner.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def what_if(business, **assumed):
    query = "&".join(f"{name}={value}" for name, value in assumed.items())
    return ask(business, f"/programmes/{id_text(business.programme_id)}/what-if" + (f"?{query}" if query else ""))


def under(found, needed):
    (one,) = [each for each in found["thresholds"] if each["stamps_needed"] == needed]
    return one


def test_a_new_shop_is_told_that_nothing_is_known_yet(business):
    doing = ask(business, "/insight/retention")
    slipping = ask(business, "/insight/at-risk")
    owing = ask(business, "/insight/liability")

    assert (doing["active"], doing["second_visit"], doing["weeks"], doing["cohorts"]) == (None, None, [], None)
    assert (slipping["n"], slipping["items"], slipping["calibration"]) == (None, [], None)
    assert (owing["owed"], owing["breakage"], owing["cost"]) == (None, None, None)


def test_each_figure_says_what_it_was_reckoned_from(business, till, make_card):
    regular, once, _ = make_card(), make_card(), make_card()
    till.send(*(till.stamp(regular, **days_ago(days)) for days in (41, 21, 8)), till.stamp(once, **days_ago(8)))

    found = ask(business, "/insight/retention")

    assert (found["enrolled"], found["active"]["value"], found["active"]["n"]) == (3, 2, 3)
    assert found["visits_per_active"]["value"] == 1.5
    assert sum(week["visits"] for week in found["weeks"]) == 4
    assert sum(week["new"] for week in found["weeks"]) == 2


def test_what_is_owed_is_counted_from_the_cards(business, till, make_card):
    full, started = make_card(), make_card()
    till.send(till.stamp(full, 6), till.stamp(full, 2), till.stamp(started, 4))

    owed = ask(business, "/insight/liability")["owed"]

    assert (owed["rewards"], owed["stamps"], owed["cards"]) == (1, 4, 2)
    assert owed["at_most"] == 250 + 125


def test_tiers_and_money_are_in_every_figure(make_business):
    coffee, bag = Tier(1, 5, "a free coffee", unit_cost=60), Tier(2, 2, "a tote bag", unit_cost=400, once=True)
    cafe = make_business(stamps_needed=10, unit_cost=250, unit_price=690, tiers=(coffee, bag))
    paid = make_business(stamps_needed=5, unit_cost=250, unit_price=500, stamp_for="spend", spend_per_stamp=1000)
    till, other, card = cafe.till(), paid.till(), cafe.card()
    till.send(till.stamp(card, 16), till.redeem(card, tier=1))
    other.send(other.stamp(paid.card(), amount=7400))

    owed, of_paid = (ask(each, "/insight/liability")["owed"] for each in (cafe, paid))
    found, of_money = what_if(cafe), what_if(paid)

    assert [(each["reward"], each["n"], each["cost"]) for each in owed["waiting"]] == [
        ("a free sandwich", 1, 250), ("a free coffee", 1, 60), ("a tote bag", 1, 400),
    ]  # fmt: skip
    assert (owed["rewards"], owed["at_most"]) == (3, 250 + 60 + 400 + 150)
    assert [(each["reward"], each["at"], each["once"], each["issued_today"]) for each in found["tiers"]] == [
        ("a free coffee", 5, False, 2), ("a tote bag", 2, True, 1),
    ]  # fmt: skip
    assert (found["cost_today"], found["issued_today"]) == (250 + 2 * 60 + 400, 1)
    assert (under(found, 8)["cost"], under(found, 8)["tiers_issued"]) == (2 * 250 + 2 * 60 + 400, [2, 1])
    # At four for the sandwich the coffee at five falls away.
    assert (under(found, 4)["cost"], under(found, 4)["tiers_issued"]) == (4 * 250 + 400, [0, 1])
    assert (of_paid["rewards"], of_paid["stamps"], of_paid["at_most"]) == (1, 2, 250 + 120)
    assert (of_money["spend_per_stamp"], of_money["stamps"], under(of_money, 2)["issued"]) == (1000, 7, 3)


def test_new_events_are_in_the_next_answer(business, till, make_card):
    card = make_card()
    till.send(till.stamp(card, 3))
    first = what_if(business)
    till.send(till.stamp(card, 3))

    second = what_if(business, extra_visits=0.1)

    assert (first["stamps"], second["stamps"]) == (3, 6)


def test_every_threshold_is_counted_on_the_same_ledger(business, till, make_card):
    till.send(*(till.stamp(make_card(), 6) for _ in range(3)), till.stamp(make_card(), 4))

    found = what_if(business)

    assert (found["stamps_needed"], found["issued_today"], found["cards"]) == (8, 0, 4)
    assert (under(found, 5)["issued"], under(found, 5)["cost"], under(found, 5)["more"]) == (3, 750, 3)
    assert under(found, 2)["issued"] == 11
    assert under(found, 8)["needed_lift"] == 0
    assert under(found, 5)["needed_lift"] > 0


def test_what_is_assumed_stands_in_the_answer(business, till, make_card):
    till.send(till.stamp(make_card(), 6))

    found = what_if(business, extra_visits=0.25, welcome_stamps=2)

    assert (found["extra_visits"], found["welcome_stamps"]) == (0.25, 2)
    assert under(found, 8)["issued"] >= 1


@pytest.mark.parametrize("query", ["extra_visits=0.31", "extra_visits=-0.1", "welcome_stamps=50", "welcome=1"])
def test_an_assumption_out_of_bounds_is_named(business, query):
    answer = business.owner.get(f"/programmes/{id_text(business.programme_id)}/what-if?{query}")

    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.json["errors"][0]["pointer"]


def test_a_programme_without_a_stamp_says_so(business):
    answer = business.owner.get(f"/programmes/{id_text(business.programme_id)}/what-if")

    assert (answer.status_code, answer.json["code"]) == (409, "nothing_yet")


def test_leaving_the_page_ends_what_was_asked(business):
    assert business.owner.delete("/insight").status_code == 204
