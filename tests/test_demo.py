"""The demo's café: what someone who looks around is shown went through the rules like any shop's year."""

from dataclasses import replace

import pytest
from world import rows

from api import db, demo
from api.actions import goodwill_sums, housekeeping
from api.ids import now_ms

FEW = replace(demo.STORY, cards=120)


def fill(app, **options):
    return demo.fill(keys=app.extensions["tenth.keys"], now=now_ms(), story=FEW, **options)


def test_the_cafe_has_a_year_of_visits_at_every_till_and_its_cards_add_up(app):
    made = fill(app)

    database = app.extensions["tenth.database"]
    with db.reading() as connection:
        checked, wrong = housekeeping.verify(connection)
        campaigns, mistaken = housekeeping.verify_campaigns(connection)
    assert (checked, wrong) == (made.cards, None)
    assert (campaigns, mistaken) == (4, None)
    kinds = dict(rows(database, "SELECT kind, count(*) FROM events GROUP BY kind"))
    # This morning's: two within the minute, and one by a clock that is ahead. A code nobody knows was not counted.
    assert kinds["stamp"] == made.visits + 3
    assert kinds["stamp"] > 600
    assert kinds["redeem"] > 20
    (tills,) = rows(database, "SELECT count(DISTINCT till_id), max(happened_at) - min(happened_at) FROM events")
    assert tills[0] == 3
    assert tills[1] > 300 * 86_400_000


def test_every_page_of_the_owner_has_something_to_show(app):
    fill(app)

    database = app.extensions["tenth.database"]

    def found(sql):
        return {value for (value,) in rows(database, sql)}

    assert found("SELECT kind FROM campaigns") == {"hours", "come_back", "item"}
    assert found("SELECT treated FROM experiment_cards") == {True, False}
    assert found("SELECT state FROM scheduled_versions") == {"waiting"}
    assert found("SELECT tier FROM events WHERE kind = 'redeem'") == {None, 1}
    assert {"birthday", "Double-stamp weekdays"} <= found("SELECT reason FROM events WHERE kind = 'bonus'")
    assert {"too_soon", "overdrawn", "clock_skew"} <= found("SELECT flag FROM events")
    assert found("SELECT reason FROM asides") == {"unknown_card"}


def test_things_go_wrong_there_and_are_put_right(app):
    fill(app)

    database = app.extensions["tenth.database"]
    with db.reading() as connection:
        cases, wrong = goodwill_sums.verify(connection)
    states = dict(rows(database, "SELECT state, count(*) FROM cases GROUP BY state"))
    assert (cases > 40, wrong) == (True, None)
    assert states["settled"] > 20
    assert min(states["open"], states["offered"]) >= 1, "something waits for the owner"
    assert rows(database, "SELECT count(*) FROM voucher_uses")[0][0] > 5
    assert {source for (source,) in rows(database, "SELECT DISTINCT source FROM cases")} == {"phone", "till"}


def test_a_database_in_use_is_left_alone(app, business):
    with pytest.raises(ValueError, match="wants an empty one"):
        fill(app)
