"""Tills: pairing, renaming, revoking, and who has signed on."""

from sqlalchemy import Connection

from api.actions.callers import Caller
from api.store import shops as shops_store


def seen(connection: Connection, *, caller: Caller, now: int) -> None:
    """A till has been heard from."""
    if caller.till_id is not None:
        shops_store.seen(connection, caller.business_id, caller.till_id, now)
