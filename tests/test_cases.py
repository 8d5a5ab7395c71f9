"""Something was wrong: told once or twice, by phone, at the till, in the console or by software; and answered."""

import pytest
from complaints import allow, anyone, holds_together, of_card, open_case, settle, sign_on, told
from conftest import Client
from routes import One
from sqlalchemy import text
from test_race import at_once

from api import db
from api.actions import cases
from api.actions.callers import Caller
from api.ids import id_text, new_id, now_ms

HOUR = 3_600_000


def told_by_phone(card, **values):
    """Whoever holds the card says that something was wrong."""
    return anyone(card.business).post(f"/cards/{card.code}/cases", told(**values))


def test_a_customer_tells_it_without_an_account_and_sees_the_answer_on_the_phone(business, make_card):
    card = make_card()

    mine = told_by_phone(card, what="No cheese\nin my sandwich.", wish="replacement", contact="kim@example.com")

    assert (mine.status_code, mine.json["state"], mine.json["answer"]) == (201, "open", None)
    case = business.owner.get("/cases").json["items"][0]
    assert (case["source"], case["card"], case["wish"]) == ("phone", card.code, "replacement")
    in_full = business.owner.get(f"/cases/{case['id']}").json
    assert (in_full["contact"], in_full["answered_after_seconds"]) == ("kim@example.com", None)
    assert in_full["suggestions"][0]["remedy"]["kind"] == "replacement"
    assert business.till().client.get(f"/cases/{case['id']}").json["contact"] is None, "only the owner writes to them"

    item = {"kind": "replacement", "item": "a free sandwich"}
    settle(business.owner, case, **item, words="We are sorry. The next one is on us.")
    (seen,) = of_card(card)
    assert (seen["state"], seen["what"], seen["answer"]) == (
        "settled", "No cheese\nin my sandwich.", "We are sorry. The next one is on us.",
    )  # fmt: skip
    assert (seen["remedy"], seen["voucher"]["state"]) == (item, "ready")
    (bare,) = of_card(card, anyone(business))
    assert (bare["state"], bare["what"], bare["answer"]) == ("settled", None, None), "the words need the private link"
    holds_together()


def test_the_same_case_told_twice_is_one_and_another_under_its_id_is_refused(owner, make_card):
    card, case = make_card(), told()
    first, again = (owner.post("/cases", case | {"card": card.code}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert [item["id"] for item in owner.get("/cases").json["items"]] == [case["id"]]
    assert len(again.json["lines"]) == 1

    other = owner.post("/cases", case | {"what": "It was late, too."})

    assert (other.status_code, other.json["code"], other.json["pointer"]) == (409, "conflict", "/id")


def test_of_twenty_twins_of_one_case_there_is_one(app, business, make_card):
    told_once = cases.Told(new_id(), "till", 2, "The soup was cold.", None, None, None, None, make_card().id)
    caller = Caller(business.id, "owner", "Ada")

    def tell():
        return db.write(lambda c: cases.open_case(c, told_once, caller=caller, keys=business.keys, now=now_ms()))

    answers = at_once(app, *[tell] * 20)

    assert {each.id for each in answers} == {told_once.id}
    assert len(business.owner.get(f"/cases/{id_text(told_once.id)}").json["lines"]) == 1


def test_a_card_tells_of_one_thing_at_a_time_and_of_the_next_once_it_is_answered(app, business, make_card):
    card, caller = make_card(), Caller(business.id, "customer")
    tales = [cases.Told(new_id(), "phone", 2, f"Number {n}", None, None, None, None, card.id) for n in range(8)]

    def tell(tale, now=None):
        at = now or now_ms()
        return lambda: db.write(lambda c: cases.open_case(c, tale, caller=caller, keys=business.keys, now=at))

    answers = at_once(app, *map(tell, tales))
    assert sorted(str(each) for each in answers if each == "case_open") == ["case_open"] * 7
    opened = of_card(card)[0]
    refused = told_by_phone(card)
    assert (refused.status_code, refused.json["code"], refused.json["case"]) == (409, "case_open", opened["id"])
    assert told_by_phone(make_card()).status_code == 201, "another card is somebody else"

    business.owner.post(f"/cases/{opened['id']}/declines", {"words": "Nobody was here at that time."})
    assert told_by_phone(card).status_code == 201
    last = tell(cases.Told(new_id(), "phone", 2, "Later", None, None, None, None, card.id), now_ms() + HOUR)()
    assert last.standing.state == "open"


def test_whoever_decides_sees_what_the_card_had_before_and_nothing_is_refused_for_it(business, make_card):
    card, till = make_card(), business.till()
    for _ in range(2):
        settle(business.owner, open_case(till.client, card=card.code), kind="amount", amount=200)
    business.owner.post(f"/cases/{open_case(till.client, card=card.code)['id']}/declines", {"words": "Not again."})

    third = open_case(till.client, card=card.code)

    assert third["earlier"] == {"cases": 3, "settled": 2, "cost": 400}
    assert settle(till.client, third, kind="amount", amount=200)["state"] == "settled"
    assert open_case(till.client)["earlier"] == {"cases": 0, "settled": 0, "cost": 0}


def test_a_case_is_settled_once_and_never_again(business, make_card):
    case = open_case(business.owner, card=make_card().code)
    settle(business.owner, case)

    for path, body in (
        ("remedies", {"kind": "apology"}),
        ("approvals", {}),
        ("declines", {"words": "No."}),
    ):
        answer = business.owner.post(f"/cases/{case['id']}/{path}", body)
        assert (answer.status_code, answer.json["code"]) == (409, "already_settled"), path
    noted = business.owner.post(f"/cases/{case['id']}/notes", {"words": "They called to say thank you."})
    assert noted.json["lines"][-1] == {
        "kind": "note", "at": noted.json["lines"][-1]["at"], "author": "Ada", "words": "They called to say thank you.",
        "remedy": None, "cost": 0, "rating": None,
    }  # fmt: skip
    nothing_waits = business.owner.post(f"/cases/{open_case(business.owner)['id']}/approvals", {})
    assert (nothing_waits.status_code, nothing_waits.json["code"]) == (409, "conflict")


def test_an_offer_that_waits_is_not_promised_to_the_customer(business, till, make_card):
    allow(business, staff_per_case=0)
    card = make_card()
    case = open_case(till.client, card=card.code)
    item = {"kind": "amount", "amount": 500, "words": "Five off."}
    key = {"Idempotency-Key": "once and only once"}
    offered, again = (till.client.post(f"/cases/{case['id']}/remedies", item, headers=key) for _ in range(2))
    assert (offered.status_code, again.status_code, again.json) == (202, 202, offered.json)

    (seen,) = of_card(card)

    assert (seen["state"], seen["remedy"], seen["answer"], seen["voucher"]) == ("open", None, None, None)
    assert case["suggestions"][0]["verdict"] in ("ok", "needs_owner")
    business.owner.post(f"/cases/{case['id']}/declines", {"words": "Please come and see me."})
    assert of_card(card)[0]["answer"] == "Please come and see me."
    assert [line["kind"] for line in business.owner.get(f"/cases/{case['id']}").json["lines"]] == [
        "opened", "offered", "declined",
    ]  # fmt: skip
    holds_together()


def test_did_this_put_it_right_is_asked_once_it_is_answered_and_the_last_word_counts(business, make_card):
    card = make_card()
    case = told_by_phone(card).json
    path = f"/cards/{card.code}/cases/{case['id']}/ratings"
    assert card.customer.post(path, {"rating": "yes"}).json["code"] == "conflict"
    settle(business.owner, case, kind="apology", words="We are sorry.")

    for rating in ("no", "yes", "yes"):
        assert card.customer.post(path, {"rating": rating}).json["put_right"] == rating

    in_full = business.owner.get(f"/cases/{case['id']}").json
    assert in_full["put_right"] == "yes"
    assert [line["rating"] for line in in_full["lines"] if line["kind"] == "rated"] == ["no", "yes"]
    other = make_card()
    assert anyone(business).post(f"/cards/{other.code}/cases/{case['id']}/ratings", {"rating": "no"}).status_code == 404
    holds_together()


def test_a_till_is_shown_what_waits_in_its_shop_and_an_owner_all_a_page_at_a_time(business, make_card):
    harbour = business.owner.post("/shops", {"name": "Harbour"}).json["id"]
    till = business.till()
    mine = [open_case(till.client)["id"] for _ in range(3)]
    open_case(business.owner, shop=harbour)
    done = open_case(till.client)
    settle(business.owner, done)

    assert [item["id"] for item in till.client.get("/cases").json["items"]] == mine[::-1]
    first = business.owner.get("/cases?limit=3")
    rest = business.owner.http.get(first.headers["Link"].split(">")[0][1:], headers=business.owner.headers)
    assert [len(first.json["items"]), len(rest.json["items"])] == [3, 2]
    assert [item["id"] for item in business.owner.get("/cases?state=settled").json["items"]] == [done["id"]]
    assert {item["shop"] for item in first.json["items"]} == {"Market Street", "Harbour"}


def test_software_opens_a_case_and_reads_what_became_of_it_but_gives_nothing(business, make_card):
    software = One(business).software

    case = open_case(software, card=make_card().code)

    assert (case["source"], case["author"]) == ("software", "Register")
    assert software.get(f"/cases/{case['id']}").json["state"] == "open"
    assert software.post(f"/cases/{case['id']}/remedies", {"kind": "apology"}).status_code == 401


def test_a_case_says_who_of_the_staff_took_it_down_and_waits_by_the_clock(business):
    till = business.till()
    sign_on(business, till)

    case = open_case(till.client)

    assert case["author"] == "Kim"
    assert (case["waiting_seconds"] >= 0, case["answered_after_seconds"]) == (True, None)
    settled = settle(till.client, case, kind="apology")
    assert (settled["waiting_seconds"], settled["answered_after_seconds"] >= 0) == (None, True)


@pytest.mark.parametrize(
    ("remedy", "pointer"),
    [
        ({"kind": "percent"}, "/percent"),
        ({"kind": "stamps", "stamps": 1, "amount": 5}, "/amount"),
        ({"kind": "apology", "item": "a coffee"}, "/item"),
        ({"kind": "amount", "amount": 5, "order_ref": "A-17"}, "/order_ref"),
    ],
    ids=str,
)
def test_a_remedy_that_makes_no_sense_is_pointed_at(owner, remedy, pointer):
    case = open_case(owner)

    answer = owner.post(f"/cases/{case['id']}/remedies", remedy)

    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_what_belongs_to_another_business_is_not_there(app, business, stranger, make_card):
    card = make_card()
    case = open_case(business.owner, card=card.code)

    assert stranger.owner.get("/cases").json["items"] == []
    assert stranger.owner.post("/cases", told(card=card.code)).json["code"] == "unknown_card"
    shop = stranger.owner.post("/cases", told(shop=id_text(business.shop_id)))
    assert (shop.status_code, shop.json["pointer"]) == (404, "/shop")
    for client in (stranger.owner, stranger.till().client):
        assert client.get(f"/cases/{case['id']}").status_code == 404
        assert client.post(f"/cases/{case['id']}/remedies", {"kind": "apology"}).status_code == 404
    same_id = stranger.owner.post("/cases", told(id=case["id"]))
    assert same_id.status_code == 201, "two businesses may use the same id"


def test_how_to_reach_somebody_is_sealed_and_goes_with_the_person(app, business, make_card):
    card = make_card()
    card.customer.put(f"/cards/{card.code}/customer", {"name": "Kim"})
    case = told_by_phone(card, contact="kim@example.com").json

    with db.reading() as connection:
        sealed = connection.execute(text("SELECT contact FROM cases")).scalar_one()
    assert b"kim" not in bytes(sealed)

    assert card.customer.delete(f"/cards/{card.code}/customer").status_code == 204
    assert business.owner.get(f"/cases/{case['id']}").json["contact"] is None


def test_a_replaced_card_tells_nothing_more_and_its_cases_move_along(app, business, make_card):
    card = make_card()
    told_by_phone(card)
    moved = business.owner.post(f"/cards/{card.code}/replacements", {}).json

    assert told_by_phone(card).json["code"] == "card_replaced"
    assert of_card(card, anyone(business)) == []
    new = Client(app, {}, bearer=moved["key"])
    assert len(new.get(f"/cards/{moved['card']['code']}/cases").json["items"]) == 1
