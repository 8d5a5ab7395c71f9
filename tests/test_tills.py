"""Tills: paired by a one-use code, renamed, cut off; and what a till asks about itself and the card in front of it."""

import pytest
from conftest import Client

from api import db
from api.actions import tills as actions
from api.ids import id_text, now_ms
from api.limits import Limits

MINUTE = 60_000


@pytest.fixture
def make_code(owner, business):
    """Make a pairing code, as the owner's page does: make_code("Till 2")."""

    def make(till_name="Till 2"):
        answer = owner.post(f"/shops/{id_text(business.shop_id)}/pairing-codes", {"till_name": till_name})
        assert answer.status_code == 201, answer.text
        return answer.json["code"]

    return make


def test_a_code_from_the_owners_screen_makes_a_device_a_till(owner, anyone, business, make_code):
    code = make_code("By the window")

    paired = anyone.post("/pairings", {"code": code})

    assert paired.status_code == 201
    assert paired.json["till"]["name"] == "By the window"
    assert paired.json["shop"]["name"] == "Market Street"
    assert (paired.json["business"]["id"], paired.json["business"]["currency"]) == (business.id, "EUR")
    assert [programme["stamps_needed"] for programme in paired.json["programmes"]] == [10]
    assert (paired.json["staff"], paired.json["signed_on"]) == ([], None)
    assert anyone.get("/till").json | {"server_time": ""} == paired.json | {"server_time": ""}
    assert [till["name"] for till in owner.get("/tills").json["items"]] == ["By the window"]


def test_a_code_may_be_typed_carelessly(anyone, make_code):
    code = make_code()
    careless = f" {code.lower().replace('0', 'o').replace('1', 'l').replace('-', ' ')} "

    assert anyone.post("/pairings", {"code": careless}).status_code == 201


def test_a_code_pairs_one_till(app, owner, anyone, make_code):
    code = make_code()
    anyone.post("/pairings", {"code": code})

    again = Client(app, {}).post("/pairings", {"code": code})

    assert (again.status_code, again.json["code"]) == (409, "pairing_code_used")
    assert len(owner.get("/tills").json["items"]) == 1


def test_a_code_runs_out_after_ten_minutes(app, business, anyone):
    keys = app.extensions["tenth.keys"]

    def code_made(ago):
        then = now_ms() - ago
        return db.write(
            lambda c: actions.new_pairing_code(
                c, business.id, business.shop_id, till_name="Till 2", keys=keys, now=then
            )
        ).code

    late = anyone.post("/pairings", {"code": code_made(10 * MINUTE)})

    assert (late.status_code, late.json["code"]) == (409, "pairing_code_expired")
    assert anyone.post("/pairings", {"code": code_made(9 * MINUTE)}).status_code == 201


@pytest.mark.parametrize("code", ["AB3D-9KQT-1", "AB3D-9KQT-ZZZZZZ", "AB3D-9KQT", "!", "AB3D-9KQT-1-AB3D-9KQT-1", "Ü"])
def test_a_code_nobody_made_pairs_nothing(anyone, business, code):
    answer = anyone.post("/pairings", {"code": code})

    assert answer.status_code in (404, 422)
    assert not answer.headers.getlist("Set-Cookie")


def test_codes_cannot_be_tried_out(app, anyone):
    app.extensions["tenth.limits"] = Limits(1)

    answers = [anyone.post("/pairings", {"code": f"AB3D-9K{n:02}-1"}) for n in range(12)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429] * 2
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_cookies_of_a_till_last_and_are_given_anew(anyone, make_code):
    paired = anyone.post("/pairings", {"code": make_code()}).headers.getlist("Set-Cookie")
    renewed = anyone.get("/till").headers.getlist("Set-Cookie")

    for secret, proof in (paired, renewed):
        assert secret.startswith("__Host-till=")
        assert proof.startswith("__Host-till-csrf=")
        assert "; Secure; HttpOnly; Path=/; SameSite=Strict" in secret
        assert "; Secure; Path=/; SameSite=Strict" in proof
        assert f"; Max-Age={3650 * 86_400};" in secret
    assert [cookie.split(";")[0] for cookie in renewed] == [cookie.split(";")[0] for cookie in paired]


def test_a_till_gets_another_name(owner, till):
    answer = owner.patch(f"/tills/{id_text(till.id)}", {"name": "Back door"})

    assert answer.json["name"] == "Back door"
    assert till.client.get("/till").json["till"]["name"] == "Back door"


def test_a_till_that_asked_was_seen(owner, till):
    assert owner.get("/tills").json["items"][0]["last_seen_at"] is None

    till.client.get("/till")

    assert owner.get("/tills").json["items"][0]["last_seen_at"] is not None


def test_a_revoked_till_is_cut_off_at_once(owner, till, make_card):
    card = make_card(rewards=1)
    for _ in range(2):  # the second time it is remembered
        assert till.client.get("/till").status_code == 200

    answer = owner.post(f"/tills/{id_text(till.id)}/revocations")

    assert answer.status_code == 201
    assert answer.json["revoked_at"] is not None
    assert till.client.get("/till").status_code == 401
    assert till.client.get(f"/till/cards/{card.code}").status_code == 401
    assert till.client.post("/cards").status_code == 401
    assert till.client.post(f"/cards/{card.code}/replacements").status_code == 401


def test_a_revoked_till_keeps_its_cookies_until_it_has_heard_of_a_restore(owner, till):
    epoch = till.client.get("/till").json["epoch"]
    owner.post(f"/tills/{id_text(till.id)}/revocations")

    unaware, aware = (till.client.get(f"/till?epoch={known}") for known in ("of-before", epoch))

    for answer in (unaware, aware):
        assert (answer.status_code, answer.json["code"], answer.json["epoch"]) == (401, "sign_in_needed", epoch)
    assert unaware.headers.getlist("Set-Cookie") == []
    assert [cookie.split(";")[0] for cookie in aware.headers.getlist("Set-Cookie")] == [
        "__Host-till=",
        "__Host-till-csrf=",
    ]


def test_a_till_that_nobody_knows_is_not_told_what_a_revoked_one_is(anyone, business):
    answer = anyone.get("/till")

    assert answer.status_code == 401
    assert "epoch" not in answer.json, "by this a till knows that it was cut off and not forgotten"


def test_what_a_revoked_till_still_sends_is_kept_aside_and_counts_for_nothing(owner, till, make_card):
    card = make_card(stamps=4, rewards=1)
    before = till.stamp(card)
    till.send(before)
    owner.post(f"/tills/{id_text(till.id)}/revocations")

    [asked, told, redeemed, again] = till.send(
        till.stamp(card), till.stamp(card, already_happened=True), till.redeem(card, already_happened=True), before
    )

    assert [result["status"] for result in (asked, told, redeemed)] == ["kept"] * 3
    assert {result["reason"] for result in (asked, told, redeemed)} == {"revoked_till"}
    assert again["status"] == "duplicate", "what it was told before stays true"
    assert (card.face["stamps"], card.face["rewards_ready"]) == (5, 1)


def test_revoking_twice_keeps_the_first_time(owner, till):
    path = f"/tills/{id_text(till.id)}/revocations"

    first, second = owner.post(path).json, owner.post(path).json

    assert first == second


def test_a_till_looks_up_a_card_by_either_code(till, make_card):
    card = make_card(stamps=3)
    till.send(till.stamp(card))

    scanned = till.client.get(f"/till/cards/{card.code.lower()}").json
    typed = till.client.get(f"/till/cards/{card.face['short_code'].lower().replace('-', ' ')}").json

    assert scanned == typed
    assert scanned["card"] == card.face
    assert scanned["max_per_visit"] == 20
    assert [line["why"]["code"] for line in scanned["recent"]] == ["stamped", "adjusted"]


def test_only_the_last_five_lines_come_along(till, make_card):
    card = make_card()
    till.send(*[till.stamp(card) for _ in range(7)])

    recent = till.client.get(f"/till/cards/{card.code}").json["recent"]

    assert [line["why"]["stamp"] for line in recent] == [7, 6, 5, 4, 3]


def test_a_replaced_card_says_so_and_a_mistyped_one_is_unknown(till, make_card):
    card = make_card()
    short = card.face["short_code"]
    till.client.post(f"/cards/{card.code}/replacements")

    replaced = till.client.get(f"/till/cards/{card.code}")
    old_short = till.client.get(f"/till/cards/{short}")
    nonsense = till.client.get("/till/cards/hello")

    assert (replaced.status_code, replaced.json["code"]) == (410, "card_replaced")
    assert (old_short.status_code, old_short.json["code"]) == (404, "unknown_card")
    assert (nonsense.status_code, nonsense.json["code"]) == (404, "unknown_card")


def test_short_codes_cannot_be_tried_out_and_scanning_goes_on(app, till, make_card):
    card = make_card()
    app.extensions["tenth.limits"] = Limits(1)

    answers = [till.client.get(f"/till/cards/AB3D9K{n:02}").status_code for n in range(32)]

    assert answers == [404] * 30 + [429] * 2
    assert till.client.get(f"/till/cards/{card.code}").status_code == 200


def test_a_programme_that_has_ended_is_not_offered(owner, business, till):
    owner.post("/programmes", {"name": "Coffee", "terms": {"stamps_needed": 8, "reward": "a coffee"}})
    owner.patch(f"/programmes/{id_text(business.programme_id)}", {"active": False})

    offered = [programme["name"] for programme in till.client.get("/till").json["programmes"]]

    assert offered == ["Coffee"]


def test_shops_have_posters_of_their_own(app, business, owner, anyone):
    first = owner.get("/shops").json["items"][0]
    second = owner.post("/shops", {"name": "Harbour"}).json
    owner.patch(f"/shops/{second['id']}", {"name": "Old Harbour"})

    invitation = anyone.get(f"/join/{second['join_code'].lower()}").json

    assert second["join_code"] != first["join_code"]
    assert invitation["shop"] == {"name": "Old Harbour"}
    assert invitation["business"] == {"name": "Corner", "language": "en", "currency": "EUR", "logo": None}
    assert invitation["programmes"][0]["reward"] == "a free sandwich"
    assert "en" in invitation["languages"]
    assert anyone.get("/join/AB3D9KQT1").status_code == 404


def test_the_owner_changes_what_belongs_to_the_business_and_tills_see_it(owner, till):
    before = owner.get("/business").json

    wish = {"name": "The Corner", "time_zone": "America/New_York", "lock_after_seconds": 30}

    changed = owner.patch("/business", wish)

    assert changed.json == before | wish
    seen = till.client.get("/till").json
    assert (seen["business"]["name"], seen["lock_after_seconds"]) == ("The Corner", 30)
    assert owner.get("/session").json["business"] == changed.json
    assert owner.patch("/business", {"language": "tlh"}).status_code == 422
