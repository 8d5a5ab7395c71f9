"""Backup and restore: a shop comes back as it was, from either database, or stays as it is; never something between."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import zipfile
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from api import backup, create_app, db, upgrades
from api.actions import housekeeping
from api.ids import now_ms
from api.keys import Keys
from api.presence import LockFile, sign_in
from api.store import copies, service
from tests.conftest import Client
from tests.model import Promise
from tests.world import KEYS, START, make_shop, open_database

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
    """A shop with a bit of all, in odd words: cards with stamps and rewards, a customer, a void, a kept event."""
    till, card, other = business.till(), business.card(stamps=4), business.card(stamps=12, rewards=1)
    stamp = till.stamp(card, reason=ODD, order_ref="№ 7")
    till.send(stamp, till.redeem(other), till.void(stamp), till.stamp(card, quantity=2))
    till.send(till.claim("stamp", "AAAAAAAAAAAAAAAAA1", already_happened=True))
    left = card.customer.put(f"/cards/{card.code}/customer", {"name": "Łucja \\N", "email": "lucja@example.com"})
    assert left.status_code == 200, left.text
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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_where_there_is_no_database_yet_there_is_nothing_to_back_up(database, tmp_path, file):
    (tmp_path / "tenth.db").unlink()
    empty = open_database(database, str(tmp_path))

    with pytest.raises(backup.Refused, match="no database"):
        backup.save(empty, file, keys=KEYS, now=START)

    empty.close()
    assert list(file.parent.iterdir()) == []


def changed(file, change):
    """The backup with its manifest and parts changed, everything else about it right."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(manifest, parts)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))


def another_stamp(manifest, parts):
    parts["tables/events"] = parts["tables/events"].replace(b"\tstamp\t2\t", b"\tstamp\t3\t")


def a_line_less(manifest, parts):
    parts["tables/events"] = parts["tables/events"].partition(b"\n")[2]


def a_part_less(manifest, parts):
    del parts["tables/events"]


def a_part_more(manifest, parts):
    parts["tables/../../secret.key"] = b"00"


def of_tomorrow(manifest, parts):
    manifest["revision"] = "9999"


def of_another_format(manifest, parts):
    manifest["format_version"] = 2


def without_a_checksum(manifest, parts):
    del manifest["tables"]["events"]["sha256"]


def with_another_column(manifest, parts):
    manifest["tables"]["events"]["columns"]["weather"] = "text"


def of_another_key(manifest, parts):
    manifest["key_check"] = "00" * 32


SPOILT = [
    another_stamp, a_line_less, a_part_less, a_part_more, of_tomorrow, of_another_format, without_a_checksum,
    with_another_column, of_another_key,
]  # fmt: skip


@pytest.mark.parametrize("change", SPOILT)
@ON_SQLITE
def test_a_spoilt_backup_replaces_nothing(app, run, file, shop_with_everything, change):
    run("backup", file)
    before, began = rows(db.database()), epoch(db.database())
    changed(file, change)

    result = run("restore", file)

    assert result.exit_code == 1, result.output
    assert (rows(db.database()), epoch(db.database())) == (before, began)


@pytest.mark.parametrize("damage", ["cut short", "a byte changed", "no zip", "empty"])
@ON_SQLITE
def test_a_damaged_file_replaces_nothing(app, run, file, shop_with_everything, damage):
    run("backup", file)
    before, began = rows(db.database()), epoch(db.database())
    content = bytearray(file.read_bytes())
    if damage == "a byte changed":
        content[len(content) // 2] ^= 1
    file.write_bytes({"cut short": content[:-40], "no zip": b"x" * 999, "empty": b""}.get(damage, bytes(content)))

    result = run("restore", file)

    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert (rows(db.database()), epoch(db.database())) == (before, began)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE cards SET total = total + 1", "events add up to"),
        ("DELETE FROM owners", "refers to"),
    ],
)
@ON_SQLITE
def test_a_backup_of_a_shop_that_was_not_right_replaces_nothing(app, run, file, shop_with_everything, sql, said):
    with db.database().engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(sql)
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    before, began = rows(db.database()), epoch(db.database())
    run("backup", file)

    result = run("restore", file)

    assert result.exit_code == 1
    assert (rows(db.database()), epoch(db.database())) == (before, began)
    if "total" in sql:
        assert said in result.output


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_too_cards_that_are_not_right_replace_nothing(app, run, file, shop_with_everything):
    with db.database().engine.connect() as connection:
        connection.exec_driver_sql("UPDATE cards SET total = total + 1")
    before, began = rows(db.database()), epoch(db.database())
    run("backup", file)

    result = run("restore", file)

    assert "events add up to" in result.output
    assert (rows(db.database()), epoch(db.database())) == (before, began)


def test_a_restore_waits_until_the_service_has_ended(app, run, file, shop_with_everything):
    run("backup", file)
    other = create_app(app.extensions["tenth.settings"])
    with other.app_context():
        before = rows(db.database())

    refused = run("restore", file)
    with other.app_context():
        assert rows(db.database()) == before
        let_go(other)
    done = run("restore", file)

    assert (refused.exit_code, "Stop Tenth" in refused.output) == (1, True)
    assert done.exit_code == 0, done.output


@ON_SQLITE
def test_a_restore_waits_for_a_service_that_has_no_connection_open_just_now(app, run, file, business, tmp_path):
    run("backup", file)
    idle = LockFile(tmp_path / "tenth.db")
    idle.sign_in()

    refused = run("restore", file)
    idle.leave()
    done = run("restore", file)

    assert (refused.exit_code, done.exit_code) == (1, 0), done.output


@ON_SQLITE
def test_a_restore_waits_for_other_programs_too(app, run, file, business, tmp_path):
    run("backup", file)
    module = db.database().engine.dialect.loaded_dbapi  # two SQLite libraries in one process would not see each other
    other = module.connect(tmp_path / "tenth.db")
    other.execute("SELECT count(*) FROM cards").fetchone()

    refused = run("restore", file)
    other.close()
    done = run("restore", file)

    assert (refused.exit_code, done.exit_code) == (1, 0), done.output


@ON_POSTGRES
def test_a_restore_gives_a_connection_that_was_just_closed_a_moment_to_be_gone(app, run, file, business):
    run("backup", file)
    url = db.database().engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as closing:
        sign_in(closing)

        def close_once_somebody_waits(over):
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            while not over.wait(0.02) and not closing.execute(waiting).fetchone()[0]:
                pass
            closing.close()

        over = threading.Event()
        closer = threading.Thread(target=close_once_somebody_waits, args=[over])
        closer.start()
        result = run("restore", file)
        over.set()
        closer.join()

    assert result.exit_code == 0, result.output


@ON_POSTGRES
def test_a_database_of_others_is_left_alone(app, run, file, business):
    run("backup", file)
    with db.database().engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")

    result = run("restore", file)

    assert "not Tenth's" in result.output
    with db.database().engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cards").scalar() == 0


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
    make_shop(opened, Promise(needed=10))
    made = backup.save(opened, file, keys=KEYS, now=START)
    assert (made.revision, made.epoch) == ("0001", "")

    backup.restore(opened, file, keys=KEYS, now=START)

    with opened.engine.connect() as connection:
        assert copies.revision(connection) == upgrades_head()
        assert connection.exec_driver_sql("SELECT count(*) FROM owners").scalar() == 1
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


class FailingDisk:
    """The operating system, whose n-th durable step fails."""

    STEPS = ("fsync", "link", "rename", "replace")

    def __init__(self, n):
        self.left = n

    def __getattr__(self, name):
        return self._counted(name) if name in self.STEPS else getattr(os, name)

    def _counted(self, name):
        def step(*words):
            self.left -= 1
            if self.left == 0:
                raise OSError(28, "No space left on device")
            return getattr(os, name)(*words)

        return step


@ON_SQLITE
def test_a_backup_whose_disk_fails_is_not_there(app, file, business, monkeypatch):
    for n in (1, 2):
        monkeypatch.setattr(backup, "os", FailingDisk(n))
        with pytest.raises(OSError, match="No space"):
            backup.save(db.database(), file, keys=keys(app), now=now_ms())

        assert list(file.parent.iterdir()) == []


@ON_SQLITE
def test_a_restore_whose_disk_fails_leaves_the_old_shop_or_the_new_one(
    app, run, file, shop_with_everything, monkeypatch
):
    till, card = shop_with_everything
    backed_up, began = rows(db.database()), epoch(db.database())
    run("backup", file)
    till.send(till.stamp(card))
    going_on = rows(db.database())

    failures, failed = 0, True
    while failed:
        failures += 1
        disk = FailingDisk(failures)
        monkeypatch.setattr(backup, "os", disk)
        failed = run("restore", file).exit_code != 0 or disk.left <= 0
        whole = backed_up if epoch(db.database()) != began else going_on
        assert rows(db.database()) == whole

    assert failures > 4
    assert rows(db.database()) == backed_up


KILLED = """
import os, signal, sys
from api import backup, create_app, upgrades
from api.store import copies, service

left = int(sys.argv.pop(1))

def deadly(there, name):
    real = getattr(there, name)
    def step(*words, **more):
        global left
        left -= name != "unlink" or os.path.exists(words[0])
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **more)
    setattr(there, name, step)

for name in ("fsync", "link", "rename", "replace", "unlink"):
    deadly(os, name)
for name in ("empty", "damage", "end_reading"):
    deadly(copies, name)
deadly(service, "new_epoch")
deadly(upgrades, "upgrade_within")

app = create_app()
with app.app_context():
    app.cli(args=sys.argv[1:], prog_name="flask")
"""


def killed_at(n, app, *words):
    """Run a command that is killed at its n-th step; was it?"""
    settings = app.extensions["tenth.settings"]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(n), *map(str, words)],
        cwd=upgrades.ROOT,
        env={"PATH": "", "TENTH_DATA": str(settings.data), "TENTH_DATABASE_URL": settings.database_url},
        capture_output=True,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


def test_a_backup_killed_at_any_step_is_not_there_or_whole(app, file, shop_with_everything):
    n, there = 0, []
    app.extensions["tenth.live"].close()
    while True:
        n += 1
        was_killed = killed_at(n, app, "backup", file)
        there.append(file.exists())
        if there[-1]:
            backup.restore(db.database(), file, keys=keys(app), now=now_ms())
            file.unlink()
        if not was_killed:
            break

    assert there[:3] == [False] * 3
    assert there[-2:] == [True] * 2


def test_a_restore_killed_at_any_step_leaves_the_old_shop_or_the_new_one(app, run, file, shop_with_everything):
    till, card = shop_with_everything
    backed_up, began = rows(db.database()), epoch(db.database())
    run("backup", file)
    till.send(till.stamp(card))
    going_on = rows(db.database())
    app.extensions["tenth.live"].close()

    n = 0
    while True:
        n += 1
        db.database().close()
        was_killed = killed_at(n, app, "restore", file)
        assert rows(db.database()) == (backed_up if epoch(db.database()) != began else going_on)
        if not was_killed:
            break

    assert n > 4
    assert rows(db.database()) == backed_up
    assert run("verify").exit_code == 0


def test_another_key_is_told_apart(app, file, business, tmp_path):
    backup.save(db.database(), file, keys=keys(app), now=now_ms())

    with pytest.raises(backup.Refused, match=r"another secret\.key"):
        backup.restore(db.database(), file, keys=Keys(bytes(32)), now=now_ms())
