"""The owner tries another goal on some of the new cards, and is told what it earned."""

import pytest

from api import db
from api.actions import cards as card_actions
from api.actions import experiments as actions
from api.actions import programmes as programme_actions
from api.actions.callers import Caller
from api.ids import id_text, moment_text, new_id, now_ms, read_id
from api.store import experiments as store
from rules.experiments import is_treated

DAY = 86_400_000
WEEK = 7 * DAY
EIGHT_AND_A_HALF_WEEKS = 60 * DAY


@pytest.fixture
def business(make_business):
    """Corner: a sandwich of 6.90 that costs 2.50, the tenth is free."""
    return make_business(unit_cost=250, unit_price=690)


@pytest.fixture
def start(business):
    """Start an experiment: start(stamps_needed=8, …); returns the answer."""

    def start(**wish):
        wish = {"programme": id_text(business.programme_id), "stamps_needed": 8} | wish
        return business.owner.post("/experiments", wish)

    return start


def started_long_ago(business, *, share=50):
    """An experiment that began sixty days ago, 8 stamps instead of 10; returns its id."""
    began = now_ms() - EIGHT_AND_A_HALF_WEEKS
    return db.write(
        lambda connection: actions.start(
            connection,
            business.id,
            business.programme_id,
            stamps_needed=8,
            welcome_stamps=0,
            share=share,
            planned_cards=200,
            author="Ada",
            now=began,
        )
    ).id


def cards_of_then(business, n):
    """So many new cards on the day after it began; returns their codes by their ids."""
    made_at = now_ms() - EIGHT_AND_A_HALF_WEEKS + DAY
    caller = Caller(business.id, "service", shop_id=business.shop_id, shop_name="Market Street")
    keys = business.keys

    def make(connection):
        made = [
            card_actions.make(
                connection, caller=caller, programme_id=business.programme_id, version=1, keys=keys, now=made_at
            )
            for _ in range(n)
        ]
        return {card.card.row.id: keys.card_code(business.id, card.card.row.id, 0) for card in made}

    return db.write(make)


def drawn(business, experiment_id):
    """{card id: whether it was treated}."""
    with db.reading() as connection:
        return store.cards(connection, business.id, experiment_id)


def new_cards(client, n, **body):
    return [client.post("/cards", body).json["card"] for _ in range(n)]


def only(business):
    (found,) = business.owner.get("/experiments").json["items"]
    return found


def result(business, experiment_id):
    answer = business.owner.get(f"/experiments/{id_text(experiment_id)}/result")
    assert answer.status_code == 200, answer.text
    return answer.json


def change_terms(business, programme_id):
    db.write(
        lambda connection: programme_actions.change(
            connection,
            business.id,
            programme_id,
            terms=actions.newest_terms(connection, business.id, programme_id),
            policy="better",
            expected_version=1,
            author="Ada",
            note="",
            now=now_ms(),
        )
    )


def stamp_of_then(till, code, quantity):
    moment = now_ms() - EIGHT_AND_A_HALF_WEEKS + 2 * DAY
    then = {"id": id_text(new_id(moment)), "happened_at": moment_text(moment), "already_happened": True}
    return till.stamp(code, quantity, **then)


def test_new_cards_fall_into_both_arms_wherever_they_are_made(business, till, anyone, start):
    experiment = start(welcome_stamps=1).json

    made = [*new_cards(till.client, 12), *new_cards(business.owner, 12), *new_cards(anyone, 12, shop=till_shop(till))]

    found = only(business)
    needed = [(card["needed"], card["stamps"]) for card in made]
    assert {*needed} == {(10, 0), (8, 1)}
    assert found["control"]["cards"] == needed.count((10, 0))
    assert found["treatment"]["cards"] == needed.count((8, 1))
    assert (found["id"], found["state"], found["share"]) == (experiment["id"], "running", 50)


def till_shop(till):
    return till.client.get("/till").json["shop"]["join_code"]


def test_the_hash_of_a_card_says_which_arm_is_its(business, start):
    experiment_id = read_id(start(share=30).json["id"])
    new_cards(business.owner, 30)

    found = drawn(business, experiment_id)

    assert len(found) == 30
    assert all(treated == is_treated(experiment_id, card, 30) for card, treated in found.items())


def test_a_card_looks_the_same_in_both_arms_but_for_its_goal(business, till, start):
    start()
    cards = new_cards(till.client, 20)
    ten, eight = (next(card for card in cards if card["needed"] == needed) for needed in (10, 8))

    asked = business.owner.get("/programmes").json["items"]

    assert ten["programme"]["name"] == eight["programme"]["name"] == "Sandwich card"
    assert ten["programme"]["reward"] == eight["programme"]["reward"]
    assert [programme["treatment_of"] for programme in asked] == [None, asked[0]["id"]]


def test_a_treated_card_is_full_at_its_own_goal(business, till, start):
    start()
    card = next(card for card in new_cards(till.client, 20) if card["needed"] == 8)

    (told,) = till.send(till.stamp(card["code"], 8))

    assert told["card"]["rewards_ready"] == 1


def test_nobody_can_ask_for_the_terms_that_are_tried(business, till, anyone, start):
    treatment = start().json["treatment"]["programme"]
    join_code = till_shop(till)

    invited = anyone.get(f"/join/{join_code}").json["programmes"]
    refused = [
        till.client.post("/cards", {"programme": treatment}),
        anyone.post("/cards", {"shop": join_code, "programme": treatment}),
        business.owner.post("/card-sheets", {"programme": treatment, "count": 1, "paper": "a4", "language": "en"}),
        start(programme=treatment, stamps_needed=6),
    ]

    assert [(one["stamps_needed"], one["treatments"]) for one in invited] == [(10, [treatment])]
    assert [one["stamps_needed"] for one in till.client.get("/till").json["programmes"]] == [10]
    assert [answer.status_code for answer in refused] == [404, 404, 404, 409]


def test_a_programme_that_gets_another_name_gives_it_to_what_is_tried_beside_it(business, till, start):
    start()
    others = business.owner.post("/programmes", {"name": "Tea", "terms": {"stamps_needed": 5, "reward": "a tea"}})
    before = new_cards(till.client, 20)

    business.owner.patch(f"/programmes/{id_text(business.programme_id)}", {"name": "Lunch"})

    named = [row["name"] for row in business.owner.get("/programmes").json["items"]]
    shown = {till.client.get(f"/till/cards/{card['code']}").json["card"]["programme"]["name"] for card in before}
    assert (named, shown, others.status_code) == (["Lunch", "Lunch", "Tea"], {"Lunch"}, 201)


def test_a_till_on_its_own_words_either_arm_as_the_programme(business, till, start):
    start()
    new_cards(till.client, 20)

    told = till.client.get("/till/snapshot").json

    assert set(told["programmes"]) == {id_text(business.programme_id)}
    assert {card[2] for card in told["cards"]} == {10, 8}


def test_printed_cards_are_in_no_experiment(business, start):
    experiment_id = read_id(start().json["id"])

    sheet = {"programme": id_text(business.programme_id), "count": 24, "paper": "a4", "language": "en"}
    assert business.owner.post("/card-sheets", sheet).status_code == 201

    assert drawn(business, experiment_id) == {}
    assert {card["needed"] for card in business.owner.get("/cards").json["items"]} == {10}


def test_a_replaced_card_stays_in_its_arm(business, till, start):
    experiment_id = read_id(start().json["id"])
    card = next(card for card in new_cards(till.client, 20) if card["needed"] == 8)
    before = drawn(business, experiment_id)

    replaced = till.client.post(f"/cards/{card['code']}/replacements", {"reason": "lost"}).json["card"]

    assert replaced["needed"] == 8
    assert drawn(business, experiment_id) == before


def test_after_the_stop_no_card_falls_into_it_and_every_card_keeps_its_promise(business, till, start):
    experiment = start().json
    card = next(card for card in new_cards(till.client, 20) if card["needed"] == 8)

    stopped = business.owner.post(f"/experiments/{experiment['id']}/stops").json
    later = new_cards(till.client, 20)
    again = business.owner.post(f"/experiments/{experiment['id']}/stops")
    (told,) = till.send(till.stamp(card["code"], 8))

    assert (stopped["state"], stopped["stopped_by"], stopped["cut_at"]) == ("stopped", "Ada", None)
    assert {card["needed"] for card in later} == {10}
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    assert told["card"]["rewards_ready"] == 1


def test_one_runs_on_a_programme_at_a_time(business, start):
    first = start()
    second = start(stamps_needed=6)
    business.owner.post(f"/experiments/{first.json['id']}/stops")
    third = start(stamps_needed=6)

    assert [answer.status_code for answer in (first, second, third)] == [201, 409, 201]
    assert [one["treatment"]["stamps_needed"] for one in business.owner.get("/experiments").json["items"]] == [6, 8]


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"stamps_needed": 12}, "/stamps_needed"),
        ({"stamps_needed": 10}, "/stamps_needed"),
        ({"stamps_needed": 8, "welcome_stamps": 8}, "/welcome_stamps"),
    ],
)
def test_what_would_break_the_posters_promise_is_pointed_at(business, start, wish, pointer):
    answer = start(**wish)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert len(business.owner.get("/programmes").json["items"]) == 1


def test_without_a_price_nothing_is_started(make_business):
    business = make_business("Free")
    programme = id_text(business.programme_id)

    answer = business.owner.post("/experiments", {"programme": programme, "stamps_needed": 8})

    assert (answer.status_code, answer.json["code"]) == (409, "conflict")
    assert business.owner.get(f"/programmes/{programme}/experiment-plan").json["obstacle"] == "no_price"


@pytest.mark.parametrize("arm", ["control", "treatment"])
@pytest.mark.parametrize("how", ["changed", "ended"])
def test_a_change_of_either_arms_terms_stops_it(business, till, start, arm, how):
    programme_id = start().json[arm]["programme"]

    if how == "changed":
        change_terms(business, read_id(programme_id))
    else:
        business.owner.patch(f"/programmes/{programme_id}", {"active": False})

    found = only(business)
    assert (found["state"], found["stopped_by"]) == ("stopped", None)
    assert found["cut_at"] == found["stopped_at"]


def test_a_new_name_stops_nothing(business, start):
    start()

    business.owner.patch(f"/programmes/{id_text(business.programme_id)}", {"name": "Lunch card"})

    assert only(business)["state"] == "running"


def test_the_result_is_what_cards_earned_in_their_first_eight_weeks(business, till):
    experiment_id = started_long_ago(business)
    codes = cards_of_then(business, 320)
    arms = drawn(business, experiment_id)
    waves = [(card, 3 + number % 3 + 4 * arms[card]) for number, card in enumerate(codes)]
    for begin in range(0, len(waves), 100):
        till.send(*(stamp_of_then(till, codes[card], n) for card, n in waves[begin : begin + 100]))
    new_cards(till.client, 5)  # their eight weeks have only begun

    found = result(business, experiment_id)

    stamps = {arm: [n for card, n in waves if arms[card] == arm] for arm in (False, True)}
    mean = {arm: sum(each) / len(each) for arm, each in stamps.items()}
    assert found["control"]["cards"] + found["treatment"]["cards"] == 320
    # Once in a thousand runs chance itself parts the arms as if something were wrong.
    assert found["finding"] == ("better" if found["p"] >= 0.001 else "uneven")
    assert found["control"]["drawn"] + found["treatment"]["drawn"] == 325
    assert found["control"]["mean"] == pytest.approx(440 * mean[False])
    assert found["difference"] == pytest.approx(440 * (mean[True] - mean[False]))
    assert found["low"] < found["difference"] < found["high"]
    assert found["looks"][-1]["difference"] == pytest.approx(found["difference"])


def test_a_young_experiment_says_when_there_will_be_something_to_see(business, till, start):
    experiment = start().json
    new_cards(till.client, 5)

    found = result(business, read_id(experiment["id"]))

    assert (found["finding"], found["difference"], found["looks"]) == ("too_early", None, [])
    assert found["control"]["drawn"] + found["treatment"]["drawn"] == 5
    assert found["first_at"][:10] == moment_text(now_ms() + 8 * WEEK)[:10]


def test_what_happens_after_a_change_of_terms_does_not_count(business, till):
    experiment_id = started_long_ago(business)
    cards_of_then(business, 4)
    cut_at = now_ms() - EIGHT_AND_A_HALF_WEEKS + 2 * DAY
    db.write(lambda connection: store.cut(connection, business.id, business.programme_id, at=cut_at))

    found = result(business, experiment_id)

    assert found["control"]["cards"] + found["treatment"]["cards"] == 0
    assert found["until"] == moment_text(cut_at)


def test_the_plan_says_what_a_difference_takes_in_this_shop(business, till):
    codes = cards_of_then(business, 120)
    claims = [stamp_of_then(till, code, 1 + number % 5) for number, code in enumerate(codes.values())]
    till.send(*claims[:60])
    till.send(*claims[60:])

    plan = business.owner.get(f"/programmes/{id_text(business.programme_id)}/experiment-plan?lift=0.2").json

    assert (plan["obstacle"], plan["cards"], plan["is_own"]) == (None, 120, True)
    assert plan["mean"] == pytest.approx(3 * 440)
    assert plan["always"]["cards"] > plan["fixed"]["cards"] > 100
    assert plan["weekly_cards"] == pytest.approx(120 / (59 / 7), rel=0.01)
    assert plan["always"]["visible"] == (plan["always"]["weeks"] <= 52)


def test_a_shop_too_small_to_see_it_is_told_so(business, till):
    new_cards(till.client, 3)

    plan = business.owner.get(f"/programmes/{id_text(business.programme_id)}/experiment-plan").json

    assert (plan["is_own"], plan["cv"], plan["mean"]) == (False, 1.12, None)
    assert (plan["fixed"]["cards"], plan["always"]["cards"]) == (2 * 1970, 2 * 3771)
    assert (plan["fixed"]["visible"], plan["always"]["visible"]) == (False, False)
    assert plan["smallest_lift"] > 0.1
