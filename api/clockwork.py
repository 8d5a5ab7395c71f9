"""What the serving process does by itself: deliver notices, let run out what is due, and close down in good order."""

import atexit
import signal
import socket
import threading
from collections.abc import Callable

from flask import Flask

from api.actions import housekeeping
from api.ids import now_ms

DAY_SECONDS = 86_400


def start(app: Flask) -> None:
    """Begin, and see to it that the end is orderly: streams close, the last writes are committed."""
    app.extensions["tenth.sender"].start()
    ending = threading.Event()
    threading.Thread(target=_daily, args=(app, ending), name="daily", daemon=True).start()

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


def _daily(app: Flask, ending: threading.Event) -> None:
    with app.app_context():
        while not ending.is_set():
            try:
                housekeeping.expire_due(now=now_ms())
            except Exception:
                app.logger.exception("what is due could not run out; it is tried again tomorrow")
            ending.wait(DAY_SECONDS)
