"""Nobody may ask faster than the service can bear, and whoever must wait is told for how long."""

import re

import pytest
from conftest import Client
from routes import every_route

from api import create_app, db
from api.errors import Problem
from api.limits import Limits
from api.settings import read


@pytest.fixture
def strict(app):
    """The service with the limits as they stand, not the tests' thousandfold."""
    app.extensions["tenth.limits"] = Limits(1)
    return app


def test_each_answer_says_what_is_left(strict, owner):
    first, second = owner.get("/session"), owner.get("/session")

    policy = re.fullmatch(r'"show_session";q=(\d+);w=60', first.headers["RateLimit-Policy"])
    left = [int(re.search(r"r=(\d+);t=\d+", answer.headers["RateLimit"])[1]) for answer in (first, second)]
    assert left == [int(policy[1]) - 1, int(policy[1]) - 2]


def test_too_many_requests_are_told_to_wait(strict, business):
    phone = Client(strict, {})

    answers = [phone.post("/cards", {"shop": business.join_code})]
    while answers[-1].status_code == 201 and len(answers) < 120:  # the window slides on while a slow machine asks
        answers.append(phone.post("/cards", {"shop": business.join_code}))

    assert len(answers) > 60
    last = answers[-1]
    assert (last.status_code, last.json["code"], last.mimetype) == (429, "slow_down", "application/problem+json")
    assert 1 <= int(last.headers["Retry-After"]) <= 120
    assert last.json["retry_after_seconds"] == int(last.headers["Retry-After"])
    assert "r=0;" in last.headers["RateLimit"]


def test_one_who_must_wait_holds_up_nobody_else(strict, business):
    for _ in range(120):
        last = Client(strict, {}).post("/cards", {"shop": business.join_code})
        if last.status_code != 201:
            break

    assert last.status_code == 429
    assert business.till().client.post("/cards", {}).status_code == 201
    another = Client(strict, {}).ask(
        "POST", "/cards", json={"shop": business.join_code}, environ_base={"REMOTE_ADDR": "203.0.113.7"}
    )
    assert another.status_code == 201


def test_an_error_says_what_is_left_too(strict, owner):
    answer = owner.post("/staff", {"name": ""})

    assert answer.status_code == 422
    assert answer.headers["RateLimit"]


def test_a_limit_of_one_endpoint_is_not_that_of_another():
    limits, headers = Limits(1), {}
    limits.hold("1/minute", "one", "me", headers)
    limits.hold("1/minute", "other", "me", headers)

    with pytest.raises(Problem, match="slow_down"):
        limits.hold("1/minute", "one", "me", headers)


def test_events_are_never_held_up_by_a_limit(strict, till, make_card):
    card = make_card()
    answers = [till.client.post("/sync", {"sent_at": "2026-11-21T12:00:00Z", "events": []}) for _ in range(5)]

    assert all("RateLimit" not in answer.headers for answer in answers)
    assert till.send(till.stamp(card))[0]["status"] == "applied"


def test_whatever_strangers_can_write_has_a_limit(app):
    unlimited = {
        route
        for route, endpoint in every_route(app).items()
        if endpoint and "anyone" in endpoint.who and endpoint.method != "GET" and endpoint.limit is None
    }

    assert unlimited == set()


@pytest.mark.parametrize(("trusted", "answers"), [("0", [200, 429]), ("1", [200, 200])])
def test_an_address_a_stranger_makes_up_is_believed_only_of_a_trusted_proxy(
    tmp_path, migrated_sqlite, trusted, answers
):
    (tmp_path / "tenth.db").write_bytes(migrated_sqlite.read_bytes())
    app = create_app(read({"TENTH_DATA": str(tmp_path), "TENTH_TRUST_PROXY": trusted}))
    client = app.test_client()

    def ask(address):
        return client.get("/openapi.json", headers={"X-Forwarded-For": address}).status_code

    for _ in range(59):
        ask("198.51.100.1")
    got = [ask("198.51.100.1"), ask("203.0.113.7")]

    assert got == answers
    with app.app_context():
        db.database().close()
