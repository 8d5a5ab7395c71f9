"""Who is asking: owners and tills by cookie, customers and software by bearer secret; only hashes are looked up."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.actions.callers import Caller
from api.keys import Keys, business_of
from api.store import cards as cards_store
from api.store import people as people_store
from api.store import shops as shops_store
from rules import codes

OWNER_COOKIE = "__Host-owner"
TILL_COOKIE = "__Host-till"
SESSION_DAYS = 30
# How long a till is believed without looking again; a revoked one is noticed in the write itself, at once.
TILL_MEMORY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. kind: owner, till, customer, software or anyone."""

    kind: str
    caller: Caller
    id: bytes = b""
    secret_hash: bytes = b""
    csrf: str = ""
    revoked: bool = False
    row: Any = None

    @property
    def business_id(self) -> int:
        """The business whoever asks belongs to."""
        return self.caller.business_id


ANYONE = Principal("anyone", Caller(0, "customer"))


class Tills:
    """Tills by their cookie, remembered for a moment so that a stamp costs no look-up of its own."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Principal]] = {}
        self._times_forgotten = 0
        self._lock = threading.Lock()

    def known(self, cookie: str) -> Principal | None:
        """The till with this cookie, if it was looked up just now."""
        known = self._known.get(cookie)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def find(self, connection: Connection, keys: Keys, cookie: str) -> Principal | None:
        """The till with this cookie, revoked ones included."""
        business_id = business_of(cookie)
        if business_id is None:
            return None
        secret_hash = keys.lookup("till", business_id, cookie)
        times_forgotten = self._times_forgotten
        row = shops_store.till_by_secret(connection, business_id, secret_hash)
        if row is None:
            return None
        caller = Caller(business_id, "till", row.name, row.id, row.name, row.shop_id, row.shop_name)
        csrf, revoked = keys.csrf(secret_hash), row.revoked_at is not None
        principal = Principal("till", caller, row.id, secret_hash, csrf, revoked, row)
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            if times_forgotten == self._times_forgotten:  # else what was read may be older than the change
                self._known[cookie] = (time.monotonic() + TILL_MEMORY_SECONDS, principal)
        return principal

    def forget(self) -> None:
        """Look everything up again: a till was paired, renamed or revoked."""
        with self._lock:
            self._times_forgotten += 1
            self._known.clear()


def owner_by_cookie(connection: Connection, keys: Keys, cookie: str, now: int) -> Principal | None:
    """The owner signed in with this cookie."""
    business_id = business_of(cookie)
    if business_id is None:
        return None
    secret_hash = keys.lookup("session", business_id, cookie)
    row = people_store.owner_by_session(connection, business_id, secret_hash, now)
    if row is None:
        return None
    caller = Caller(business_id, "owner", row.name)
    return Principal("owner", caller, row.id, secret_hash, keys.csrf(secret_hash), row=row)


def software_by_key(connection: Connection, keys: Keys, secret: str) -> Principal | None:
    """The software with this API key."""
    business_id = business_of(secret)
    if business_id is None:
        return None
    row = people_store.software_by_secret(connection, business_id, keys.lookup("api-key", business_id, secret))
    return None if row is None else Principal("software", Caller(business_id, "software", row.name), row.id, row=row)


def customer_by_key(connection: Connection, keys: Keys, code: str, secret: str) -> Principal | None:
    """The customer who holds the private link of the card with this code."""
    parts = codes.split_long(code)
    if parts is None:
        return None
    code_hash = keys.lookup("card", parts[1], parts[0])
    card_id = cards_store.card_by_key(connection, parts[1], code_hash, keys.lookup("card-key", parts[1], secret))
    return None if card_id is None else Principal("customer", Caller(parts[1], "customer"), card_id)
