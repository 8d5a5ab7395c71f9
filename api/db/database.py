"""What SQLite and PostgreSQL have in common: connections kept at hand, and how each says that it cannot now."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Action = Callable[[Connection], T]

# What PostgreSQL calls two transactions that got in each other's way.
MET = ("40001", "40P01")


class Busy(Exception):
    """The database cannot take this now (full, read-only, locked, away); nothing was written."""


class Database(ABC):
    """What both databases can do."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Handed from thread to thread; the last one put back is taken first: it has its statements compiled, its
        # pages in memory. SQLAlchemy's pool tidies up at each return, which costs a stamp a tenth.
        self._idle: list[Connection] = []

    @abstractmethod
    def write(self, action: Action[T]) -> T:
        """See `api.db.write`."""

    def write_each(self, actions: Sequence[Action[T]]) -> list[T]:
        """See `api.db.write_each`."""
        return [self.write(action) for action in actions]

    @abstractmethod
    def reading(self) -> Any:
        """See `api.db.reading`."""

    def in_turn(self) -> Any:
        """See `api.db.in_turn`."""
        return nullcontext()

    @property
    def waiting(self) -> int:
        """How many requests wait in this process for their writes."""
        return 0

    def close(self) -> None:
        """Finish what was taken on and let go of every connection."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    def _take(self) -> Connection:
        """A connection nobody uses. Raises Busy when there can be none."""
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self.engine.connect()
        except DBAPIError as error:
            raise Busy(str(error)) from error


def is_away(error: BaseException) -> bool:
    """Is it the database that cannot (full, locked, gone), rather than the action that is wrong?"""
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return isinstance(cause, psycopg.OperationalError) and cause.sqlstate not in MET
    return type(cause).__name__ == "OperationalError" and code & 0xFF != sqlite3.SQLITE_ERROR
