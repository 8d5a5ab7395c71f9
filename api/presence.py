"""Who has the database open says so, and who wants to replace it must be alone.

On SQLite the sign is a shared lock on a file beside the database, on PostgreSQL a shared advisory lock of each
connection. Both end with the process, however it ends.
"""

import fcntl
import os
from pathlib import Path
from typing import Any

from psycopg.errors import LockNotAvailable

# PostgreSQL's advisory locks have numbers.
NUMBER = int.from_bytes(b"tenth")


class InUse(Exception):
    """Something else has the database open."""


def sign_in(raw: Any) -> None:
    """Let a connection to PostgreSQL say that it is there. Waits while the database is being replaced."""
    raw.execute(f"SELECT pg_advisory_lock_shared({NUMBER})")
    raw.commit()


def be_alone(raw: Any) -> None:
    """Keep every other connection to PostgreSQL away until the transaction ends. Raises InUse.

    Waits as long as for any lock: PostgreSQL needs a moment to notice that a connection was closed.
    """
    try:
        raw.execute(f"SELECT pg_advisory_xact_lock({NUMBER})")
    except LockNotAvailable:
        raise InUse from None


class LockFile:
    """The lock of one SQLite database. Never the database file itself: closing that would drop SQLite's own locks."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.lock")
        self._handle: int | None = None

    def sign_in(self) -> None:
        """Say that this process has the database open. Waits while the database is being replaced."""
        if self._handle is None:
            self._handle = self._locked(fcntl.LOCK_SH)

    def be_alone(self) -> None:
        """Keep every other process away until `leave`. Raises InUse."""
        self.leave()
        try:
            self._handle = self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None

    def leave(self) -> None:
        """Let go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _locked(self, how: int) -> int:
        handle = os.open(self.path, os.O_RDONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, how)
        except BaseException:
            os.close(handle)
            raise
        return handle
