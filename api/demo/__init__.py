"""A year of a believable café, through the same actions a real one uses: for a look around, and for screenshots.

Who comes when is made by insight/believable.py; what happens then, the café's own rules decide.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection

from api import db
from api.actions import programmes, scheduled_versions, set_aside, set_up, shops, staff, tills
from api.actions.callers import Caller
from api.demo import cafe
from api.demo.cafe import STORY
from api.demo.complaints import Complaints
from api.demo.year import Ground, Visit, Year, plan
from api.ids import new_id
from api.keys import Keys, new_secret
from api.passwords import hash_password
from api.store import businesses
from api.store import shops as shops_store
from insight.believable import Story, believable
from insight.columns import STAMP
from rules.campaigns import DAY_MS

T = TypeVar("T")

# A year a few hundred visits at a time: a commit for each would take a minute where the disk is slow.
VISITS_PER_WRITE = 500
HOUR_MS = 3_600_000
# How many times in the year something goes wrong.
COMPLAINTS = 100
PIN = "1234"


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and how to sign in."""

    email: str
    password: str
    pin: str
    cards: int
    visits: int


def fill(*, keys: Keys, now: int, seed: int = 10, story: Story = STORY) -> Demo:
    """Fill an empty database. The same seed brings the same people at the same times.

    Raises ValueError when there is a business already.
    """
    with db.reading() as connection:
        is_empty = not businesses.join_codes(connection)
    if not is_empty:
        raise ValueError("There is a business in this database already; the demo wants an empty one.")
    opened = now - cafe.DAYS * DAY_MS
    password = new_secret()[:12]
    ground = _ground(password, keys=keys, opened=opened)
    visits = _visits(story, seed, opened, now)
    dice, luck = random.Random(seed), random.Random(seed + 1)  # noqa: S311 -- a café to look at, no secret
    often = COMPLAINTS / max(1, len(visits))
    complaints = Complaints(ground.business, ground.people, keys, luck, now, often)
    _write(lambda connection: complaints.allow(connection, at=opened))
    year = Year(ground, complaints, keys=keys, dice=dice, now=now)
    for start in range(0, len(visits), VISITS_PER_WRITE):
        some = visits[start : start + VISITS_PER_WRITE]
        _write(lambda connection, some=some: year.live_through(connection, some))
    owner = Caller(ground.business, "owner", cafe.OWNER)
    _write(
        lambda connection: set_aside.review_alike(
            connection, reason="too_soon", note=cafe.WHY_FINE, caller=owner, now=now - DAY_MS
        )
    )
    _write(lambda connection: _this_week(connection, year, now=now))
    for counter in ground.counters:
        _write(
            lambda connection, counter=counter: tills.seen(
                connection, caller=counter, now=now, counted=None, ahead=None
            )
        )
    return Demo(cafe.EMAIL, password, PIN, len(year.cards), year.visits)


def _ground(password: str, *, keys: Keys, opened: int) -> Ground:
    """The first day: the business, two programmes, two shops, three tills, and who works there."""
    wish = set_up.NewBusiness(
        owner=cafe.OWNER,
        email=cafe.EMAIL,
        password_hash=hash_password(password),
        name=cafe.NAME,
        shop=cafe.SHOPS[0][0],
        currency=cafe.CURRENCY,
        time_zone=cafe.ZONE.key,
        language=cafe.LANGUAGE,
        terms=cafe.SANDWICH,
        programme="Sandwich card",
    )
    made = _write(lambda connection: set_up.make_business(connection, wish, now=opened))
    later = opened + 60_000  # lists are in order of time
    coffee = _write(
        lambda connection: programmes.make(
            connection, made.business_id, name="Coffee card", terms=cafe.COFFEE, author=cafe.OWNER, now=later
        )
    )
    counters = _counters(made, keys=keys, now=later)
    return Ground(made.business_id, made.programme_id, coffee, counters, _staff(made.business_id, now=later))


def _this_week(connection: Connection, year: Year, *, now: int) -> None:
    """What the owner has planned, and what waits for a decision: each of these has an entry among the things to settle.

    A code nobody knows, a second stamp within the minute, a free coffee that was not there, and a till whose clock is
    ahead.
    """
    business = year.ground.business
    for idea in cafe.CAMPAIGNS:
        if idea.begins < 0:
            plan(connection, business, idea, now=now, starts_at=now - idea.begins * DAY_MS)
    scheduled_versions.schedule(
        connection,
        business,
        year.ground.coffee,
        terms=cafe.DEARER_COFFEE,
        policy="better",
        expected_version=1,
        starts_at=now + 14 * DAY_MS,
        author=cafe.OWNER,
        note=cafe.WHY_DEARER,
        now=now,
    )
    first, _, station = year.ground.counters
    latest = sorted(year.cards.items(), key=lambda known: known[1].last_visit_at)
    coffees = [card for customer, card in latest if customer % 4 == 0]
    at = now - 5 * HOUR_MS
    unknown = year.keys.card_code(business, new_id(at), 0)
    year.tell(connection, station, "stamp", unknown, at)
    year.tell(connection, first, "stamp", coffees[-1].code, at + 600_000)
    year.tell(connection, first, "stamp", coffees[-1].code, at + 620_000)
    for card in reversed(coffees[:-1]):  # some have one waiting, and get it
        if year.tell(connection, station, "redeem", card.code, at + HOUR_MS).reason == "overdrawn":
            break
    year.tell(connection, station, "stamp", coffees[0].code, at + 2 * HOUR_MS, clock_ahead=3 * HOUR_MS)
    told, offered = (card.code for _, card in latest[-2:])
    year.complaints.just_now(connection, told, offered, first)


def _visits(story: Story, seed: int, opened: int, now: int) -> list[Visit]:
    """Everybody's visits, in order of time."""
    began = datetime.fromtimestamp(opened / 1000, cafe.ZONE).date()
    ledger = believable(replace(story, began=began), np.random.default_rng(seed))
    events = ledger.events
    visits = events.standing() & (events.kind == STAMP) & (events.at > opened) & (events.at < now - 60_000)
    columns = (events.at, events.card, events.stamps, events.shop)
    return [Visit(*row) for row in zip(*(column[visits].tolist() for column in columns), strict=True)]


def _counters(made: set_up.Made, *, keys: Keys, now: int) -> list[Caller]:
    """The tills, paired as a cashier pairs them, in the first shop and in another that opens the same day."""
    counters = []
    for place, (shop_name, till_names) in enumerate(cafe.SHOPS):
        shop_id = made.shop_id
        if place:
            opened = _write(
                lambda connection, n=shop_name: shops.open_shop(connection, made.business_id, name=n, now=now)
            )
            shop_id = opened.id
        for name in till_names:
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
        for name in cafe.STAFF
    ]


def _write(action: Callable[[Connection], T]) -> T:
    return db.write(action)
