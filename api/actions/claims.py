"""A claim of what happened, and what became of it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from api.actions.standing import CardState
from api.ids import EARLIEST_MS, LATEST_MS
from api.keys import Keys, content_hash
from api.store.asides import AsideRow
from rules import codes
from rules.decide import Status


class Claim(NamedTuple):
    """What somebody says happened, or asks to let happen. card: a code; happened_at: ms since 1970, by their clock.

    raw: the claim as it came, kept word for word when it has to be set aside. clock_ahead: how many milliseconds their
    clock was ahead of ours, 0 while it was right enough. tier, item: which reward is handed over, and what was picked
    for it; with a stamp, what was bought. amount: what was paid, in the smallest unit, instead of a quantity of stamps.
    """

    id: bytes
    kind: str
    card: str
    quantity: int
    happened_at: int
    already_happened: bool
    staff: bytes | None
    order_ref: str | None
    ref: bytes | None
    reason: str | None
    raw: Mapping[str, Any]
    clock_ahead: int = 0
    tier: int | None = None
    item: str | None = None
    amount: int | None = None

    @property
    def at(self) -> int:
        """When it happened by our clock, ms since 1970."""
        return min(max(EARLIEST_MS, self.happened_at - self.clock_ahead), LATEST_MS)

    @property
    def content(self) -> bytes:
        """What makes it the same claim: all but whether it is asked or told."""
        newer: tuple[object, ...] = (self.tier, self.item, self.amount)
        if newer == (None, None, None):
            newer = ()  # the hash as it was before there were any of these: what is sent again must be known
        return content_hash(
            self.kind, codes.fold(self.card), self.quantity, self.happened_at, self.order_ref, self.ref, self.reason,
            *newer,
        )  # fmt: skip


class Result(NamedTuple):
    """What became of a claim. why: data for one sentence; first: what the first answer was, for a duplicate."""

    id: bytes
    status: Status
    reason: str | None
    why: dict[str, Any]
    card: CardState | None
    first: str | None = None


def sealed(claim: Claim, keys: Keys) -> bytes:
    """A claim to be kept: as it was read, and word for word. Sealed: the database must not give a card's code away."""
    values = claim._asdict()
    del values["raw"]
    plain = {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}
    return keys.seal(orjson.dumps({"raw": claim.raw, "claim": plain}))


def read_kept(aside: AsideRow, keys: Keys) -> Claim | None:
    """A kept claim, read again from its own words; None when it never was readable."""
    raw = orjson.loads(keys.unseal(aside.claim))
    kept = raw.get("claim") if isinstance(raw, dict) else None
    if kept is None:
        return None
    as_bytes = {name: bytes.fromhex(kept[name]) if kept[name] else None for name in ("id", "staff", "ref")}
    return Claim(**(kept | as_bytes | {"raw": raw["raw"]}))
