"""A year of a believable café, through the same actions a real one uses: for a look around, and for screenshots.

Customers come at gamma-distributed rates and stop for good after a visit with a probability of their own (the
beta-geometric idea of Fader, Hardie and Lee, 2005); the hours are a café's, with a morning and a lunch peak.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api import db
from api.actions import cards, events, programmes, set_up, shops, staff, tills
from api.actions.callers import Caller
from api.actions.events import Claim, Result
from api.ids import new_id
from api.keys import Keys, new_secret
from api.passwords import hash_password
from api.store import businesses
from api.store import shops as shops_store
from rules.programme import Terms

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Warsaw")
DAYS = 365
CUSTOMERS = 1_400
# A year a few hundred visits at a time: a commit for each would take a minute where the disk is slow.
VISITS_PER_WRITE = 500
COFFEE = Terms(
    stamps_needed=8, reward="a free coffee", max_per_visit=6, cooldown_seconds=60, unit_cost=60, unit_price=320
)
SANDWICH = Terms(stamps_needed=10, reward="a free sandwich", max_per_visit=6, unit_cost=240, unit_price=690)
SHORTER = Terms(stamps_needed=8, reward="a free sandwich", max_per_visit=6, unit_cost=240, unit_price=690)
# Share of a day's visits by hour, from seven in the morning.
HOURS = {7: 9, 8: 14, 9: 9, 10: 7, 11: 8, 12: 17, 13: 15, 14: 7, 15: 5, 16: 5, 17: 3, 18: 1}
WEEKDAYS = (1.0, 1.0, 1.05, 1.1, 1.25, 0.8, 0.35)
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


def fill(*, keys: Keys, now: int, seed: int = 10) -> Demo:
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
    count = house.live_through(_visits(dice, opened, now), change_at=now - 120 * 86_400_000)
    for counter in counters:
        _write(lambda connection, counter=counter: tills.seen(connection, caller=counter, now=now))
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
        counter = self.counters[0 if visit.customer % 3 else 1]
        counter = self.counters[2] if visit.customer % 7 == 0 else counter
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


def _visits(dice: random.Random, opened: int, now: int) -> list[_Visit]:
    """Everybody's visits, in order of time."""
    visits = []
    for customer in range(CUSTOMERS):
        joined = opened + int(dice.betavariate(1.0, 1.4) * DAYS) * 86_400_000
        days_between = 1 / dice.gammavariate(1.1, 0.16)
        leaves = dice.betavariate(1.2, 9.0)
        for at in _days(dice, joined, now, max(0.9, days_between), leaves):
            quantity = dice.choices((1, 2, 3, 4), (86, 10, 3, 1))[0]
            visits.append(_Visit(at, customer, quantity))
    return sorted(visits, key=lambda visit: visit.at)


def _days(dice: random.Random, joined: int, now: int, days_between: float, leaves: float) -> Iterator[int]:
    """One customer's visits, until they stay away for good or the year is over."""
    at = float(joined)
    while True:
        moment = _opening_hour(dice, int(at))
        if moment >= now - 60_000:
            return
        if dice.random() < WEEKDAYS[datetime.fromtimestamp(moment / 1000, ZONE).weekday()]:
            yield moment
            if dice.random() < leaves:
                return
        at += max(0.7, dice.expovariate(1 / days_between)) * 86_400_000


def _opening_hour(dice: random.Random, at: int) -> int:
    """A moment of that day within opening hours."""
    day = datetime.fromtimestamp(at / 1000, ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    hour = dice.choices(tuple(HOURS), tuple(HOURS.values()))[0]
    return int((day + timedelta(hours=hour, seconds=dice.randrange(3600))).timestamp() * 1000)


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
