"""The database: one engine, one way to write (`write`), one way to read (`reading`), and statements compiled once."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from api import presence
from api.db.database import Action, Busy, Database, T
from api.db.postgres import MOST_CONNECTIONS, PostgresDatabase
from api.db.sqlite import SqliteDatabase, sqlite_module
from api.db.statement import Statement
from api.settings import Settings

__all__ = ["MOST_CONNECTIONS", "Base", "Busy", "Database", "PostgresDatabase", "SqliteDatabase", "Statement", "db"]


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)


def engine_options(settings: Settings) -> dict[str, Any]:
    """What Flask-SQLAlchemy passes to the engine: the driver, and how its connections behave."""
    if settings.on_sqlite:
        return {"module": sqlite_module(), "isolation_level": "AUTOCOMMIT", "pool_size": 4, "max_overflow": -1}
    held = "-c synchronous_commit=on -c lock_timeout=2000 -c statement_timeout=30000"
    return {
        "isolation_level": "AUTOCOMMIT",
        "max_overflow": -1,
        "connect_args": {"options": held, "prepare_threshold": 1, "connect_timeout": 5},
    }


def connect(engine: Engine) -> "Database":
    """Prepare the engine's connections and, on SQLite, start the writer."""
    if engine.dialect.name == "sqlite":
        return SqliteDatabase(engine)
    event.listen(engine, "connect", lambda raw, _record: presence.sign_in(raw))
    return PostgresDatabase(engine)


def write(action: Action[T]) -> T:
    """Run one action as one transaction; returns its answer once it is on disk.

    Raises whatever the action raises (then nothing was written), or Busy when the database cannot write now.
    """
    return database().write(action)


def write_each(actions: Sequence[Action[T]]) -> list[T]:
    """Run several actions, each a transaction of its own, in order; on SQLite they share commits."""
    return database().write_each(actions)


def reading() -> Any:
    """A connection for reading: `with db.reading() as connection`. Each statement sees the latest commit."""
    return database().reading()


def in_turn() -> Any:
    """For a short, frequent request, once its body is there: `with db.in_turn()`. Nothing slow may happen inside."""
    return database().in_turn()


def database() -> "Database":
    """The database of the running service."""
    found: Database = current_app.extensions["tenth.database"]
    return found
