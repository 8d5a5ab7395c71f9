"""The database: one engine, one way to write (`write`), one way to read (`reading`), and statements compiled once.

On SQLite one thread writes. It takes every action that waits, runs each inside a savepoint, commits once for all of
them, and only then answers. On PostgreSQL each action is a transaction of its own, and the server groups commits.
"""

import queue
import sqlite3
import threading
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from psycopg.errors import error_from_result
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import ClauseElement

from api import presence
from api.settings import Settings

T = TypeVar("T")
Action = Callable[[Connection], T]

# How many requests one COMMIT may answer: more than there are threads.
MOST_PER_COMMIT = 512
# What PostgreSQL calls two transactions that got in each other's way.
MET = ("40001", "40P01")
# How many connections to PostgreSQL a process holds, and how long a request waits for one.
MOST_CONNECTIONS = 32
LONGEST_WAIT_SECONDS = 2


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


class Busy(Exception):
    """The database cannot take this now (full, read-only, locked, away); nothing was written."""


def engine_options(settings: Settings) -> dict[str, Any]:
    """What Flask-SQLAlchemy passes to the engine: the driver, and how its connections behave."""
    if settings.on_sqlite:
        return {"module": _sqlite_module(), "isolation_level": "AUTOCOMMIT", "pool_size": 4, "max_overflow": -1}
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


class Statement:
    """A Core statement compiled once per dialect and run straight on the driver's cursor: a quarter of the cost.

    Columns and values pass as the driver has them: int, str, bytes, None.
    """

    def __init__(self, core: ClauseElement) -> None:
        self._core = core
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def all(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run it and return every row."""
        cursor = self._run(connection, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def one(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """Run it and return the first row, or None."""
        cursor = self._run(connection, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    def run(self, connection: Connection, **values: Any) -> int:
        """Run it and return how many rows it changed."""
        count: int = self._run(connection, values).rowcount
        return count

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        sql, order, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        if fixed:
            values = fixed | values
        raw: Any = connection.connection.dbapi_connection
        try:
            if order is not None:
                return raw.execute(sql, [values[name] for name in order])
            cursor = connection.info.get("cursor")  # its answer is always read before the next statement
            if cursor is None:
                cursor = connection.info["cursor"] = raw.cursor()
            return cursor.execute(sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _wrapped(error, sql, connection.dialect) from error

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        compiled = self._core.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        order = tuple(compiled.positiontup) if compiled.positional else None
        fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        self._compiled[dialect.name] = (compiled.string, order, fixed)
        return self._compiled[dialect.name]


class Database(ABC):
    """What both databases can do."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Handed from thread to thread; the last one put back is taken first: it has its statements compiled, its
        # pages in memory. SQLAlchemy's pool tidies up at each return, which costs a stamp a tenth.
        self._idle: list[Connection] = []

    @abstractmethod
    def write(self, action: Action[T]) -> T:
        """See `write` of the module."""

    def write_each(self, actions: Sequence[Action[T]]) -> list[T]:
        """See `write_each` of the module."""
        return [self.write(action) for action in actions]

    @abstractmethod
    def reading(self) -> Any:
        """See `reading` of the module."""

    def in_turn(self) -> Any:
        """See `in_turn` of the module."""
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


class Turn:
    """One thread at a time. For the short, frequent requests on SQLite, and for the writer while it runs a batch.

    SQLite lets go of the interpreter at every step, and another thread takes it; waking threads costs more than a
    stamp. Those that take turns find nobody waiting when they come back from a step. Who has to wait for the writer
    gives the turn up; what is left to do then is too little to queue for it again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder = 0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self.give_up()

    def give_up(self) -> None:
        """Let the next one in, if it is this thread's turn."""
        if self._holder == threading.get_ident():
            self._holder = 0
            self._lock.release()


class _Job:
    """One action on its way through the writer thread, and what came of it."""

    __slots__ = ("action", "answer", "error")

    def __init__(self, action: Action[Any]) -> None:
        self.action = action
        self.answer: Any = None
        self.error: BaseException | None = None


class _Order:
    """The jobs somebody waits for together: a lock that opens when all have their answers."""

    __slots__ = ("done", "jobs")

    def __init__(self, actions: Sequence[Action[Any]]) -> None:
        self.jobs = [_Job(action) for action in actions]
        self.done = threading.Lock()
        self.done.acquire()

    def wait(self) -> list[Any]:
        self.done.acquire()
        for job in self.jobs:
            if job.error is not None:
                raise job.error
        return [job.answer for job in self.jobs]


class SqliteDatabase(Database):
    """SQLite: a few connections for reading, handed from thread to thread; all writing in one thread."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.lock = presence.LockFile(Path(engine.url.database or "tenth.db"))
        event.listen(engine, "connect", self._prepare)
        self._turn = Turn()
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        return self._orders.qsize()

    def write(self, action: Action[T]) -> T:
        return self.write_each([action])[0]

    def write_each(self, actions: Sequence[Action[T]]) -> list[T]:
        if self._writer is None:
            self._start()
        order = _Order(actions)
        self._orders.put(order)
        self._turn.give_up()  # the writer needs it
        return order.wait()

    def in_turn(self) -> Turn:
        return self._turn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        connection = self._take()
        try:
            yield connection
        except DBAPIError as error:
            if _is_away(error):
                raise Busy(str(error)) from error
            raise
        finally:
            self._idle.append(connection)

    def close(self) -> None:
        if self._writer is not None:
            self._orders.put(None)
            self._writer.join()
            self._writer = None
        while self._idle:
            self._idle.pop().close()
        with suppress(DBAPIError), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the one file holds everything
        super().close()
        self.lock.leave()

    def _prepare(self, raw: Any, _record: object) -> None:
        self.lock.sign_in()
        _prepare_sqlite(raw)

    def _start(self) -> None:
        # Started by the first write rather than at import: a forked server process then has a thread of its own.
        with self._starting:
            if self._writer is None:
                self._writer = threading.Thread(target=self._work, name="writer", daemon=True)
                self._writer.start()

    def _work(self) -> None:
        connection: Connection | None = None
        going_on = True
        while going_on:
            taken = [self._orders.get()]
            while len(taken) < MOST_PER_COMMIT and not self._orders.empty():
                taken.append(self._orders.get())
            going_on = None not in taken
            orders = [order for order in taken if order is not None]
            jobs = [job for order in orders for job in order.jobs]
            try:
                connection = connection or self.engine.connect()
                _commit_together(connection, jobs, self._turn)
            except BaseException as error:  # whatever it was, none of this is on disk
                connection = _undone(connection)
                for job in jobs:
                    job.error = Busy(str(error))
            finally:
                for order in orders:
                    order.done.release()
        if connection is not None:
            connection.close()


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
                if _is_away(error):
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


def _commit_together(connection: Connection, jobs: list[_Job], turn: Turn) -> None:
    """Run the jobs one after another and commit. Raises whatever keeps all of them from being written.

    When one fails, everything is undone and run again with a savepoint around each, so that only that one is left
    out. Savepoints at once would cost every stamp two statements more.
    """
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN IMMEDIATE")  # outside of the try: who has waited for a lock in vain does not wait again
    try:
        with turn:
            for job in jobs:
                job.answer = job.action(connection)
    except Exception:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
        connection.info.clear()  # what was remembered may have been undone
        raw.execute("BEGIN IMMEDIATE")
        for job in jobs:
            _run_apart(connection, raw, job)
    raw.execute("COMMIT")


def _run_apart(connection: Connection, raw: Any, job: _Job) -> None:
    """Run one job inside a savepoint: if it fails, it alone leaves no trace."""
    raw.execute("SAVEPOINT one")
    try:
        job.answer = job.action(connection)
        raw.execute("RELEASE one")
    except Exception as error:
        job.error = error
        if _is_away(error):  # the disk is full, for one: nothing more can be written, so nothing is
            raise
        connection.info.clear()
        raw.execute("ROLLBACK TO one")
        raw.execute("RELEASE one")


def _undone(connection: Connection | None) -> Connection | None:
    """The connection with its transaction undone; None when it cannot do even that and a new one is needed."""
    if connection is None:
        return None
    connection.info.clear()
    raw: Any = connection.connection.dbapi_connection
    try:
        if raw.in_transaction:
            raw.execute("ROLLBACK")
    except Exception:
        connection.invalidate()
        connection.close()
        return None
    return connection


def _is_away(error: BaseException) -> bool:
    """Is it the database that cannot (full, locked, gone), rather than the action that is wrong?"""
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return isinstance(cause, psycopg.OperationalError) and cause.sqlstate not in MET
    return type(cause).__name__ == "OperationalError" and code & 0xFF != sqlite3.SQLITE_ERROR


def _prepare_sqlite(raw: Any) -> None:
    # The time-out comes first: switching to WAL may itself have to wait. One second: whoever comes while the writer
    # waits in vain waits out the rest and then a second of their own, so a till hears "not now" after two.
    for pragma in (
        "busy_timeout=1000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=4000",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _sqlite_module() -> Any:
    """The newest SQLite there is: the wheel's, or else Python's own, with a warning where that one has the WAL bug."""
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        module = sqlite3  # type: ignore[assignment]
    if module.sqlite_version_info < (3, 51, 3):
        warnings.warn(
            f"SQLite {module.sqlite_version} can lose a WAL write when a checkpoint resets it; "
            "install the pysqlite3 wheel or use PostgreSQL.",
            RuntimeWarning,
            stacklevel=2,
        )
    # Told how to pass bytes and None, the driver no longer looks for it at each value: a third of an insert's time.
    module.register_adapter(bytes, bytes)
    module.register_adapter(type(None), lambda none: none)
    return module


def _wrapped(error: BaseException, sql: str, dialect: Dialect) -> BaseException:
    """The driver's error as SQLAlchemy's, so that callers catch one kind."""
    dbapi: Any = dialect.loaded_dbapi
    for kind in (IntegrityError, OperationalError, ProgrammingError):
        if isinstance(error, getattr(dbapi, kind.__name__)):
            return kind(sql, {}, error)
    return DBAPIError(sql, {}, error)
