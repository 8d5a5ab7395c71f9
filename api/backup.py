"""Backup and restore: everything but the server key in one file, and back, whole or not at all, into either database.

The file is a zip: a part for each table, in the text of PostgreSQL's COPY, and a manifest that says what they are.
"""

import hashlib
import hmac
import json
import os
import shutil
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from api import db, presence, upgrades
from api.actions import goodwill_sums, housekeeping
from api.ids import id_text, moment_text
from api.keys import Keys
from api.store import copies, service
from api.store.copies import Table

FORMAT = "tenth-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
_PIECE = 1 << 20
IN_USE = "Something has the database open. Stop Tenth, and whatever else uses it, and try again."


class Refused(Exception):
    """It cannot be done; the message is the whole explanation, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a backup: its columns and what they hold, how many rows, and the SHA-256 of its text."""

    columns: dict[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. key_check fits the server key it belongs to, and tells nothing about it."""

    format: str
    format_version: int
    revision: str
    made_at: str
    epoch: str
    key_check: str
    tables: dict[str, Part]

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(part.rows for part in self.tables.values())


def save(database: db.Database, file: Path, *, keys: Keys, now: int) -> Manifest:
    """Write a backup while the service goes on. The file is readable by its owner alone and appears when it is whole.

    Raises Refused, OSError (no room, for one) or Busy.
    """
    if file.exists():
        raise Refused(f"{file} is there already; a backup replaces nothing.")
    with _appearing(file) as handle, database.engine.connect() as connection:
        copies.begin_reading(connection)
        try:
            return _write(connection, handle, keys=keys, now=now)
        finally:
            copies.end_reading(connection)


@contextmanager
def _appearing(file: Path) -> Iterator[Any]:
    """A new file under a name of its own until it is whole and on disk; then it has its name, or else it is gone."""
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.", suffix=".partial")  # made with mode 0600
    try:
        with os.fdopen(number, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        if file.exists():
            raise Refused(f"{file} has come to be in the meantime; a backup replaces nothing.")
        os.rename(name, file)
    except BaseException:
        os.unlink(name)
        raise
    _sync(file.parent)


def _write(connection: Connection, handle: Any, *, keys: Keys, now: int) -> Manifest:
    revision = copies.revision(connection)
    if revision is None:
        raise Refused("There is no database to back up yet.")
    found = copies.tables(connection)
    epoch = service.epoch(connection) if "service" in {table.name for table in found} else ""
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        parts = {table.name: _write_part(archive, connection, table) for table in found}
        check = _key_check(keys, epoch)
        manifest = Manifest(FORMAT, FORMAT_VERSION, revision, moment_text(now), epoch, check, parts)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _write_part(archive: zipfile.ZipFile, connection: Connection, table: Table) -> Part:
    rows, sha256 = 0, hashlib.sha256()
    with archive.open(_part_name(table.name), "w", force_zip64=True) as part:
        for piece in copies.lines(connection, table):
            part.write(piece)
            sha256.update(piece)
            rows += piece.count(b"\n")
    return Part(table.columns, rows, sha256.hexdigest())


def restore(database: db.Database, file: Path, *, keys: Keys, now: int) -> tuple[Manifest, Path | None]:
    """Put a backup in the place of the database, in a new epoch; all is checked before anything is replaced.

    Returns what the backup says of itself and, on SQLite, where the replaced database is kept. Raises Refused.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _checked(archive, keys)
            database.close()  # this process must not count as one that has it open
            replace = _replace_file if isinstance(database, db.SqliteDatabase) else _replace_tables
            return manifest, replace(database, archive, manifest, now)
    except presence.InUse:
        raise Refused(IN_USE) from None
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused(f"{file} is damaged or no backup: {error}") from None
    except (DBAPIError, psycopg.Error) as error:
        raise Refused(f"The database did not take it: {error}") from error


def _checked(archive: zipfile.ZipFile, keys: Keys) -> Manifest:
    """The manifest of a backup that is whole, that this version of Tenth can read, and that belongs to this key."""
    try:
        said = json.loads(archive.read(MANIFEST))
        if (said["format"], said["format_version"]) != (FORMAT, FORMAT_VERSION):
            raise Refused(f"The backup has format {said['format']} {said['format_version']}, unknown to this Tenth.")
        manifest = Manifest(**said | {"tables": {name: Part(**part) for name, part in said["tables"].items()}})
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"The file is no backup of Tenth: its manifest cannot be read ({error}).") from None
    if not upgrades.knows(manifest.revision):
        raise Refused(f"The backup is at migration {manifest.revision}; it was made by a newer Tenth than this one.")
    if not hmac.compare_digest(manifest.key_check, _key_check(keys, manifest.epoch)):
        raise Refused(
            "The backup belongs to another secret.key. Put that one into its place first: without it no card is known."
        )
    if {_part_name(name) for name in manifest.tables} | {MANIFEST} != set(archive.namelist()):
        raise Refused("The backup is damaged: it has other parts than its manifest says.")
    for name, part in manifest.tables.items():
        rows, sha256 = 0, hashlib.sha256()
        for piece in _pieces(archive, name):
            rows += piece.count(b"\n")
            sha256.update(piece)
        if (rows, sha256.hexdigest()) != (part.rows, part.sha256):
            raise Refused(f"The backup is damaged: the part {name} is not what was written.")
    return manifest


def _replace_file(database: db.SqliteDatabase, archive: zipfile.ZipFile, manifest: Manifest, now: int) -> Path | None:
    """Make a new SQLite file beside the old one, and give it the old one's name."""
    path = Path(str(database.engine.url.database))
    new = path.with_name(f"{path.name}.restoring")
    module: Any = database.engine.dialect.loaded_dbapi
    database.lock.be_alone()
    try:
        _remove(new)  # one that was killed may have left it
        os.close(os.open(new, os.O_CREAT | os.O_EXCL, 0o600))
        made = db.connect(
            create_engine(database.engine.url.set(database=str(new)), module=module, isolation_level="AUTOCOMMIT")
        )
        try:
            upgrades.upgrade(made.engine, to=manifest.revision)
            with made.engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                _load(connection, archive, manifest)
                connection.exec_driver_sql("COMMIT")
            upgrades.upgrade(made.engine)
            with made.engine.connect() as connection:
                _verify(connection)
                service.new_epoch(connection, str(uuid.uuid4()))
        finally:
            made.close()
        _fold_log(new, module)
        _sync(new)
        kept = _keep(path, module, moment_text(now)) if path.exists() else None
        os.replace(new, path)
        _sync(path.parent)
        return kept
    finally:
        _remove(new)
        database.lock.leave()


def _keep(path: Path, module: Any, when: str) -> Path:
    """Give the database that will be replaced a second name; at each moment the first one leads to a whole one."""
    log = path.with_name(f"{path.name}-wal")
    kept = path.with_name(f"{path.name}.replaced-{when.translate(str.maketrans('', '', '-:.'))}")
    try:
        _fold_log(path, module)
    except module.DatabaseError as error:
        if "locked" in str(error):  # by a program that is not Tenth
            raise presence.InUse from error
        # It is damaged, perhaps the reason for all this: what is left of it is kept as it is.
        if log.exists():
            _second_name(log, kept.with_name(f"{kept.name}-wal"))
    _second_name(path, kept)
    _sync(path.parent)
    for name in (log, path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError):
            os.unlink(name)  # beside the new file SQLite would take the old one's log for its own
    return kept


def _fold_log(path: Path, module: Any) -> None:
    """Bring everything from the write-ahead log into the file, which nobody else may have open."""
    raw = module.connect(path, isolation_level=None)
    try:
        if raw.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise presence.InUse
    finally:
        raw.close()


def _second_name(there: Path, name: Path) -> None:
    try:
        os.link(there, name)
    except OSError:  # not every file system has second names
        shutil.copy2(there, name)
        _sync(name)


def _replace_tables(database: db.Database, archive: zipfile.ZipFile, manifest: Manifest, _now: int) -> None:
    """Replace every table of PostgreSQL in one transaction."""
    with (
        database.engine.connect().execution_options(isolation_level="READ COMMITTED") as connection,
        connection.begin(),
    ):
        raw: Any = connection.connection.dbapi_connection
        presence.be_alone(raw)
        if copies.is_of_others(connection):
            raise Refused("This PostgreSQL database has tables that are not Tenth's; give Tenth one of its own.")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        copies.drop_everything(connection)
        upgrades.upgrade_within(connection, to=manifest.revision)
        _load(connection, archive, manifest)
        upgrades.upgrade_within(connection)
        connection.exec_driver_sql("ANALYZE")
        _verify(connection)
        service.new_epoch(connection, str(uuid.uuid4()))


def _load(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    found = copies.tables(connection)
    if {table.name: set(table.columns.items()) for table in found} != {
        name: set(part.columns.items()) for name, part in manifest.tables.items()
    }:
        raise Refused(f"The backup has other tables than migration {manifest.revision} makes.")
    copies.empty(connection, found)
    for table in found:
        as_written = Table(table.name, manifest.tables[table.name].columns)
        copies.load(connection, as_written, _pieces(archive, table.name))


def _verify(connection: Connection) -> None:
    damage = copies.damage(connection)
    if damage is not None:
        raise Refused(f"The backup does not hold together: {damage}.")
    _, wrong = housekeeping.verify(connection)
    if wrong is not None:
        raise Refused(f"Card {id_text(wrong.card_id)} in the backup is not what its events add up to.")
    _, odd = goodwill_sums.verify(connection)
    if odd is not None:
        raise Refused(f"The backup does not hold together: {odd}.")


def _pieces(archive: zipfile.ZipFile, table: str) -> Iterator[bytes]:
    with archive.open(_part_name(table)) as part:
        while piece := part.read(_PIECE):
            yield piece


def _part_name(table: str) -> str:
    return f"tables/{table}"


def _key_check(keys: Keys, epoch: str) -> str:
    return keys.lookup("backup", 0, epoch).hex()


def _remove(database: Path) -> None:
    for name in ("", "-wal", "-shm", "-journal", ".lock"):
        with suppress(FileNotFoundError):
            os.unlink(f"{database}{name}")


def _sync(path: Path) -> None:
    """Let a file's content, or a folder's names, be on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
