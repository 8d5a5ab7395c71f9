"""What the serving process does by itself: notices, what is due to run out, birthdays, new terms, watch, close down."""

import atexit
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial

from flask import Flask

from api.actions import housekeeping, watch
from api.ids import now_ms

DAY_SECONDS = 86_400
# Soon enough to ask whoever is still at the till, seldom enough to cost nothing.
WATCH_SECONDS = 60
# Every local midnight is met within the hour, and none is missed.
BIRTHDAY_SECONDS = 3600
# Terms that were announced for nine should hold for the first customer after nine.
SCHEDULE_SECONDS = 30


def start(app: Flask) -> None:
    """Begin, and see to it that the end is orderly: streams close, the last writes are committed."""
    app.extensions["tenth.sender"].start()
    ending = threading.Event()
    tasks = (
        ("daily", DAY_SECONDS, partial(_let_run_out, app)),
        ("watch", WATCH_SECONDS, _Watch().look),
        ("birthdays", BIRTHDAY_SECONDS, partial(_celebrate, app)),
        ("schedule", SCHEDULE_SECONDS, partial(_put_in_force, app)),
    )
    for name, seconds, task in tasks:
        threading.Thread(target=_again, args=(app, ending, seconds, task), name=name, daemon=True).start()

    def close() -> None:
        ending.set()
        app.extensions["tenth.live"].close()
        app.extensions["tenth.sender"].close()
        app.extensions["tenth.database"].close()

    atexit.register(close)
    _on_signal(app.extensions["tenth.live"].close)


def _on_signal(end_streams: Callable[[], None]) -> None:
    """End the streams as soon as a signal asks us to stop: the server waits for open answers, and they never end.

    The server sets signal handlers of its own later; the wake-up descriptor hears of signals all the same.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    # Both ends stay open to the end: a second signal may follow the first.
    signal.set_wakeup_fd(told.detach(), warn_on_full_buffer=False)

    def wait() -> None:
        while heard.recv(1):
            end_streams()

    threading.Thread(target=wait, name="signals", daemon=True).start()


def _again(app: Flask, ending: threading.Event, seconds: int, task: Callable[[], object]) -> None:
    """Do a task now and every so many seconds; what fails is tried again the next time."""
    with app.app_context():
        while not ending.is_set():
            try:
                task()
            except Exception:
                app.logger.exception("%s: tried again in %d s", threading.current_thread().name, seconds)
            ending.wait(seconds)


def _let_run_out(app: Flask) -> None:
    if housekeeping.expire_due(now=now_ms()):
        app.extensions["tenth.live"].all_changed()


def _celebrate(app: Flask) -> None:
    for card_id in housekeeping.celebrate_birthdays(now=now_ms()):
        app.extensions["tenth.live"].changed(card_id)


def _put_in_force(app: Flask) -> None:
    if housekeeping.put_in_force(now=now_ms()):
        app.extensions["tenth.live"].all_changed()


class _Watch:
    """Remembers how far it has looked; a process that has just started takes a long look, and so does every day."""

    def __init__(self) -> None:
        self._looked_at = self._looked_back_at = 0

    def look(self) -> None:
        now = now_ms()
        if now - self._looked_back_at >= DAY_SECONDS * 1000:
            watch.look_back(now=now)
            self._looked_back_at = now
        else:
            watch.look(now=now, looked_at=self._looked_at)
        self._looked_at = now
