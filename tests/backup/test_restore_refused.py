"""What is no whole backup of a right shop, or comes while the service runs, replaces nothing."""

import json
import threading
import zipfile

import psycopg
import pytest

from api import backup, create_app, db
from api.ids import now_ms
from api.keys import Keys
from api.presence import LockFile, sign_in
from tests.backup.conftest import ON_POSTGRES, ON_SQLITE, epoch, keys, let_go, rows


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
        with zipfile.ZipFile(file) as archive:
            part = archive.getinfo("tables/events")
        content[part.header_offset + part.compress_size] ^= 1  # in what it holds: of the headers not every byte is read
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


@ON_POSTGRES
def test_on_postgresql_too_cards_that_are_not_right_replace_nothing(app, run, file, shop_with_everything):
    with db.database().engine.connect() as connection:
        connection.exec_driver_sql("UPDATE cards SET total = total + 1")
    before, began = rows(db.database()), epoch(db.database())
    run("backup", file)

    result = run("restore", file)

    assert "events add up to" in result.output
    assert (rows(db.database()), epoch(db.database())) == (before, began)


def test_another_key_is_told_apart(app, file, business, tmp_path):
    backup.save(db.database(), file, keys=keys(app), now=now_ms())

    with pytest.raises(backup.Refused, match=r"another secret\.key"):
        backup.restore(db.database(), file, keys=Keys(bytes(32)), now=now_ms())


@ON_POSTGRES
def test_a_database_of_others_is_left_alone(app, run, file, business):
    run("backup", file)
    with db.database().engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")

    result = run("restore", file)

    assert "not Tenth's" in result.output
    with db.database().engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cards").scalar() == 0


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
