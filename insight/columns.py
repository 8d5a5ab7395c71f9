"""The ledger as columns: one array for each thing known of a card or an event, so that numpy reads them in one go."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

KINDS = ("stamp", "redeem", "void", "bonus", "adjust", "expire")
STAMP, REDEEM, VOID, BONUS, ADJUST, EXPIRE = range(len(KINDS))

I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cards:
    """Every card, by its number: the place it has in these arrays. created_at: ms since 1970.

    programme, shop: places in the lists of the columns they belong to; a shop of -1 means none is known.
    """

    programme: I16
    shop: I16
    first_version: I16
    created_at: I64

    def __len__(self) -> int:
        return len(self.programme)


@dataclass(frozen=True, slots=True)
class Events:
    """Lines of the ledger; a card's own lines stand in the order they were taken in, different cards' anyhow.

    card: the card's number. kind: a place in KINDS. stamps, rewards: signed, as in the ledger, but no rewards of tiers.
    at: the moment it counts for, ms since 1970. version: of the card's programme. shop: -1 where there was none.
    voids: the place of the event that a void undoes, else -1.
    """

    card: I32
    kind: U8
    stamps: I32
    rewards: I16
    at: I64
    version: I16
    shop: I16
    voids: I32

    def __len__(self) -> int:
        return len(self.card)

    def standing(self) -> Bools:
        """Which lines count still: neither a void nor undone by one."""
        stands: Bools = (self.kind != VOID) & ~self.undone()
        return stands

    def undone(self) -> Bools:
        """Which lines a void undoes."""
        undone = np.zeros(len(self), dtype=bool)
        undone[self.voids[self.voids >= 0]] = True
        return undone


def card_after_card(card: I32, lines: I64) -> I64:
    """Lines (by their places, ascending) put card after card; a card's own stay in their order."""
    # Plain numbers sort several times faster than a sort that has to keep equals in order.
    keys = card[lines].astype(np.int64) << 32 | lines
    keys.sort()
    return keys & 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Promise:
    """One version of a programme, as far as figures need it. Money in the currency's smallest unit; started_at: ms.

    keeps_better: a round in progress at its start got the better of both goals, else it finished under the old one.
    """

    version: int
    stamps_needed: int
    unit_cost: int
    unit_price: int
    started_at: int
    welcome_stamps: int = 0
    keeps_better: bool = True


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme with its versions, oldest first: version 1, 2 and so on, none left out."""

    name: str
    versions: tuple[Promise, ...]
    id: bytes = b""

    @property
    def current(self) -> Promise:
        """The version in force."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class Columns:
    """One business's cards and events, and the names behind their numbers. zone: an IANA time zone."""

    cards: Cards
    events: Events
    programmes: tuple[Programme, ...]
    shops: tuple[str, ...] = ()
    zone: str = "UTC"
    card_ids: list[bytes] = field(default_factory=list)
