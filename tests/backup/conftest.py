"""A shop with a bit of everything, where its backup goes, and what is compared: every row there is."""

import pytest
from complaints import given, open_case, settle, use
from sqlalchemy import text

from api import db
from api.store import copies, service

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
ODD = "tab\there, line\nthere, return\r, slash \\ and \\N and \\t, quotes ' \" and ☕ łódź"


@pytest.fixture
def run(app):
    """Run one of the service's commands; its result, with what it printed."""
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


@pytest.fixture
def file(tmp_path):
    """Where the backup goes."""
    (tmp_path / "away").mkdir()
    return tmp_path / "away" / "monday.tenth"


@pytest.fixture
def shop_with_everything(app, business):
    """A shop with a bit of all, in odd words: stamps and rewards, a customer, a void, a kept event, and cases."""
    till, card, other = business.till(), business.card(stamps=4), business.card(stamps=12, rewards=1)
    stamp = till.stamp(card, reason=ODD, order_ref="№ 7")
    till.send(stamp, till.redeem(other), till.void(stamp), till.stamp(card, quantity=2))
    till.send(till.claim("stamp", "AAAAAAAAAAAAAAAAA1", already_happened=True))
    left = card.customer.put(f"/cards/{card.code}/customer", {"name": "Łucja \\N", "email": "lucja@example.com"})
    assert left.status_code == 200, left.text
    use(till, given(business, card), card)
    given(business)
    settle(business.owner, open_case(business.owner, card=card.code, contact=ODD), kind="stamps", stamps=1, words=ODD)
    sql = text("UPDATE businesses SET name = :name WHERE id = :id")
    db.write(lambda connection: connection.execute(sql, {"name": ODD, "id": business.id}).close())
    return till, card


def rows(database):
    """Every row there is, but for the epoch."""
    with database.engine.connect() as connection:
        found = {
            table.name: sorted(b"".join(copies.lines(connection, table)).splitlines())
            for table in copies.tables(connection)
        }
    found.pop("service")
    return found


def epoch(database):
    with database.reading() as connection:
        return service.epoch(connection)


def keys(app):
    return app.extensions["tenth.keys"]


def let_go(app):
    """The service ends."""
    app.extensions["tenth.live"].close()
    db.database().close()
