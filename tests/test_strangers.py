"""Two businesses on one service: whatever one of them has does not exist for the other."""

import pytest
from conftest import Client
from routes import One, every_route, names_in, path_of, request_of

from api.ids import id_text, new_id
from rules import codes


class Random:
    """Ids and codes nobody has, in the form of the real ones."""

    def __init__(self, business_id):
        self._business = codes.spell_business(business_id)

    @property
    def code(self):
        return codes.spell(int.from_bytes(new_id() + new_id(), "big"), codes.SECRET_LENGTH) + self._business

    owed_code = own_code = code
    first = 7

    def __getattr__(self, name):
        if name.endswith("_id") or name == "programme":
            return id_text(new_id())
        raise AttributeError(name)


@pytest.fixture
def ask_as_stranger(stranger):
    """Ask as whoever of Elsewhere may use a route: ask_as_stranger("owner", method, path, …)."""
    clients = {"owner": stranger.owner, "till": stranger.till().client, "software": One(stranger).software}

    def ask(role, method, path, **content):
        return clients[role].ask(method, path, **content)

    return ask


def the_answer(answer, route, path):
    """An answer without what it repeats of the question."""
    text = answer.text
    for named, asked in zip(reversed(route.split("/")), reversed(path.split("/")), strict=False):
        text = text.replace(asked, "…") if named.startswith("<") else text
    return answer.status_code, text


def test_every_id_of_another_business_is_answered_like_one_nobody_has(app, business, stranger, ask_as_stranger):
    one, differ, asked = One(business), {}, set()
    before = one.ref, one.card.face
    for route, endpoint in every_route(app).items():
        # A month is everybody's.
        if endpoint is None or names_in(route) in ([], ["month"]) or "anyone" in endpoint.who:
            continue
        for role in {"owner", "till", "software"} & set(endpoint.who):
            method, path, content = request_of(route, one)
            theirs = the_answer(ask_as_stranger(role, method, path, **content), route, path)
            for nobodys in (Random(business.id), Random(stranger.id)):
                path = path_of(route, nobodys)
                answer = the_answer(ask_as_stranger(role, method, path, **content), route, path)
                if answer[0] != 404 or answer != theirs:
                    differ[role, route] = (theirs, answer)
            asked.add(route)

    assert differ == {}
    assert len(asked) > 15
    assert (one.ref, one.card.face) == before
    assert business.owner.get("/webhooks").json["items"][0]["active"] is True


def test_no_list_shows_anything_of_another_business(app, business, stranger, ask_as_stranger):
    one = One(business)
    secrets = [one.code, one.till_id, one.staff_id, one.key_id, one.webhook_id, one.ref, one.programme, one.shop_id]
    secrets += [one.campaign_id, one.case_id, one.voucher_id]
    secrets += ["Corner", "Kim", one.email]
    seen = {}
    for route, endpoint in every_route(app).items():
        if endpoint is None or not route.startswith("GET ") or names_in(route) or "anyone" in endpoint.who:
            continue
        for role in {"owner", "till", "software"} & set(endpoint.who):
            text = ask_as_stranger(role, "GET", path_of(route, one)).text
            found = [secret for secret in secrets if str(secret) in text]
            if found:
                seen[role, route] = found

    assert seen == {}


def test_a_till_cannot_stamp_redeem_or_undo_on_another_businesss_card(business, stranger):
    card, till = business.card(rewards=1), business.till()
    stamp = till.stamp(card)
    till.send(stamp)
    their_till, their_card = stranger.till(), stranger.card()

    results = their_till.send(
        their_till.stamp(card),
        their_till.redeem(card),
        their_till.void(stamp),
        their_till.claim("void", their_card, ref=stamp["id"]),
    )

    assert [result["status"] for result in results] == ["refused", "refused", "kept", "kept"]
    assert [result["reason"] for result in results] == ["unknown_card"] * 3 + ["unknown_ref"]
    assert [result["card"] for result in results[:3]] == [None] * 3
    assert (card.face["stamps"], card.face["rewards_ready"]) == (1, 1)


def test_two_businesses_may_use_the_same_event_id_and_the_same_receipt(business, stranger):
    ours, theirs = business.card(), stranger.card()
    our_till, their_till = business.till(), stranger.till()
    stamp = our_till.stamp(ours, order_ref="receipt 1")

    results = our_till.send(stamp) + their_till.send(stamp | {"card": theirs.code})

    assert [result["status"] for result in results] == ["applied", "applied"]
    assert (ours.face["stamps"], theirs.face["stamps"]) == (1, 1)


def test_nobody_signs_on_with_the_pin_of_another_business(business, stranger):
    one, till = One(business), stranger.till()

    theirs = till.client.post("/till/sign-ons", {"staff": one.staff_id, "pin": "7391"})
    nobodys = till.client.post("/till/sign-ons", {"staff": id_text(new_id()), "pin": "7391"})

    assert theirs.status_code == 404
    assert theirs.json == nobodys.json


def test_a_card_is_never_made_of_another_businesss_programme(business, stranger):
    till = stranger.till()

    theirs = till.client.post("/cards", {"programme": id_text(business.programme_id)})
    nobodys = till.client.post("/cards", {"programme": id_text(new_id())})

    assert theirs.status_code == 404
    assert theirs.json == nobodys.json


def test_a_private_link_opens_its_own_card_alone(app, business, stranger):
    ours, neighbours, theirs = business.card(), business.card(), stranger.card()

    for card in (neighbours, theirs):
        assert Client(app, {}, bearer=ours.key).get(f"/cards/{card.code}/events").status_code == 401
    assert ours.customer.get(f"/cards/{ours.code}/events").status_code == 200


def test_a_cookie_that_names_another_business_opens_nothing(app, business, stranger):
    for client, name, path in (
        (business.owner, "__Host-owner", "/session"),
        (business.till().client, "__Host-till", "/till"),
    ):
        secret = client.http.get_cookie(name).value
        forged = secret.replace(f"{business.id}.", f"{stranger.id}.", 1)
        assert Client(app, {name: secret}).get(path).status_code == 200
        assert Client(app, {name: forged}).get(path).status_code == 401


def test_an_idempotency_key_is_everyones_own(business, stranger):
    ours = business.owner.post("/shops", {"name": "Harbour"}, headers={"Idempotency-Key": "monday"})
    theirs = stranger.owner.post("/shops", {"name": "Airport"}, headers={"Idempotency-Key": "monday"})

    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert [shop["name"] for shop in stranger.owner.get("/shops").json["items"]] == ["Market Street", "Airport"]
