"""Which cards have changed lately, so that a till which asks for news is told of those alone."""

import threading
from collections import OrderedDict

# A busy host changes this many different cards in an hour or so; they take some 3 MB.
MOST_CARDS = 20_000


class Recent:
    """The cards that changed last, each with the moment (ms since 1970) at which this process heard of it."""

    def __init__(self, now: int, most: int = MOST_CARDS) -> None:
        self._since = now
        self._most = most
        self._heard: OrderedDict[bytes, int] = OrderedDict()
        self._lock = threading.Lock()

    def changed(self, card_id: bytes, now: int) -> None:
        """This card has changed, and the change is on disk."""
        with self._lock:
            self._heard[card_id] = now
            self._heard.move_to_end(card_id)
            if len(self._heard) > self._most:
                self._since = self._heard.popitem(last=False)[1] + 1

    def anew(self, now: int) -> None:
        """Whatever changed before now may have gone unheard."""
        with self._lock:
            self._since = now
            self._heard.clear()

    def after(self, at: int, most: int) -> list[bytes] | None:
        """The cards that changed at this moment or later; None when they are not known, or are more than `most`."""
        found: list[bytes] = []
        with self._lock:
            if at < self._since:
                return None
            for card_id in reversed(self._heard):
                if self._heard[card_id] < at:
                    break
                if len(found) == most:
                    return None
                found.append(card_id)
        return found
