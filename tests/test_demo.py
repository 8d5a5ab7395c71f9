"""The demo's café: what someone who looks around is shown went through the rules like any shop's year."""

from dataclasses import replace

import pytest
from world import rows

from api import db, demo
from api.actions import housekeeping
from api.ids import now_ms

FEW = replace(demo.STORY, cards=40)


def fill(app, **options):
    return demo.fill(keys=app.extensions["tenth.keys"], now=now_ms(), story=FEW, **options)


def test_the_cafe_has_a_year_of_visits_at_every_till_and_its_cards_add_up(app):
    made = fill(app)

    database = app.extensions["tenth.database"]
    with db.reading() as connection:
        checked, wrong = housekeeping.verify(connection)
    assert (checked, wrong) == (made.cards, None)
    kinds = dict(rows(database, "SELECT kind, count(*) FROM events GROUP BY kind"))
    assert kinds["stamp"] > 200
    assert kinds["redeem"] > 5
    assert sum(kinds.values()) == made.events
    (tills,) = rows(database, "SELECT count(DISTINCT till_id), max(happened_at) - min(happened_at) FROM events")
    assert tills[0] == 3
    assert tills[1] > 300 * 86_400_000


def test_a_database_in_use_is_left_alone(app, business):
    with pytest.raises(ValueError, match="wants an empty one"):
        fill(app)
