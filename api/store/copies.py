"""Whole tables as text, the same from both databases: each row a line in the text format of PostgreSQL's COPY.

Between values stands a tab, NULL is \\N, bytes are hexadecimal, and backslash, tab and line ends within a text are
written with a backslash. The format: postgresql.org/docs/current/sql-copy.html.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Boolean, Connection, Integer, LargeBinary, Text, inspect

VERSION_TABLE = "alembic_version"
_ROWS_AT_ONCE = 2000
_KINDS = {Boolean: "flag", Integer: "number", LargeBinary: "bytes", Text: "text"}
# How SQLite itself writes a value that is not NULL.
_WRITTEN = {
    "number": "{0}",
    "flag": "CASE WHEN {0} THEN 't' ELSE 'f' END",
    "bytes": r"'\\x' || lower(hex({0}))",
    "text": r"replace(replace(replace(replace({0}, '\', '\\'), char(9), '\t'), char(10), '\n'), char(13), '\r')",
}
_UNWRITTEN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns, each with what it holds: number, flag, bytes or text."""

    name: str
    columns: dict[str, str]


def revision(connection: Connection) -> str | None:
    """The migration this database is at; None when it is at none."""
    if VERSION_TABLE not in inspect(connection).get_table_names():
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def is_of_others(connection: Connection) -> bool:
    """Are there tables, and none of them Tenth's?"""
    names = inspect(connection).get_table_names()
    return bool(names) and VERSION_TABLE not in names


def tables(connection: Connection) -> list[Table]:
    """Every table there is, whichever version of Tenth made it; those that others refer to come first."""
    catalogue = inspect(connection)
    names = [name for name, _ in catalogue.get_sorted_table_and_fkc_names() if name not in (None, VERSION_TABLE)]
    return [
        Table(name, {column["name"]: _kind(column["type"]) for column in catalogue.get_columns(name)})
        for name in names
        if name is not None
    ]


def _kind(type_: Any) -> str:
    found = next((kind for base, kind in _KINDS.items() if isinstance(type_, base)), None)
    if found is None:
        raise TypeError(f"a backup has no form for columns of type {type_!r}: give it one in _KINDS and _WRITTEN")
    return found


def begin_reading(connection: Connection) -> None:
    """From here to `end_reading` every table is seen as it was at one moment; nobody who writes waits for it."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL bytea_output = 'hex'")


def end_reading(connection: Connection) -> None:
    """See `begin_reading`."""
    connection.exec_driver_sql("ROLLBACK")


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row of a table, in pieces of whole lines."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        values = [_written(name, kind) for name, kind in table.columns.items()]
        rows = raw.execute(f'SELECT {" || char(9) || ".join(values)} FROM "{table.name}"')  # noqa: S608  (our own names)
        while some := rows.fetchmany(_ROWS_AT_ONCE):
            yield "".join([f"{line}\n" for (line,) in some]).encode()
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {_named(table)} TO STDOUT (ENCODING 'UTF8')") as copy:
        while some := b"".join(bytes(line) for line in islice(copy, _ROWS_AT_ONCE)):
            yield some


def _written(name: str, kind: str) -> str:
    return rf"""CASE WHEN "{name}" IS NULL THEN '\N' ELSE {_WRITTEN[kind].format(f'"{name}"')} END"""


def drop_everything(connection: Connection) -> None:
    """On PostgreSQL, as a part of the transaction: away with all tables and with what their triggers call."""
    names = [*inspect(connection).get_table_names()]
    called = connection.exec_driver_sql(
        "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    ).all()
    for name in names:
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    for (function,) in called:
        connection.exec_driver_sql(f"DROP FUNCTION {function}")


def empty(connection: Connection, those: list[Table]) -> None:
    """Delete what migrations have put into new tables."""
    for table in reversed(those):
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')  # noqa: S608


def load(connection: Connection, table: Table, pieces: Iterable[bytes]) -> None:
    """Put the rows that `lines` gave into an empty table, as a part of the transaction."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        names = ", ".join(f'"{name}"' for name in table.columns)
        marks = ", ".join("?" * len(table.columns))
        raw.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', _rows(table, pieces))  # noqa: S608
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {_named(table)} FROM STDIN (ENCODING 'UTF8')") as copy:
        for piece in pieces:
            copy.write(piece)


def _rows(table: Table, pieces: Iterable[bytes]) -> Iterator[list[Any]]:
    readers = [_READ[kind] for kind in table.columns.values()]
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            values = line.decode().split("\t")
            yield [None if v == r"\N" else read(v) for read, v in zip(readers, values, strict=True)]


def _text(written: str) -> str:
    return _ESCAPED.sub(lambda found: _UNWRITTEN.get(found[1], found[1]), written) if "\\" in written else written


_READ: dict[str, Callable[[str], Any]] = {
    "number": int,
    "flag": lambda written: written == "t",
    "bytes": lambda written: bytes.fromhex(written.removeprefix(r"\\x")),
    "text": _text,
}


def _named(table: Table) -> str:
    names = ", ".join(f'"{name}"' for name in table.columns)
    return f'"{table.name}" ({names})'


def damage(connection: Connection) -> str | None:
    """What is wrong with the database's own order; PostgreSQL has refused it while loading, SQLite is asked."""
    if connection.dialect.name != "sqlite":
        return None
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if found != "ok":
        return str(found)
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return None if lost is None else f"a row of {lost[0]} refers to a row of {lost[2]} that is not there"
