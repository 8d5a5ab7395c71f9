"""Goodwill stays within what the business allows: for a case, a day and a month, however many come at once."""

from collections import Counter

import pytest
from complaints import allow, given, holds_together, open_case, settle, sign_on, use
from sqlalchemy import text
from test_race import at_once

from api import db
from api.actions import cases
from api.actions.callers import Caller
from api.ids import id_text, now_ms, read_id
from api.store import goodwill as store
from rules.goodwill import Remedy

DAY = 86_400_000


@pytest.fixture
def business(make_business):
    """Corner, where a free sandwich costs 2.50 and its price is 6.90."""
    return make_business(unit_cost=250, unit_price=690)


def shown(client):
    answer = client.get("/goodwill")
    assert answer.status_code == 200, answer.text
    return answer.json


def wish(client, case, **remedy):
    return client.post(f"/cases/{case['id']}/remedies", remedy or {"kind": "replacement", "item": "a free sandwich"})


def test_until_an_owner_says_otherwise_there_are_limits_for_the_staff_and_none_for_the_month(business, till):
    before = shown(business.owner)
    assert (before["monthly_budget"], before["left"], before["updated_at"]) == (None, None, None)
    assert before["priced"]

    after = allow(business, monthly_budget=10_000, staff_per_case=300)

    assert (after["monthly_budget"], after["left"], after["author"]) == (10_000, 10_000, "Ada")
    assert shown(till.client)["left"] == 10_000
    assert after["month_since"] < after["updated_at"] < after["month_until"]


def test_what_is_beyond_the_limits_of_the_staff_waits_for_the_owner(business, make_card):
    allow(business, staff_per_case=300, staff_per_day=600)
    till, card = business.till(), make_card()
    sign_on(business, till)

    dear = wish(till.client, case := open_case(till.client, card=card.code), kind="amount", amount=301, words="Sorry!")
    assert (dear.status_code, dear.json["state"], dear.json["voucher"], dear.json["cost"]) == (202, "offered", None, 0)
    assert dear.json["answered_after_seconds"] is not None
    asked = business.owner.get(f"/cases/{case['id']}").json["offered"]
    assert asked == {"remedy": {"kind": "amount", "amount": 301}, "cost": 301, "verdict": "ok"}
    approved = business.owner.post(f"/cases/{case['id']}/approvals", {})
    assert (approved.status_code, approved.json["state"], approved.json["cost"]) == (201, "settled", 301)
    assert (approved.json["voucher"]["amount"], approved.json["offered"]) == (301, None)
    assert [line["kind"] for line in approved.json["lines"]] == ["opened", "offered", "approved", "settled"]
    assert approved.json["lines"][-1]["words"] == "Sorry!"

    for _ in range(2):
        settle(till.client, open_case(till.client, card=card.code), kind="amount", amount=300)
    assert shown(till.client)["given_today"] == 600
    fourth = wish(till.client, open_case(till.client, card=card.code), kind="money_back", amount=1, order_ref="A-17")
    assert (fourth.status_code, fourth.json["state"]) == (202, "offered"), "enough for one day"
    free = wish(till.client, open_case(till.client, card=card.code), kind="apology", words="We are sorry.")
    assert (free.status_code, free.json["state"]) == (201, "settled"), "an apology costs nothing"
    holds_together()


def test_another_of_the_staff_has_a_day_of_their_own_and_nobody_gives_without_a_name(business, make_card):
    allow(business, staff_per_case=300, staff_per_day=300)
    till, card = business.till(), make_card()
    sign_on(business, till, "Kim")
    settle(till.client, open_case(till.client, card=card.code), kind="amount", amount=300)

    sign_on(business, till, "Bo", "8264")
    settled = settle(till.client, open_case(till.client, card=card.code), kind="amount", amount=300)
    till.client.delete("/till/sign-ons/current")
    nobody = wish(till.client, open_case(till.client, card=card.code))

    assert settled["lines"][-1]["author"] == "Bo"
    assert (nobody.status_code, nobody.json["code"]) == (403, "sign_on_needed")


def test_of_twenty_at_once_the_budget_pays_for_as_many_as_it_says(app, business, make_card):
    allow(business, monthly_budget=1000)
    remedy, caller = Remedy("replacement", item="a free sandwich"), Caller(business.id, "owner", "Ada")
    made = [read_id(open_case(business.owner, card=make_card().code)["id"]) for _ in range(20)]

    def put_right(case):
        return lambda: db.write(
            lambda c: cases.remedy(c, case, remedy, words=None, caller=caller, keys=business.keys, now=now_ms())
        )

    answers = at_once(app, *map(put_right, made))

    assert Counter(each if isinstance(each, str) else "settled" for each in answers) == {
        "settled": 4, "over_budget": 16,
    }  # fmt: skip
    now = shown(business.owner)
    assert (now["spent"], now["left"]) == (1000, 0)
    holds_together()


def test_over_the_budget_it_is_refused_with_what_is_left_for_the_owner_too(business, make_card):
    allow(business, monthly_budget=400)
    card = make_card()
    given(business, card)
    case = open_case(business.owner, card=card.code)

    refused = wish(business.owner, case)
    assert (refused.status_code, refused.json["code"], refused.json["left"]) == (409, "over_budget", 150)
    assert refused.json["cost"] == 250
    assert business.owner.get(f"/cases/{case['id']}").json["state"] == "open"
    allow(business, monthly_budget=500)
    assert settle(business.owner, case)["left"] == 0


def test_what_is_taken_back_or_runs_out_unused_can_be_given_again(business, till, make_card):
    allow(business, monthly_budget=750, voucher_days=1)
    card = make_card()
    mistake, used, kept = given(business, card), given(business, card), given(business, card)
    assert shown(business.owner)["left"] == 0

    business.owner.post(f"/vouchers/{mistake['id']}/withdrawals", {"reason": "the wrong card"})
    use(till, used, card)

    assert shown(business.owner)["left"] == 250
    assert kept["state"] == "ready"
    since, until = now_ms() - DAY, now_ms() + DAY
    with db.reading() as connection:
        later = [
            store.spent(connection, business.id, since=since, until=until, at=at) for at in (now_ms(), until + 2 * DAY)
        ]
    assert later == [500, 250], "what nobody used cost nothing after all"
    holds_together()


def test_stamps_as_goodwill_are_a_line_of_the_ledger_and_their_void_gives_the_price_back(business, make_card):
    allow(business, monthly_budget=100)
    card, till = make_card(stamps=2), business.till()
    sign_on(business, till)
    case = settle(till.client, open_case(till.client, card=card.code), kind="stamps", stamps=3, words="For the wait.")
    assert (card.face["stamps"], case["cost"], shown(business.owner)["left"]) == (5, 75, 25)
    line = business.owner.get(f"/cards/{card.code}/events").json["items"][0]
    assert (line["kind"], line["staff"]) == ("bonus", "Kim")
    assert (line["why"]["code"], line["why"]["quantity"]) == ("goodwill", 3)

    undone = business.owner.post(f"/cards/{card.code}/voids", {"ref": line["id"], "reason": "the wrong card"})

    assert undone.status_code == 201, undone.text
    after = business.owner.get(f"/cases/{case['id']}").json
    assert (card.face["stamps"], after["cost"], after["state"], shown(business.owner)["left"]) == (2, 0, "settled", 100)
    assert (after["lines"][-1]["kind"], after["lines"][-1]["cost"]) == ("withdrawn", -75)
    holds_together()


def test_stamps_need_a_card(business):
    answer = wish(business.owner, open_case(business.owner), kind="stamps", stamps=1)

    assert (answer.status_code, answer.json["code"]) == (409, "no_card")


def test_one_business_never_pays_from_the_budget_of_another(business, stranger, make_card):
    allow(business, monthly_budget=250)
    allow(stranger, monthly_budget=0)
    given(business, make_card())

    theirs = shown(stranger.owner)

    assert (theirs["spent"], theirs["left"]) == (0, 0)
    assert wish(stranger.owner, open_case(stranger.owner), kind="amount", amount=1).json["left"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE cases SET cost = cost + 1",
        "UPDATE cases SET state = 'open'",
        "UPDATE cases SET put_right = 'yes'",
        "UPDATE goodwill_gifts SET cost = cost + 1",
        "UPDATE goodwill_gifts SET taken_back_at = given_at WHERE kind = 'stamps'",
        "UPDATE vouchers SET cost = cost + 1",
        "UPDATE vouchers SET expires_at = issued_at + 1",
        "UPDATE vouchers SET withdrawn_at = issued_at",
        "DELETE FROM goodwill_gifts WHERE kind = 'replacement'",
        "DELETE FROM voucher_uses; DELETE FROM vouchers",
    ],
)
def test_verify_names_what_does_not_add_up(app, business, till, make_card, wrong):
    def verify():
        return app.test_cli_runner().invoke(args=["verify"])

    card = make_card()
    use(till, given(business, card), card)
    settle(business.owner, open_case(business.owner, card=card.code), kind="stamps", stamps=1)
    assert verify().output.splitlines()[-1] == "2 cases checked, with what was given for them."

    for sql in wrong.split("; "):
        db.write(lambda connection, sql=sql: connection.execute(text(sql)).close())

    result = verify()
    assert (result.exit_code, "business 1" in result.output) == (1, True), result.output


@pytest.mark.parametrize("sql", ["UPDATE case_lines SET cost = 1", "DELETE FROM case_lines"])
def test_the_database_itself_refuses_to_change_what_happened(business, sql):
    open_case(business.owner)

    with pytest.raises(Exception, match="append-only"):
        db.write(lambda connection: connection.execute(text(sql)).close())


def test_an_action_that_fails_half_way_leaves_no_trace(business, make_card, monkeypatch):
    case = read_id(open_case(business.owner, card=make_card().code)["id"])
    caller, remedy = Caller(business.id, "owner", "Ada"), Remedy("replacement", item="a free sandwich")

    def broken(*_args, **_values):
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(cases, "append", broken)  # the last thing that is written
        with pytest.raises(RuntimeError):
            db.write(
                lambda c: cases.remedy(c, case, remedy, words=None, caller=caller, keys=business.keys, now=now_ms())
            )

    assert business.owner.get(f"/cases/{id_text(case)}").json["voucher"] is None
    assert shown(business.owner)["spent"] == 0
    holds_together()


def test_the_figures_say_of_how_many_and_count_who_still_waits_as_longest(business, till, make_card):
    def asked():
        return business.owner.get("/goodwill/figures?days=30").json

    nothing = asked()
    assert (nothing["response"], nothing["settled"]["interval"]) == (
        {"n": 0, "answered": 0, "half_within_seconds": None}, None,
    )  # fmt: skip
    card = make_card()
    right, wrong, unsaid, declined, *_ = [open_case(business.owner, card=card.code) for _ in range(5)]
    assert asked()["response"] == {"n": 5, "answered": 0, "half_within_seconds": None}
    used, lost, _ = [settle(business.owner, case)["voucher"] for case in (right, wrong, unsaid)]
    business.owner.post(f"/cases/{declined['id']}/declines", {"words": "We are sorry."})
    for case, rating in ((right, "yes"), (wrong, "no")):
        card.customer.post(f"/cards/{card.code}/cases/{case['id']}/ratings", {"rating": rating})
    use(till, used, card)
    assert asked()["vouchers"]["n"] == 0, "whether they will be used nobody knows yet"
    for voucher in (used, lost):
        ran_out = text("UPDATE vouchers SET expires_at = issued_at + 1 WHERE id = :id")
        values = {"id": read_id(voucher["id"])}
        db.write(lambda connection, sql=ran_out, values=values: connection.execute(sql, values).close())

    found = asked()

    assert (found["response"]["n"], found["response"]["answered"]) == (5, 4)
    assert found["response"]["half_within_seconds"] is not None
    shares = {
        name: (found[name]["count"], found[name]["n"]) for name in ("settled", "declined", "put_right", "vouchers")
    }
    assert shares == {"settled": (3, 5), "declined": (1, 5), "put_right": (1, 2), "vouchers": (1, 2)}
    low, high = found["put_right"]["interval"]
    assert 0 < low < 0.5 < high < 1
    assert business.owner.get("/today").json["cases_waiting"] == 1


def test_a_budget_below_what_is_spent_leaves_nothing_and_what_was_given_stays(business, make_card):
    card = make_card()
    voucher = given(business, card)
    allow(business, monthly_budget=100)

    assert shown(business.owner)["left"] == 0
    assert card.face["vouchers"][0]["id"] == voucher["id"]
