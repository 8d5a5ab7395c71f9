"""A voucher is issued once for each reason and used once, at a till that asks; whatever comes at once or twice."""

from collections import Counter

import pytest
from complaints import given, holds_together, of_card, open_case, settle, sign_on, use
from conftest import Client
from sqlalchemy import text
from test_race import at_once

from api import db
from api.actions import cases, vouchers
from api.actions.callers import Caller
from api.errors import Problem
from api.ids import id_text, new_id, now_ms, read_id
from rules.codes import SECRET_LENGTH
from rules.goodwill import Remedy

DAY = 86_400_000


def at_till(business, till):
    """The till as the actions see it."""
    return Caller(business.id, "till", "Till 1", till.id, "Till 1", business.shop_id, "Market Street")


def ready(till, card):
    """The vouchers that a till is shown with a card."""
    return till.client.get(f"/till/cards/{card.code}").json["vouchers"]


def test_a_wrong_order_becomes_a_voucher_that_another_till_takes_once(business, make_card):
    card, first, second = make_card(), business.till(), business.till("Till 2")
    settled = settle(first.client, open_case(first.client, card=card.code))
    voucher = settled["voucher"]
    assert (voucher["state"], voucher["what"], voucher["code"]) == ("ready", "a tuna sandwich", None)
    assert (
        ready(second, card) == card.face["vouchers"] == card.customer.get(f"/cards/{card.code}/vouchers").json["items"]
    )
    assert card.face["currency"] == "EUR", "a voucher may be money off"

    id = id_text(new_id())
    used, again = use(second, voucher, card, id), use(second, voucher, card, id)
    late = use(first, voucher, card)

    assert (used.status_code, used.json["till"], used.json["voucher"]["state"]) == (201, "Till 2", "used")
    assert (again.status_code, again.json) == (201, used.json), "sending it twice is harmless"
    assert (late.status_code, late.json["code"]) == (409, "voucher_used")
    assert late.json["why"] == {
        "code": "voucher_used", "at": used.json["at"], "shop": "Market Street", "till": "Till 2",
    }  # fmt: skip
    assert ready(first, card) == []
    assert "vouchers" not in card.face
    assert of_card(card)[0]["voucher"]["used"]["till"] == "Till 2"
    holds_together()


def test_of_a_hundred_tills_at_once_on_one_voucher_exactly_one_wins(app, business, make_card):
    card, tills = make_card(), [business.till() for _ in range(4)]
    voucher = read_id(given(business, card)["id"])

    def ask(n):
        caller, use_id = at_till(business, tills[n % 4]), new_id()
        return lambda: db.write(
            lambda c: vouchers.use(c, voucher, use_id=use_id, card_id=card.id, caller=caller, now=now_ms())
        )

    answers = at_once(app, *map(ask, range(100)))

    assert Counter(each if isinstance(each, str) else "used" for each in answers) == {"used": 1, "voucher_used": 99}
    holds_together()


def test_of_fifty_twins_of_one_use_all_are_told_the_same(app, business, make_card):
    card, till, use_id = make_card(), business.till(), new_id()
    voucher, caller = read_id(given(business, card)["id"]), at_till(business, till)

    answers = at_once(
        app,
        *[
            lambda: db.write(
                lambda c: vouchers.use(c, voucher, use_id=use_id, card_id=card.id, caller=caller, now=now_ms())
            )
        ]
        * 50,
    )

    assert {each.use.id for each in answers} == {use_id}
    holds_together()


def test_for_one_case_at_once_one_voucher_is_issued(app, business, make_card):
    card, wish = make_card(), Remedy("replacement", item="a tuna sandwich")
    case, caller = read_id(open_case(business.owner, card=card.code)["id"]), Caller(business.id, "owner", "Ada")

    def settle_at_once():
        return db.write(
            lambda c: cases.remedy(c, case, wish, words=None, caller=caller, keys=business.keys, now=now_ms())
        )

    answers = at_once(app, *[settle_at_once] * 20)

    assert Counter(type(each).__name__ if not isinstance(each, str) else each for each in answers) == {
        "Outcome": 1, "already_settled": 19,
    }  # fmt: skip
    assert len(card.customer.get(f"/cards/{card.code}/vouchers").json["items"]) == 1
    holds_together()


def test_the_database_itself_takes_one_use_and_one_voucher_for_a_reason(business, till, make_card):
    card = make_card()
    voucher = given(business, card)
    use(till, voucher, card)
    twice = {
        "voucher_uses": "business_id, :id, voucher_id, used_at, shop_id, till_id, staff_id, undone_at, undone_by",
        "vouchers": (
            "business_id, :id, card_id, code_hash, kind, what, percent, amount, cost, reason_kind, reason_id, "
            "issued_at, issued_by, expires_at, withdrawn_at, withdrawn_by"
        ),
    }
    for table, columns in twice.items():
        sql = text(f"INSERT INTO {table} ({columns.replace(':id', 'id')}) SELECT {columns} FROM {table}")
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            db.write(lambda connection, sql=sql: connection.execute(sql, {"id": new_id()}).close())


def test_on_another_card_or_run_out_it_is_refused_with_the_reason(business, till, make_card):
    card, other = make_card(), make_card()
    voucher = given(business, card)
    id, caller = read_id(voucher["id"]), at_till(business, till)

    for answer in (use(till, voucher, other), use(till, voucher)):
        assert (answer.status_code, answer.json["code"]) == (409, "voucher_not_for_this_card")
    with pytest.raises(Problem) as refused:
        db.write(
            lambda c: vouchers.use(c, id, use_id=new_id(), card_id=card.id, caller=caller, now=now_ms() + 32 * DAY)
        )
    assert refused.value.code == "voucher_expired"
    assert refused.value.extra["why"]["at"] == voucher["expires_at"]
    assert use(till, voucher, card).status_code == 201


def test_someone_without_a_card_gets_a_slip_with_a_code_of_its_own(app, business, till, anyone):
    case = open_case(business.owner)
    voucher = settle(business.owner, case, kind="percent", percent=20)["voucher"]
    code = voucher["code"]

    found = anyone.get(f"/vouchers/{code.lower()}").json
    assert (found["id"], found["percent"], found["business"]["name"]) == (voucher["id"], 20, "Corner")
    assert len(code) > SECRET_LENGTH
    assert voucher["url"].endswith(f"/v/{code}")
    for kind, head in (("svg", b"<svg"), ("png", b"\x89PNG")):
        picture = anyone.get(f"/vouchers/{code}/qr.{kind}")
        assert (picture.status_code, picture.data.startswith(head)) == (200, True)
    with db.reading() as connection:
        kept = connection.execute(text("SELECT code_hash, card_id FROM vouchers")).one()
    assert code.encode() not in bytes(kept[0])
    assert anyone.get(f"/vouchers/{code[:-2]}{'X' if code[-2] != 'X' else 'Y'}{code[-1]}").status_code == 404

    assert use(till, voucher).status_code == 201
    assert anyone.get(f"/vouchers/{code}").json["state"] == "used"
    holds_together()


def test_a_use_that_was_a_slip_is_undone_at_its_till_and_the_voucher_is_good_again(business, make_card):
    card, till, other = make_card(), business.till(), business.till("Till 2")
    voucher = given(business, card)
    first = use(till, voucher, card).json["use_id"]
    path = f"/vouchers/{voucher['id']}/uses/{first}/voids"

    assert other.client.post(path).json["code"] == "not_voidable"
    assert till.client.post(path).json["state"] == "ready"
    assert till.client.post(path).json["code"] == "already_voided"
    assert use(till, voucher, card, first).json["code"] == "already_voided", "the same use is not asked for again"
    assert use(other, voucher, card).status_code == 201
    holds_together()


def test_an_owner_takes_back_what_was_given_by_mistake_but_not_what_was_used(business, till, make_card):
    card = make_card()
    mistake, used = given(business, card), given(business, card)
    use(till, used, card)

    withdrawn = business.owner.post(f"/vouchers/{mistake['id']}/withdrawals", {"reason": "the wrong card"})

    assert withdrawn.json["state"] == "withdrawn"
    assert use(till, mistake, card).json["code"] == "voucher_withdrawn"
    refused = business.owner.post(f"/vouchers/{used['id']}/withdrawals", {"reason": "too late"})
    assert refused.json["code"] == "voucher_used"
    holds_together()


def test_one_use_id_is_for_one_voucher(business, till, make_card):
    card = make_card()
    one, other = given(business, card), given(business, card)
    id = use(till, one, card).json["use_id"]

    answer = use(till, other, card, id)

    assert (answer.status_code, answer.json["code"], answer.json["pointer"]) == (409, "conflict", "/use_id")
    assert use(till, other, card).status_code == 201


def test_a_till_of_another_business_finds_no_voucher_and_the_use_says_who_served(app, business, stranger, make_card):
    card, till = make_card(), business.till()
    voucher = given(business, card)
    sign_on(business, till)

    assert use(stranger.till(), voucher).status_code == 404
    assert stranger.owner.post(f"/vouchers/{voucher['id']}/withdrawals", {"reason": "x"}).status_code == 404
    assert use(till, voucher, card).json["staff"] == "Kim"
    assert Client(app, {}).post(f"/vouchers/{voucher['id']}/uses", {"use_id": id_text(new_id())}).status_code == 401
