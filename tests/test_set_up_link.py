"""The one-time set-up link: it makes a business and its owner, once."""

import pytest
from conftest import PASSWORD, Client

from api import db
from api.actions import set_up
from api.ids import now_ms

DAY = 86_400_000
WISH = {
    "owner": {"name": "Ada", "email": "Ada@Example.com ", "password": PASSWORD},
    "business": "Corner",
    "shop": "Market Street",
    "currency": "EUR",
    "time_zone": "Europe/Warsaw",
    "language": "pl",
    "stamps_needed": 10,
    "reward": "a free sandwich",
}


@pytest.fixture
def make_link(app):
    """Make a set-up link: make_link(days_ago=8)."""

    def make(days_ago=0):
        keys, then = app.extensions["tenth.keys"], now_ms() - days_ago * DAY
        return db.write(lambda connection: set_up.new_link(connection, keys=keys, now=then))

    return make


def test_the_link_makes_a_business_and_signs_its_owner_in(app, anyone, make_link):
    link = make_link()

    made = anyone.post("/setup", WISH | {"token": link})

    assert made.status_code == 201
    assert made.json["owner"]["email"] == "ada@example.com"
    assert made.json["business"] | {"id": 0} == {
        "id": 0, "name": "Corner", "currency": "EUR", "time_zone": "Europe/Warsaw", "language": "pl",
        "lock_after_seconds": 120, "logo": None, "offline_redeem": "limited", "offline_per_card": 1,
        "offline_per_till": 3, "offline_hours": 24, "watch_card_hour": 3, "watch_card_day": 8, "watch_staff_hour": 120,
        "quiet_from": 1380, "quiet_until": 300,
    }  # fmt: skip
    [shop] = made.json["shops"]
    assert shop["join_url"] == f"http://localhost:8000/join/{shop['join_code']}"
    assert anyone.get("/session").json == made.json
    assert Client(app, {}).get(f"/join/{shop['join_code']}").json["programmes"][0]["stamps_needed"] == 10


def test_a_link_works_once(anyone, make_link):
    link = make_link()
    assert anyone.get(f"/setup/{link}").json == {"usable": True}
    anyone.post("/setup", WISH | {"token": link})

    again = anyone.post("/setup", WISH | {"token": link, "business": "Another"})

    assert (again.status_code, again.json["code"]) == (409, "set_up_link_used")
    assert anyone.get(f"/setup/{link}").json["code"] == "set_up_link_used"
    assert anyone.get("/session").json["business"]["name"] == "Corner"


def test_a_link_runs_out_after_a_week(anyone, make_link):
    fresh, old = make_link(days_ago=6), make_link(days_ago=8)

    assert anyone.get(f"/setup/{fresh}").status_code == 200
    assert anyone.post("/setup", WISH | {"token": old}).json["code"] == "set_up_link_used"


def test_nobody_sets_up_with_a_link_that_never_was(anyone):
    asked = anyone.get("/setup/no-such-link")
    tried = anyone.post("/setup", WISH | {"token": "no-such-link"})

    assert (asked.status_code, tried.status_code) == (404, 404)
    assert tried.json["code"] == "not_found"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "tlh"),
        ("time_zone", "Europe/Atlantis"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "Europe"),
        ("currency", "euro"),
        ("stamps_needed", 1),
        ("stamps_needed", 51),
        ("reward", "x" * 81),
        ("business", "  "),
        ("owner/email", "ada"),
        ("owner/password", "too short"),
    ],
)
def test_what_cannot_be_right_is_named_and_the_link_stays_good(anyone, make_link, field, value):
    link = make_link()
    wish = WISH | {"token": link}
    if "/" in field:
        wish["owner"] = WISH["owner"] | {field.partition("/")[2]: value}
    else:
        wish[field] = value

    answer = anyone.post("/setup", wish)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [f"/{field}"]
    assert "too short" not in answer.text.replace("string_too_short", ""), "an answer repeats no password"
    assert anyone.get(f"/setup/{link}").json == {"usable": True}
