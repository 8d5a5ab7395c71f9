"""Small ledgers as columns, line by line, for the tests of what the numbers say."""

from dataclasses import dataclass

import numpy as np

from insight.columns import KINDS, MAIN, Cards, Columns, Events, Item, Programme, Promise, Reward

DAY = 86_400_000
HOUR = 3_600_000
# A Monday at midnight, UTC.
START = 1_767_571_200_000


@dataclass(frozen=True)
class Line:
    """One line. at: ms after START. undoes: which of the lines before it. amount: on a card that counts money."""

    card: int
    kind: str
    stamps: int = 0
    rewards: int = 0
    at: int = 0
    version: int = 1
    shop: int = 0
    undoes: int = -1
    tier: int = MAIN
    item: str | None = None
    amount: int | None = None


def stamp(card, day, stamps=1, *, hour=12, **more):
    """Somebody comes on this day and is stamped."""
    return Line(card, "stamp", stamps, at=day * DAY + hour * HOUR, **more)


def redeem(card, day, *, hour=12, **more):
    """Somebody takes a reward on this day."""
    return Line(card, "redeem", rewards=-1, at=day * DAY + hour * HOUR, **more)


def promise(version=1, needed=10, *, cost=240, price=690, day=0, welcome=0, keeps_better=True, **more):
    """One version of a programme."""
    return Promise(
        version, needed, cost, price, START + day * DAY, welcome, keeps_better, **{"reward": "a sandwich"} | more
    )


def tier(key, at, *items, once=False):
    """A reward on the way: a coffee that costs 60 and sells at 300, if nothing else is said."""
    return Reward(key, at, items or (Item("a coffee", 60, 300),), once)


def ledger(*lines, cards=None, promises=None, made=None, shops=None, zone="UTC"):
    """These lines as columns. made: ms after START when each card was made; shops: where, -1 for a printed sheet."""
    size = cards or max((line.card for line in lines), default=-1) + 1
    whole = Cards(
        np.zeros(size, np.int16),
        np.array(shops or [0] * size, np.int16),
        np.ones(size, np.int16),
        START + np.array(made or [0] * size, np.int64),
    )
    items = sorted({line.item for line in lines if line.item is not None})
    events = Events(
        np.array([line.card for line in lines], np.int32),
        np.array([KINDS.index(line.kind) for line in lines], np.uint8),
        np.array([line.stamps for line in lines], np.int32),
        np.array([line.rewards for line in lines], np.int16),
        START + np.array([line.at for line in lines], np.int64),
        np.array([line.version for line in lines], np.int16),
        np.array([line.shop for line in lines], np.int16),
        np.array([line.undoes for line in lines], np.int32),
        np.array([line.stamps if line.amount is None else line.amount for line in lines], np.int64),
        np.array([line.tier for line in lines], np.uint8),
        np.array([-1 if line.item is None else items.index(line.item) for line in lines], np.int16),
    )
    programme = Programme("Sandwich card", tuple(promises or [promise()]))
    return Columns(whole, events, (programme,), ("Market Street",), zone, items=tuple(items))
