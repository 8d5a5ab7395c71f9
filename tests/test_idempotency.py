"""A request with an Idempotency-Key has one effect, and the same answer for ever, however often it is sent."""

import threading
import uuid

import pytest
from conftest import Client
from routes import One, every_route, request_of

from api import create_app, db


def rows():
    """Every row of every table."""
    with db.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select()).fetchall()))
            for table in db.db.metadata.sorted_tables
        }


def keyed(key=None):
    return {"Idempotency-Key": key or str(uuid.uuid4())}


def test_the_same_request_again_gets_the_same_answer_and_makes_nothing(owner, business):
    key = keyed()

    first = owner.post("/cards", {}, headers=key)
    before = rows()
    again = owner.post("/cards", {}, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data, "the secret of the private link included"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert rows() == before


def test_every_post_that_promises_it_keeps_it(app, business):
    wrong, till = {}, business.till().client
    found = {route: endpoint for route, endpoint in every_route(app).items() if endpoint and endpoint.once}
    for route, endpoint in found.items():
        one = One(business)
        clients = {"owner": business.owner, "till": till, "customer": one.card.customer, "anyone": Client(app, {})}
        client = next(clients[role] for role in clients if role in endpoint.who)
        method, path, content = request_of(route, one)
        key = keyed()
        first = client.ask(method, path, headers=key, **content)
        before = rows()
        if route == "POST /api/v1/cards/<code>/key":
            client = Client(app, {}, bearer=first.json["key"])  # the secret that asked is dead by now
        again = client.ask(method, path, headers=key, **content)
        same = first.data == again.data or first.mimetype == "application/pdf"  # a PDF says when it was made
        if not (first.status_code == again.status_code < 300 and same and rows() == before):
            wrong[route] = (first.status_code, again.status_code, again.data[:200])
        if again.headers.get("Idempotency-Replayed") != "true":
            wrong[route] = "not replayed"

    assert len(found) > 10
    assert wrong == {}


def test_a_key_used_for_another_request_is_refused(owner):
    key = keyed()
    owner.post("/staff", {"name": "Ann", "pin": "7391"}, headers=key)
    before = rows()

    for answer in (
        owner.post("/staff", {"name": "Bob", "pin": "7391"}, headers=key),
        owner.post("/staff", {"name": "Ann", "pin": "7392"}, headers=key),
        owner.post("/cards", {}, headers=key),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_reused")
        assert answer.json["pointer"] == "Idempotency-Key"
    assert rows() == before


def test_two_callers_may_use_the_same_key(owner, stranger, till):
    key = keyed()

    codes = {
        client.post("/cards", {}, headers=key).json["card"]["code"] for client in (owner, stranger.owner, till.client)
    }

    assert len(codes) == 3


def test_what_was_refused_may_be_sent_again_with_the_same_key(owner, make_card):
    card, key = make_card(stamps=1), keyed()
    wish = {"stamps": -2, "reason": "counted twice"}

    refused = owner.post(f"/cards/{card.code}/adjustments", wish, headers=key)
    owner.post(f"/cards/{card.code}/adjustments", {"stamps": 5, "reason": "found"})
    accepted = owner.post(f"/cards/{card.code}/adjustments", wish, headers=key)

    assert (refused.status_code, refused.json["code"]) == (409, "below_zero")
    assert accepted.status_code == 201
    assert card.face["stamps"] == 4


def test_twins_sent_at_once_have_one_effect(app, owner, make_card):
    card, key = make_card(stamps=1), keyed()
    barrier, answers = threading.Barrier(12), []

    def send():
        with app.app_context():
            client = Client(app, {}, csrf=owner.headers["X-CSRF-Token"])
            for cookie in ("__Host-owner",):
                client.http.set_cookie(cookie, owner.http.get_cookie(cookie).value)
            barrier.wait()
            answers.append(
                client.post(f"/cards/{card.code}/adjustments", {"stamps": 1, "reason": "a present"}, headers=key)
            )

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers][:3]
    assert len({answer.data for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert card.face["stamps"] == 2


def test_the_answer_outlives_a_restart(app, owner):
    key = keyed()
    first = owner.post("/cards", {}, headers=key)
    restarted = create_app(app.extensions["tenth.settings"])
    client = Client(restarted, {}, csrf=owner.headers["X-CSRF-Token"])
    client.http.set_cookie("__Host-owner", owner.http.get_cookie("__Host-owner").value)

    again = client.post("/cards", {}, headers=key)

    assert again.data == first.data
    with restarted.app_context():
        restarted.extensions["tenth.live"].close()
        db.database().close()


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7fb"])
def test_a_key_that_is_none_is_pointed_at(owner, key):
    answer = owner.post("/cards", {}, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert answer.json["pointer"] == "Idempotency-Key"


def test_nobody_gets_the_card_of_another_phone_by_guessing_its_key(anyone, business):
    answer = anyone.post("/cards", {"shop": business.join_code}, headers={"Idempotency-Key": "1"})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_a_card_code_or_secret_in_a_kept_answer_cannot_be_read_from_the_database(owner):
    made = owner.post("/cards", {}, headers=keyed()).json

    with db.reading() as connection:
        (body,) = connection.exec_driver_sql("SELECT body FROM answers").fetchone()

    assert made["key"].encode() not in bytes(body)
    assert made["card"]["code"].encode() not in bytes(body)
