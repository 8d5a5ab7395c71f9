"""Answers given to requests with an Idempotency-Key: kept for ever, sealed with the server key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from api.db import Statement
from api.errors import Problem
from api.keys import Keys
from api.shapes import json_bytes
from api.tables.businesses import Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """Which request: whose, its key, and a hash of what it asks."""

    business_id: int
    caller: str
    key: str
    request_hash: bytes
    now: int
    keys: Keys


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is sent. again: it was given before."""

    body: bytes
    status: int
    again: bool


_FIND = Statement(
    select(Answer.request_hash, Answer.status, Answer.body).where(
        Answer.business_id == bindparam("business_id"),
        Answer.caller == bindparam("caller"),
        Answer.key == bindparam("key"),
    )
)
_KEEP = Statement(
    insert(Answer).values(
        {
            name: bindparam(name)
            for name in ("business_id", "caller", "key", "request_hash", "status", "body", "created_at")
        }
    )
)


def once(action: Callable[[Connection], Any], asked: Asked, *, status: int) -> Callable[[Connection], Kept]:
    """The action, run only if this request was not answered before. It may return its answer with a status of its own.

    Raises Problem idempotency_key_reused when the key was used for something else.
    """

    def run(connection: Connection) -> Kept:
        place = {"business_id": asked.business_id, "caller": asked.caller, "key": asked.key}
        row = _FIND.one(connection, **place)
        if row is not None:
            if row[0] != asked.request_hash:
                raise Problem("idempotency_key_reused", pointer="Idempotency-Key", value=asked.key)
            return Kept(asked.keys.unseal(row[2]), row[1], again=True)
        answer = action(connection)
        data, told = answer if isinstance(answer, tuple) else (answer, status)
        body = json_bytes(data)
        sealed = asked.keys.seal(body)
        _KEEP.run(connection, **place, request_hash=asked.request_hash, status=told, body=sealed, created_at=asked.now)
        return Kept(body, told, again=False)

    return run
