"""SQLite: one thread writes.

It takes every action that waits, runs them all, commits once, and only then answers.
"""

import queue
import sqlite3
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from api import presence
from api.db.database import Action, Busy, Database, T, is_away

# How many requests one COMMIT may answer: more than there are threads.
MOST_PER_COMMIT = 512


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

    def in_turn(self) -> "Turn":
        return self._turn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        connection = self._take()
        try:
            yield connection
        except DBAPIError as error:
            if is_away(error):
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
        if is_away(error):  # the disk is full, for one: nothing more can be written, so nothing is
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


def sqlite_module() -> Any:
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
