"""A shop comes back as it was, from either database to either; and nobody reads its backup who should not."""

import json
import os
import shutil
import sqlite3
import zipfile
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from api import backup, create_app, db, upgrades
from api.actions import housekeeping
from api.ids import now_ms
from api.store import copies
from tests.backup.conftest import ON_SQLITE, epoch, keys, let_go, rows
from tests.conftest import Client
from tests.world import KEYS, START, open_database

ID = bytes(range(16))
_OF_BUSINESS = {"business_id": 1, "id": ID, "created_at": START}
# A shop with one card and one stamp, as the first migration knew them.
OF_THE_FIRST_TENTH = {
    "businesses": {
        "id": 1, "name": "Corner", "currency": "EUR", "time_zone": "Europe/Warsaw", "language": "en",
        "created_at": START,
    },
    "owners": _OF_BUSINESS | {"name": "Ada", "email": "ada@example.com", "password_hash": ""},
    "programmes": _OF_BUSINESS | {"name": "Sandwich card", "version": 1},
    "programme_versions": {
        "business_id": 1, "programme_id": ID, "number": 1, "stamps_needed": 10, "reward": "a free sandwich",
        "max_per_visit": 6, "welcome_stamps": 0, "cooldown_seconds": 0, "daily_limit": 0, "unit_cost": 0,
        "unit_price": 0, "stamps_expire_days": 0, "rewards_expire_days": 0, "policy": "better", "author": "Ada",
        "note": "", "created_at": START,
    },
    "cards": _OF_BUSINESS | {
        "programme_id": ID, "code_hash": ID * 2, "short_hash": ID * 2, "key_hash": ID * 2, "first_version": 1,
        "version": 1, "round_need": 10, "total": 1, "last_stamp_at": START, "last_event_id": ID, "touched_at": START,
    },
    "events": {
        "business_id": 1, "id": ID, "card_id": ID, "kind": "stamp", "stamps": 1, "rewards": 0, "happened_at": START,
        "received_at": START, "version": 1, "source": "service", "content": ID * 2,
    },
}  # fmt: skip


@pytest.fixture
def elsewhere(database, tmp_path, request):
    """An empty, migrated database of the other kind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.startswith("postgresql"):
        shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "tenth.db")
        opened = open_database("", str(folder))
    else:
        server, template = request.getfixturevalue("postgres"), request.getfixturevalue("migrated_postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE tenth_elsewhere TEMPLATE "{template}"')
        opened = open_database(urlsplit(server)._replace(path="/tenth_elsewhere").geturl(), str(folder))
    yield opened
    opened.close()
    if not database.startswith("postgresql"):
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE tenth_elsewhere WITH (FORCE)")


def test_what_happened_after_a_backup_is_gone_after_a_restore_and_all_else_is_there(
    app, run, file, shop_with_everything
):
    till, card = shop_with_everything
    before, began = rows(db.database()), epoch(db.database())
    assert run("backup", file).exit_code == 0
    till.send(till.stamp(card))
    assert rows(db.database()) != before

    result = run("restore", file)

    assert result.exit_code == 0, result.output
    assert rows(db.database()) == before
    assert epoch(db.database()) != began
    assert run("verify").exit_code == 0


def test_a_restored_ledger_still_refuses_to_be_changed(app, run, file, shop_with_everything):
    run("backup", file)
    assert run("restore", file).exit_code == 0

    for sql in ("UPDATE events SET stamps = 9", "DELETE FROM events"):
        with pytest.raises(Exception, match="append-only"), db.database().engine.connect() as connection:
            connection.exec_driver_sql(sql)


def test_a_restored_shop_goes_on(app, run, file, shop_with_everything):
    till, card = shop_with_everything
    stamps = card.face["stamps"]
    run("backup", file)
    assert run("restore", file).exit_code == 0

    assert till.send(till.stamp(card))[0]["status"] == "applied"
    assert card.face["stamps"] == stamps + 1


def test_a_shop_moves_to_the_other_kind_of_database(app, file, shop_with_everything, elsewhere):
    before = rows(db.database())
    backup.save(db.database(), file, keys=keys(app), now=now_ms())

    backup.restore(elsewhere, file, keys=keys(app), now=now_ms())

    assert rows(elsewhere) == before
    with elsewhere.reading() as connection:
        assert housekeeping.verify(connection) == (2, None)


def test_a_backup_is_of_one_moment_and_nobody_waits_for_it(app, till, make_card):
    card = make_card()
    with db.database().engine.connect() as connection:
        copies.begin_reading(connection)
        found = {table.name: table for table in copies.tables(connection)}
        cards = list(copies.lines(connection, found["cards"]))

        assert till.send(till.stamp(card))[0]["status"] == "applied"

        assert list(copies.lines(connection, found["events"])) == []
        assert list(copies.lines(connection, found["cards"])) == cards
        copies.end_reading(connection)
        assert len(list(copies.lines(connection, found["events"]))) == 1


class Watching:
    """A server key that looks at the folder while a backup is being written there."""

    def __init__(self, folder):
        self.folder = folder
        self.seen = {}

    def lookup(self, *words):
        self.seen = {path.name: path.stat().st_mode & 0o777 for path in self.folder.iterdir()}
        return b""


def test_nobody_else_may_read_a_backup_from_its_first_byte(app, business, file):
    watching = Watching(file.parent)
    before = os.umask(0)
    try:
        backup.save(db.database(), file, keys=watching, now=now_ms())
    finally:
        os.umask(before)

    assert list(watching.seen.values()) == [0o600]
    assert file.name not in watching.seen
    assert [(path.name, path.stat().st_mode & 0o777) for path in file.parent.iterdir()] == [(file.name, 0o600)]


def test_a_backup_says_what_it_is_and_where_the_key_is_which_it_does_not_hold(app, run, file, till, make_card):
    till.send(till.stamp(make_card()))

    result = run("backup", file)

    key = app.extensions["tenth.settings"].data / "secret.key"
    assert str(key) in result.output
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read("manifest.json"))
        all_there_is = b"".join(archive.read(name) for name in archive.namelist())
    assert (said["format"], said["revision"], said["epoch"]) == ("tenth-backup", upgrades_head(), epoch(db.database()))
    assert (said["tables"]["cards"]["rows"], said["tables"]["events"]["rows"]) == (1, 1)
    assert key.read_text().strip().encode() not in all_there_is
    assert bytes.fromhex(key.read_text()) not in all_there_is


def upgrades_head():
    return sorted((upgrades.ROOT / "migrations" / "versions").glob("*.py"))[-1].name[:4]


def test_a_backup_replaces_no_file(run, app, file):
    file.write_text("photographs")

    result = run("backup", file)

    assert result.exit_code == 1
    assert file.read_text() == "photographs"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@ON_SQLITE
def test_where_there_is_no_database_yet_there_is_nothing_to_back_up(database, tmp_path, file):
    (tmp_path / "tenth.db").unlink()
    empty = open_database(database, str(tmp_path))

    with pytest.raises(backup.Refused, match="no database"):
        backup.save(empty, file, keys=KEYS, now=START)

    empty.close()
    assert list(file.parent.iterdir()) == []


@ON_SQLITE
def test_the_replaced_database_is_kept_beside_it(app, run, file, till, make_card, tmp_path):
    run("backup", file)
    till.send(till.stamp(make_card()))

    result = run("restore", file)

    (kept,) = tmp_path.glob("tenth.db.replaced-*")
    assert str(kept) in result.output
    with sqlite3.connect(f"file:{kept}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)
    connection.close()
    assert (tmp_path / "tenth.db").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*restoring*"))


@ON_SQLITE
def test_a_damaged_database_is_replaced_and_kept_and_its_log_does_not_spoil_the_new_one(
    app, run, file, shop_with_everything, tmp_path
):
    before = rows(db.database())
    run("backup", file)
    let_go(app)
    (tmp_path / "tenth.db").write_bytes(b"no database " * 1000)
    (tmp_path / "tenth.db-wal").write_bytes(b"no log " * 1000)

    result = run("restore", file)

    assert result.exit_code == 0, result.output
    assert rows(db.database()) == before
    assert [path.read_bytes()[:6] for path in tmp_path.glob("tenth.db.replaced-*")] == [b"no dat"]


def test_a_backup_of_an_older_tenth_is_brought_up_to_date(database, tmp_path, file):
    opened = open_database(database, str(tmp_path))
    if database.startswith("sqlite"):
        opened.close()
        (tmp_path / "tenth.db").unlink()
    else:
        with opened.engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
            copies.drop_everything(connection)
            connection.commit()
    upgrades.upgrade(opened.engine, to="0001")
    with opened.engine.connect() as connection:
        for table, values in OF_THE_FIRST_TENTH.items():
            names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
    made = backup.save(opened, file, keys=KEYS, now=START)
    assert (made.revision, made.epoch) == ("0001", "")

    backup.restore(opened, file, keys=KEYS, now=START)

    with opened.engine.connect() as connection:
        assert copies.revision(connection) == upgrades_head()
        assert connection.exec_driver_sql("SELECT count(*) FROM owners").scalar() == 1
        assert housekeeping.verify(connection) == (1, None)
    assert epoch(opened)
    opened.close()


def test_a_till_is_told_the_epoch_by_every_answer_and_a_restore_begins_a_new_one(app, run, file, till, make_card):
    def told(app):
        client = Client(app, {}, csrf="")
        client.http, client.headers = app.test_client(), till.client.headers
        client.http._cookies = till.client.http._cookies
        sync = client.post("/sync", {"sent_at": "2026-11-22T09:00:00Z", "events": [till.stamp(make_card())]})
        return {client.get("/till").json["epoch"], sync.json["epoch"]}

    run("backup", file)
    before = told(app)
    assert before == {epoch(db.database())}

    result = run("restore", file)
    assert result.exit_code == 0, result.output

    again = create_app(app.extensions["tenth.settings"])
    with again.app_context():
        after = told(again)
        let_go(again)
    assert after == {epoch(db.database())}
    assert before.isdisjoint(after)
