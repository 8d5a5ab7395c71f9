"""An owner signs in and out: the cookies, the lock on the door, and what a wrong password tells."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PASSWORD, Client

from api import db
from api.actions import sessions
from api.ids import now_ms
from rules import tries

MINUTE = 60_000


@pytest.fixture
def corner(make_business):
    """Corner, whose owner is ada@example.com."""
    return make_business(email="ada@example.com")


def sign_in(client, password=PASSWORD, email="ada@example.com"):
    return client.post("/sessions", {"email": email, "password": password})


def test_an_owner_signs_in_and_sees_the_business(corner, anyone):
    answer = sign_in(anyone, email=" Ada@EXAMPLE.com")

    assert answer.status_code == 201
    assert answer.json["business"]["id"] == corner.id
    assert [shop["name"] for shop in answer.json["shops"]] == ["Market Street"]
    assert anyone.get("/session").json == answer.json


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(corner, anyone):
    secret, proof = sign_in(anyone).headers.getlist("Set-Cookie")

    for cookie in (secret, proof):
        assert cookie.startswith("__Host-owner")
        assert "; Secure" in cookie
        assert "; Path=/" in cookie
        assert "; SameSite=Strict" in cookie
        assert "; Max-Age=2592000" in cookie
        assert "Domain" not in cookie
    assert "; HttpOnly" in secret
    assert "HttpOnly" not in proof


def test_signing_out_ends_the_session_here_and_nowhere_else(app, corner):
    here, there = Client(app, {}), Client(app, {})
    for browser in (here, there):
        sign_in(browser)
        browser.headers["X-CSRF-Token"] = browser.http.get_cookie("__Host-owner-csrf").value
    old_secret = here.http.get_cookie("__Host-owner").value

    answer = here.delete("/sessions/current")

    assert answer.status_code == 204
    assert here.http.get_cookie("__Host-owner") is None
    assert Client(app, {"__Host-owner": old_secret}).get("/session").status_code == 401
    assert there.get("/session").status_code == 200


def test_a_session_runs_out(app, corner):
    keys, long_ago = app.extensions["tenth.keys"], now_ms() - (sessions.DAYS + 1) * 86_400_000
    secret = db.write(lambda c: sessions.open_session(c, corner.id, corner.owner_id, keys=keys, now=long_ago))

    assert Client(app, {"__Host-owner": secret}).get("/session").status_code == 401


def test_an_unknown_e_mail_and_a_wrong_password_get_the_same_answer(corner, anyone):
    wrong = sign_in(anyone, "not the password")
    unknown = sign_in(anyone, "not the password", email="nobody@example.com")

    assert (wrong.status_code, wrong.json["code"]) == (403, "wrong_password")
    assert unknown.json == wrong.json
    assert anyone.get("/session").status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(corner, anyone):
    answers = [sign_in(anyone, "not the password").status_code for _ in range(5)]

    right = sign_in(anyone)

    assert answers == [403, 403, 403, 403, 429]
    assert (right.status_code, right.json["code"]) == (429, "locked_out")
    assert 0 < right.json["retry_after_seconds"] <= 60
    assert right.headers["Retry-After"] == str(right.json["retry_after_seconds"])


def test_the_right_password_makes_the_wrong_ones_forgotten(corner, anyone):
    for _ in range(2):
        for _ in range(3):
            sign_in(anyone, "not the password")
        assert sign_in(anyone).status_code == 201


def test_a_hundred_guesses_at_once_are_still_only_five(app, corner):
    def take(_):
        with app.app_context():
            return len(db.write(lambda c: sessions.take_tries(c, "ada@example.com", now=1_000_000)).open)

    with ThreadPoolExecutor(20) as people:
        looked_at = sum(people.map(take, range(100)))

    assert looked_at == 5


def test_the_wait_doubles_up_to_an_hour():
    waits = [tries.wait_seconds(wrong) for wrong in range(14)]

    assert waits == [0, 0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert tries.wait_seconds(1_000_000) == 3600


def test_after_the_wait_there_is_one_more_try_and_then_a_longer_wait(corner):
    def take(now):
        return db.write(lambda connection: sessions.take_tries(connection, "ada@example.com", now=now))

    start = now_ms()
    for _ in range(5):
        take(start)

    assert take(start + MINUTE - 1).open == []
    assert len(take(start + MINUTE).open) == 1
    assert take(start + MINUTE + 1).locked_until == start + 3 * MINUTE


def test_whoever_owns_two_businesses_is_let_into_the_one_whose_password_it_is(app, make_business, anyone):
    make_business("Corner", email="ada@example.com")
    other = make_business("Elsewhere", email="ada@example.com", password="quite another password")

    for _ in range(5):
        assert sign_in(anyone, "quite another password").json["business"]["id"] == other.id
    assert sign_in(anyone).json["business"]["name"] == "Corner", "the other's sign-ins are no wrong tries here"


def test_an_e_mail_nobody_has_is_never_locked(anyone):
    codes = {sign_in(anyone, "not the password", email="nobody@example.com").json["code"] for _ in range(6)}

    assert codes == {"wrong_password"}
