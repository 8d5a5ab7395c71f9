"""Live pages: whoever watches a card is woken when it changes, in this process and, on PostgreSQL, in all of them."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from api.recent import Recent

CHANNEL = "tenth_cards"
# Stands for all cards; no card has this id.
EVERY_CARD = b"every card, once"
# What changes within this time is told in one message: other processes' phones see it that much later.
GATHER_SECONDS = 0.05
# A NOTIFY carries at most 8,000 bytes; a card's id takes 33 of them.
MOST_PER_MESSAGE = 200


class TooManyStreams(Exception):
    """Every stream there may be is taken."""


class Live:
    """Who watches which card."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._watching: dict[bytes, set[queue.SimpleQueue[bool]]] = {}
        self._lock = threading.Lock()
        self._count = 0
        self.recent = Recent(_now_ms())
        self.closed = False
        self._relay: _Relay | None = None

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self._count

    def across_processes(self, address: str) -> None:
        """Tell the other processes on this PostgreSQL, and hear from them."""
        self._relay = _Relay(address, self._wake)

    @contextmanager
    def watch(self, card_id: bytes) -> Iterator[queue.SimpleQueue[bool]]:
        """A queue that gets True at each change of this card, and False when the service ends.

        Raises TooManyStreams when the limit is reached.
        """
        mine: queue.SimpleQueue[bool] = queue.SimpleQueue()
        with self._lock:
            if self._count >= self._most or self.closed:
                raise TooManyStreams
            self._count += 1
            self._watching.setdefault(card_id, set()).add(mine)
        try:
            yield mine
        finally:
            with self._lock:
                self._count -= 1
                watchers = self._watching.get(card_id, set())
                watchers.discard(mine)
                if not watchers:
                    self._watching.pop(card_id, None)

    def changed(self, card_id: bytes) -> None:
        """This card has changed and the change is on disk."""
        self._wake(card_id)
        if self._relay is not None:
            self._relay.tell(card_id)

    def all_changed(self) -> None:
        """A promise has changed: whoever watches any card looks again."""
        self.changed(EVERY_CARD)

    def close(self) -> None:
        """Let every stream end."""
        with self._lock:
            self.closed = True
            everyone = [mine for watchers in self._watching.values() for mine in watchers]
        for mine in everyone:
            mine.put(False)
        if self._relay is not None:
            self._relay.close()

    def _wake(self, card_id: bytes) -> None:
        if card_id == EVERY_CARD:
            self.recent.anew(_now_ms())
        else:
            self.recent.changed(card_id, _now_ms())
        if card_id in self._watching or card_id == EVERY_CARD:
            with self._lock:
                cards = list(self._watching) if card_id == EVERY_CARD else [card_id]
                watchers = [mine for card in cards for mine in self._watching.get(card, ())]
            for mine in watchers:
                mine.put(True)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class _Relay:
    """NOTIFY and LISTEN, each on a connection of its own: a NOTIFY inside a stamp's transaction would hold up all."""

    def __init__(self, address: str, wake: Any) -> None:
        self._address = address
        self._wake = wake
        self._ending = threading.Event()
        self._out: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._speaker, listener = (
            threading.Thread(target=target, name=f"live-{target.__name__}", daemon=True)
            for target in (self._speak, self._listen)
        )
        self._speaker.start()
        listener.start()

    def tell(self, card_id: bytes) -> None:
        self._out.put(card_id)

    def close(self) -> None:
        """Tell what is still to be told. Nobody waits for the listener, which may take a second to notice the end."""
        self._ending.set()
        self._out.put(None)
        self._speaker.join(timeout=2)

    def _speak(self) -> None:
        connection = None
        while (card_id := self._out.get()) is not None:
            self._ending.wait(GATHER_SECONDS)  # one message for each stamp would cost more than the stamps
            cards = {card_id}
            while len(cards) < MOST_PER_MESSAGE and not self._out.empty() and (card_id := self._out.get()) is not None:
                cards.add(card_id)
            for _ in range(2):  # the connection may have died since the last change: then a new one tells it
                try:
                    connection = connection or psycopg.connect(self._address, autocommit=True)
                    message = ",".join(card.hex() for card in cards)
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, message))
                    break
                except psycopg.Error:
                    connection = None
            if card_id is None:
                break
        if connection is not None:
            connection.close()

    def _listen(self) -> None:
        while not self._ending.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._wake(EVERY_CARD)  # what was told while nobody listened is seen now
                    while not self._ending.is_set():
                        for notice in connection.notifies(timeout=1.0):
                            for card in notice.payload.split(","):
                                self._wake(bytes.fromhex(card))
            except psycopg.Error:
                self._ending.wait(1.0)
