"""Long reckonings beside the service: one at a time, with how far they are; whoever stops asking ends theirs."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("tenth.analyses")

# A page that is open asks every second or two; one that was closed never says so.
FORGOTTEN_SECONDS = 15
# Whoever comes back to a page soon need not wait again.
KEPT_SECONDS = 30


class Cancelled(Exception):
    """Nobody waits for it any more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: so many cards of so many have been read; when all have, it reckons. None: it has not begun."""

    done: int | None
    of: int | None


Key = tuple[object, ...]
Tell = Callable[[int, int], None]
Work = Callable[[Tell], bytes]


@dataclass(slots=True)
class _Job:
    work: Work
    ended: threading.Event = field(default_factory=threading.Event)
    progress: Progress = Progress(None, None)
    asked_at: float = 0.0
    ended_at: float = 0.0
    cancelled: bool = False
    answer: bytes | None = None
    error: BaseException | None = None

    def tell(self, done: int, of: int) -> None:
        """Note how far it is. Raises Cancelled."""
        self.progress = Progress(done, of)
        if self.cancelled or time.monotonic() - self.asked_at > FORGOTTEN_SECONDS:
            raise Cancelled


class Analyses:
    """The reckonings of this process, by what was asked."""

    def __init__(self) -> None:
        self._jobs: dict[Key, _Job] = {}
        self._lock = threading.Lock()
        # Each takes a processor and much memory; a second one at the same time would only take both from the tills.
        self._turn = threading.Lock()

    def ask(self, key: Key, work: Work, *, patience: float) -> bytes | Progress:
        """The answer to this question, begun if nobody has asked it yet; how far it is if that takes over `patience`.

        patience: in seconds. `work` calls what it is given with (cards read, of so many) now and then. Raises whatever
        `work` raised.
        """
        with self._lock:
            self._tidy()
            job = self._jobs.get(key)
            is_new = job is None
            if job is None:
                job = self._jobs[key] = _Job(work)
            job.asked_at = time.monotonic()
            if is_new:
                threading.Thread(target=self._run, args=(job,), name="analysis", daemon=True).start()
        if not job.ended.wait(patience):
            return job.progress
        if job.error is not None:
            self.cancel(*key)
            raise job.error
        assert job.answer is not None  # noqa: S101 -- it ended without an error
        return job.answer

    def cancel(self, *beginning: object) -> None:
        """Nobody needs the answers to questions whose keys begin so."""
        with self._lock:
            for key in [key for key in self._jobs if key[: len(beginning)] == beginning]:
                self._jobs.pop(key).cancelled = True

    def _run(self, job: _Job) -> None:
        try:
            with self._turn:
                job.tell(0, 0)
                job.answer = job.work(job.tell)
        except BaseException as error:
            job.error = error
            if not isinstance(error, Cancelled):
                log.exception("an analysis failed")
        finally:
            job.ended_at = time.monotonic()
            job.ended.set()

    def _tidy(self) -> None:
        """Let go of what nobody asked for since."""
        now = time.monotonic()
        for key, job in list(self._jobs.items()):
            is_old = job.ended.is_set() and now - job.ended_at > KEPT_SECONDS
            if is_old or isinstance(job.error, Cancelled):
                del self._jobs[key]
