"""Keys for other software: made once, shown once, ended for good."""

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.keys import Keys, new_secret
from api.store import api_keys


def make(connection: Connection, business_id: int, *, name: str, keys: Keys, now: int) -> tuple[bytes, str]:
    """A new key: its id, and the key itself, which is kept nowhere."""
    key_id, secret = new_id(now), new_secret(business_id)
    secret_hash = keys.lookup("api-key", business_id, secret)
    api_keys.add(connection, business_id, id=key_id, name=name, secret_hash=secret_hash, created_at=now)
    return key_id, secret


def end(connection: Connection, business_id: int, key_id: bytes, *, now: int) -> None:
    """Let a key work no more. Raises Problem not_found."""
    if not api_keys.end(connection, business_id, key_id, now):
        raise Problem("not_found")


def used(connection: Connection, business_id: int, key_id: bytes, *, now: int) -> None:
    """Note that a key is in use, so that an owner does not end one that is needed."""
    api_keys.used(connection, business_id, key_id, now)
