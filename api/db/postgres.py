"""PostgreSQL: each action is a transaction of its own, and the server groups commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.errors import error_from_result
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from api.db.database import MET, Action, Busy, Database, T, is_away

# How many connections to PostgreSQL a process holds, and how long a request waits for one.
MOST_CONNECTIONS = 32
LONGEST_WAIT_SECONDS = 2


class PostgresDatabase(Database):
    """PostgreSQL: a transaction for each action, and a second try when two of them met."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def write(self, action: Action[T]) -> T:
        for attempt in (1, 2, 3):
            try:
                with self.reading() as connection:
                    return _in_transaction(connection, action)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if attempt < 3 and state in ("23505", *MET):
                    continue  # two writers of one key, or a deadlock: the second try sees what the first one did
                if state in MET:
                    raise Busy(str(error.orig)) from error
                raise
        raise AssertionError("unreachable")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        if not self._places.acquire(timeout=LONGEST_WAIT_SECONDS):
            raise Busy(f"all {MOST_CONNECTIONS} connections to PostgreSQL are in use")
        try:
            connection = self._take()
            try:
                yield connection
            except Exception as error:
                if connection.connection.dbapi_connection.closed:
                    connection.invalidate()
                    self._forget()
                if is_away(error):
                    raise Busy(str(error)) from error
                raise
            finally:
                self._put_back(connection)
        finally:
            self._places.release()

    def _put_back(self, connection: Connection) -> None:
        if connection.invalidated:
            connection.close()
        else:
            self._idle.append(connection)

    def _forget(self) -> None:
        """The server went away: the connections nobody uses are as dead."""
        while self._idle:
            idle = self._idle.pop()
            idle.invalidate()
            idle.close()


def _in_transaction(connection: Connection, action: Action[T]) -> T:
    raw: Any = connection.connection.dbapi_connection
    try:
        _command(raw, b"BEGIN")
        answer = action(connection)
        _command(raw, b"COMMIT")
        return answer
    except BaseException:
        if not raw.closed and raw.pgconn.transaction_status != TransactionStatus.IDLE:
            _command(raw, b"ROLLBACK")
        if not connection.invalidated:
            connection.info.clear()  # what was remembered may have been undone
        raise


def _command(raw: Any, command: bytes) -> None:
    """BEGIN, COMMIT or ROLLBACK, straight to libpq: psycopg's own way around it costs as much as a statement."""
    result = raw.pgconn.exec_(command)
    if result.command_status == command:
        return
    error = error_from_result(result, raw.info.encoding)
    if error.sqlstate is not None:
        raise DBAPIError(command.decode(), {}, error)
    raise Busy(f"{command.decode()} was not done: {error}")  # the server is away, or there was nothing left to commit
