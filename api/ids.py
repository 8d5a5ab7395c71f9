"""Ids and moments: UUIDv7 as 16 bytes inside and as text outside, milliseconds inside and RFC 3339 outside."""

import hashlib
import os
import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from pydantic_core import PydanticCustomError

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- all moments are UTC; without a zone the text is made faster
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# The moments there are, 1971 to 9998: every one of them can be written down in every time zone.
EARLIEST_MS, LATEST_MS = 31_536_000_000, 253_370_764_799_999


def now_ms() -> int:
    """This moment in milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def new_id(at: int | None = None) -> bytes:
    """A new UUIDv7 (RFC 9562, section 5.7), in order of the moment it names: `at` in ms, by default now."""
    stamp = (now_ms() if at is None else at) & 0xFFFF_FFFF_FFFF
    tail = int.from_bytes(os.urandom(10), "big")
    high = (stamp << 16) | 0x7000 | (tail >> 62 & 0x0FFF)
    low = 0x8000_0000_0000_0000 | tail & 0x3FFF_FFFF_FFFF_FFFF
    return high.to_bytes(8, "big") + low.to_bytes(8, "big")


def id_floor(at: int) -> bytes:
    """The lowest id that names this moment: where a range of ids by time begins."""
    return at.to_bytes(6, "big") + b"\x70" + bytes(9)


def id_text(id: bytes) -> str:
    """An id as a UUID is written."""
    h = id.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def read_id(text: object) -> bytes:
    """An id from its text. Raises PydanticCustomError (a ValueError) for anything else."""
    if isinstance(text, bytes) and len(text) == 16:
        return text
    if isinstance(text, str) and len(text) == 36:
        try:
            id = bytes.fromhex(text.replace("-", ""))
        except ValueError:
            id = b""
        if len(id) == 16 and id_text(id) == text.lower():
            return id
    raise PydanticCustomError("uuid", "must be a UUID like 01930a5e-7c4b-7d2a-9f3e-5b6c7d8e9f0a")


def moment_text(at: int) -> str:
    """A moment as RFC 3339 with milliseconds."""
    second, millisecond = divmod(at, 1000)
    return f"{_second_text(second)}.{millisecond:03}Z"


@lru_cache(4096)
def _second_text(second: int) -> str:
    # Remembered: what is told together happened together.
    return (_EPOCH + timedelta(seconds=second)).isoformat()


def read_moment(text: object) -> int:
    """Milliseconds since 1970 from RFC 3339 text with a zone. Raises PydanticCustomError for anything else."""
    if isinstance(text, str) and 19 < len(text) <= 40:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None:
            moment = (at - _EPOCH_UTC) // _MILLISECOND
            if EARLIEST_MS <= moment <= LATEST_MS:
                return moment
    raise PydanticCustomError("moment", "must be a time like 2026-11-21T12:41:03.123Z")


def derived_id(first: bytes, *others: bytes) -> bytes:
    """The one id that follows from these: it names the moment that the first does; the rest is a hash of them all."""
    tail = hashlib.blake2b(first + b"".join(others), digest_size=10).digest()
    return first[:6] + bytes([0x70 | tail[0] & 0x0F, tail[1], 0x80 | tail[2] & 0x3F]) + tail[3:]
