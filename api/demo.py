"""A year of a believable café, through the same actions a real one uses: for a look around, and for screenshots.

Who comes when is made by insight/believable.py; what happens then, the café's own rules decide.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection

from api import db
from api.actions import cards, events, programmes, set_up, shops, staff, tills
from api.actions.callers import Caller
from api.actions.claims import Claim, Result
from api.ids import new_id
from api.keys import Keys, new_secret
from api.passwords import hash_password
from api.store import businesses
from api.store import shops as shops_store
from insight.believable import Story, believable
from insight.columns import STAMP
from rules.programme import Terms

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Warsaw")
DAYS = 365
# A year a few hundred visits at a time: a commit for each would take a minute where the disk is slow.
VISITS_PER_WRITE = 500
COFFEE = Terms(
    stamps_needed=8, reward="a free coffee", max_per_visit=6, cooldown_seconds=60, unit_cost=60, unit_price=320
)
SANDWICH = Terms(stamps_needed=10, reward="a free sandwich", max_per_visit=6, unit_cost=240, unit_price=690)
SHORTER = Terms(stamps_needed=8, reward="a free sandwich", max_per_visit=6, unit_cost=240, unit_price=690)
# One "shop" of the story for each till.
STORY = Story(
    cards=1_400, days=DAYS, pace=(1.1, 7.0), leaving=(1.2, 9.0), zone="Europe/Warsaw", shops=(0.57, 0.29, 0.14)
)
PIN = "1234"


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and how to sign in."""

    email: str
    password: str
    pin: str
    cards: int
    events: int


@dataclass(frozen=True, slots=True)
class _Visit:
    at: int
    customer: int
    quantity: int
    counter: int


def fill(*, keys: Keys, now: int, seed: int = 10, story: Story = STORY) -> Demo:
    """Fill an empty database. The same seed makes the same café. Raises ValueError when there is a business already."""
    with db.reading() as connection:
        is_empty = not businesses.join_codes(connection)
    if not is_empty:
        raise ValueError("There is a business in this database already; the demo wants an empty one.")
    dice = random.Random(seed)  # noqa: S311 -- a café to look at, no secret
    opened = now - DAYS * 86_400_000
    password = new_secret()[:12]
    wish = set_up.NewBusiness(
        owner="Maja",
        email="maja@example.com",
        password_hash=hash_password(password),
        name="Café Tenth",
        shop="Market Street",
        currency="EUR",
        time_zone="Europe/Warsaw",
        language="en",
        terms=SANDWICH,
        programme="Sandwich card",
    )
    made = _write(lambda connection: set_up.make_business(connection, wish, now=opened))
    business = made.business_id
    later = opened + 60_000  # lists are in order of time
    coffee = _write(
        lambda connection: programmes.make(
            connection, business, name="Coffee card", terms=COFFEE, author="Maja", now=later
        )
    )
    counters = _counters(made, keys=keys, now=later)
    people = _staff(business, now=later)
    house = _House(business, made.programme_id, coffee, counters, people, keys, dice)
    count = house.live_through(_visits(story, seed, opened, now), change_at=now - 120 * 86_400_000)
    for counter in counters:
        _write(
            lambda connection, counter=counter: tills.seen(
                connection, caller=counter, now=now, counted=None, ahead=None
            )
        )
    return Demo("maja@example.com", password, PIN, len(house.cards), count)


class _House:
    """The café: its cards as they are made, and everything that is written down."""

    def __init__(
        self,
        business: int,
        sandwich: bytes,
        coffee: bytes,
        counters: list[Caller],
        people: list[bytes],
        keys: Keys,
        dice: random.Random,
    ) -> None:
        self.business, self.sandwich, self.coffee = business, sandwich, coffee
        self.counters, self.people, self.keys, self.dice = counters, people, keys, dice
        self.cards: dict[int, str] = {}
        self.version = 1
        self.events = 0

    def live_through(self, visits: list[_Visit], *, change_at: int) -> int:
        """Every visit in turn; at change_at the owner lowers the goal of the sandwich card. Returns the events made."""
        for start in range(0, len(visits), VISITS_PER_WRITE):
            some = visits[start : start + VISITS_PER_WRITE]
            _write(lambda connection, some=some: self._live_through(connection, some, change_at))
        return self.events

    def _live_through(self, connection: Connection, visits: list[_Visit], change_at: int) -> None:
        for visit in visits:
            if self.version == 1 and visit.at >= change_at:
                self._lower_the_goal(connection, visit.at)
            self._visit(connection, visit)

    def _lower_the_goal(self, connection: Connection, at: int) -> None:
        self.version = programmes.change(
            connection,
            self.business,
            self.sandwich,
            terms=SHORTER,
            policy="better",
            expected_version=1,
            author="Maja",
            note="Ten took the Saturday people too long.",
            now=at,
        )

    def _visit(self, connection: Connection, visit: _Visit) -> None:
        counter = self.counters[visit.counter]
        code = self.cards.get(visit.customer) or self._new_card(connection, visit, counter)
        result = self._tell(connection, counter, "stamp", code, visit.quantity, visit.at)
        if self.dice.random() < 0.004:  # stamped by mistake, and undone at once
            self._tell(connection, counter, "void", code, 1, visit.at + 9_000, ref=result.id)
        elif result.card is not None and result.card.figures.rewards_ready and self.dice.random() < 0.8:
            self._tell(connection, counter, "redeem", code, 1, visit.at + 20_000)

    def _new_card(self, connection: Connection, visit: _Visit, counter: Caller) -> str:
        coffee = visit.customer % 4 == 0
        made = cards.make(
            connection,
            caller=counter,
            programme_id=self.coffee if coffee else self.sandwich,
            version=1 if coffee else self.version,
            keys=self.keys,
            now=visit.at - 40_000,
        )
        code = self.cards[visit.customer] = self.keys.card_code(self.business, made.card.row.id, 0)
        return code

    def _tell(
        self,
        connection: Connection,
        counter: Caller,
        kind: str,
        code: str,
        quantity: int,
        at: int,
        ref: bytes | None = None,
    ) -> Result:
        person = self.people[at // 86_400_000 % len(self.people)]
        claim = Claim(new_id(at), kind, code, quantity, at, True, person, None, ref, None, {})
        self.events += 1
        return events.record(connection, claim, caller=counter, keys=self.keys, now=at + 400)


def _visits(story: Story, seed: int, opened: int, now: int) -> list[_Visit]:
    """Everybody's visits, in order of time."""
    began = datetime.fromtimestamp(opened / 1000, ZONE).date()
    ledger = believable(replace(story, began=began), np.random.default_rng(seed))
    events = ledger.events
    visits = events.standing() & (events.kind == STAMP) & (events.at > opened) & (events.at < now - 60_000)
    columns = (events.at, events.card, events.stamps, events.shop)
    return [_Visit(*row) for row in zip(*(column[visits].tolist() for column in columns), strict=True)]


def _counters(made: set_up.Made, *, keys: Keys, now: int) -> list[Caller]:
    """Two tills in the first shop and one in a second, paired as a cashier pairs them."""
    station = _write(lambda connection: shops.open_shop(connection, made.business_id, name="Station", now=now)).id
    counters = []
    for name, shop_id in (("Till 1", made.shop_id), ("Till 2", made.shop_id), ("Station till", station)):
        secret = _write(lambda connection, n=name, s=shop_id: _pair(connection, made.business_id, s, n, keys, now))
        secret_hash = keys.lookup("till", made.business_id, secret)
        with db.reading() as connection:
            till = shops_store.till_by_secret(connection, made.business_id, secret_hash)
        if till is not None:
            counters.append(Caller(made.business_id, "till", name, till.id, name, till.shop_id, till.shop_name))
    return counters


def _pair(connection: Connection, business: int, shop_id: bytes, name: str, keys: Keys, now: int) -> str:
    code = tills.new_pairing_code(connection, business, shop_id, till_name=name, keys=keys, now=now)
    return tills.pair(connection, code.code, keys=keys, now=now)


def _staff(business: int, *, now: int) -> list[bytes]:
    pin_hash = hash_password(PIN)
    return [
        _write(lambda connection, n=name: staff.take_on(connection, business, name=n, pin_hash=pin_hash, now=now).id)
        for name in ("Ola", "Piotr", "Somsak")
    ]


def _write(action: Callable[[Connection], T]) -> T:
    return db.write(action)
