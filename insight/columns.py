"""The ledger as columns: one array for each thing known of a card or an event, so that numpy reads them in one go."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

KINDS = ("stamp", "redeem", "void", "bonus", "adjust", "expire")
STAMP, REDEEM, VOID, BONUS, ADJUST, EXPIRE = range(len(KINDS))
# Where a tier's key stands, the main reward; keys of tiers begin at 1.
MAIN = 0

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

    card: the card's number. kind: a place in KINDS. stamps, rewards: signed, as in the ledger. at: the moment it counts
    for, ms since 1970. version: of the card's programme. shop: -1 where there was none. voids: the place of the event
    that a void undoes, else -1. units: what it adds to what the card counts, money in the smallest unit or stamps.
    tier: the key of whose rewards they are, MAIN for the main ones. item: a place in the columns' items, of what was
    picked for a reward; -1 where nothing was said.
    """

    card: I32
    kind: U8
    stamps: I32
    rewards: I16
    at: I64
    version: I16
    shop: I16
    voids: I32
    units: I64
    tier: U8
    item: I16

    @classmethod
    def plain(
        cls, card: I32, kind: U8, stamps: I32, rewards: I16, at: I64, version: I16, shop: I16, voids: I32
    ) -> "Events":
        """Lines of cards that count stamps, with main rewards alone."""
        nothing = np.full(len(card), -1, dtype=np.int16)
        units, tier = stamps.astype(np.int64), np.full(len(card), MAIN, dtype=np.uint8)
        return cls(card, kind, stamps, rewards, at, version, shop, voids, units, tier, nothing)

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


def card_after_card(card: I32, lines: I64) -> tuple[I32, I64]:
    """Lines (by their places, ascending) put card after card, and their cards; a card's own stay in their order."""
    # Plain numbers sort several times faster than a sort that has to keep equals in order.
    keys = card[lines].astype(np.int64) << 32 | lines
    keys.sort()
    cards = (keys >> 32).astype(np.int32)
    keys &= 0xFFFF_FFFF
    return cards, keys


@dataclass(frozen=True, slots=True)
class Item:
    """What can be handed over for a reward. Money in the currency's smallest unit."""

    name: str
    unit_cost: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward of one version. key: of its tier, or MAIN. at: after how many stamps of a round it is earned.

    once: a card earns it once, for ever. items: the reward itself, then what may be picked instead.
    """

    key: int
    at: int
    items: tuple[Item, ...]
    once: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.items[0].name

    @property
    def unit_cost(self) -> int:
        """What the reward itself costs."""
        return self.items[0].unit_cost

    @property
    def dearest(self) -> int:
        """What the item costs that costs most."""
        return max(item.unit_cost for item in self.items)

    def item(self, name: str | None) -> Item:
        """The item with this name; the reward itself where nothing was picked, or something it does not have."""
        return next((item for item in self.items if item.name == name), self.items[0])


@dataclass(frozen=True, slots=True)
class Promise:
    """One version of a programme, as far as figures need it. Money in the currency's smallest unit; started_at: ms.

    keeps_better: a round in progress at its start got the better of both goals, else it finished under the old one.
    spend_per_stamp: so much money makes a stamp where cards count money, else 0. reward: the main one's name; choices:
    what may be picked instead. tiers: smaller rewards on the way.
    """

    version: int
    stamps_needed: int
    unit_cost: int
    unit_price: int
    started_at: int
    welcome_stamps: int = 0
    keeps_better: bool = True
    spend_per_stamp: int = 0
    reward: str = ""
    choices: tuple[Item, ...] = ()
    tiers: tuple[Reward, ...] = ()

    @property
    def unit(self) -> int:
        """What a stamp is worth in what the cards count."""
        return self.spend_per_stamp or 1

    @property
    def main(self) -> Reward:
        """The main reward."""
        return Reward(MAIN, self.stamps_needed, (Item(self.reward, self.unit_cost, self.unit_price), *self.choices))

    @property
    def rewards(self) -> dict[int, Reward]:
        """Its rewards by key, the main one first."""
        return {MAIN: self.main} | {tier.key: tier for tier in self.tiers}

    @property
    def stamp_margin(self) -> float:
        """What a stamp earns in the smallest unit: price less cost of an item like the reward.

        Where cards count money, that share of the money which such an item leaves; 0 while its price is not known.
        """
        margin = self.unit_price - self.unit_cost
        if not self.spend_per_stamp:
            return margin
        return self.spend_per_stamp * margin / self.unit_price if self.unit_price else 0.0


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

    @property
    def rewards(self) -> dict[int, Reward]:
        """Every reward it has or had, by key, as the latest version tells it that has it; the main one first."""
        last = {key: reward for promise in self.versions for key, reward in promise.rewards.items()}
        return {key: last[key] for key in sorted(last)}

    def version(self, number: int) -> Promise:
        """One of its versions."""
        return next(promise for promise in self.versions if promise.version == number)


@dataclass(frozen=True, slots=True)
class Columns:
    """One business's cards and events, and the names behind their numbers. zone: an IANA time zone."""

    cards: Cards
    events: Events
    programmes: tuple[Programme, ...]
    shops: tuple[str, ...] = ()
    zone: str = "UTC"
    card_ids: list[bytes] = field(default_factory=list)
    items: tuple[str, ...] = ()

    def item(self, programme: int, version: int, key: int, picked: int) -> Item:
        """What was handed over for a reward, as its version told it. programme, picked: places in these columns.

        A tier that the version does not have is as it was told last; something it does not have is the reward itself.
        """
        told = self.programmes[programme]
        then = told.version(version).rewards
        reward = then[key] if key in then else told.rewards[key]
        return reward.item(self.items[picked] if picked >= 0 else None)
