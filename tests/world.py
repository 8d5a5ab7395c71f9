"""The service without its web: a database, a shop in it, a till, and the key, for tests that call the actions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, insert, text

from api import db
from api import settings as settings_module
from api.actions import set_up
from api.actions.callers import Caller
from api.ids import new_id
from api.keys import Keys
from api.store import shops
from api.tables.integrations import Webhook
from rules.programme import Terms, Tier
from tests.model import REWARD, Promise

START = 1_800_000_000_000
KEYS = Keys(bytes(range(32)))


@dataclass(frozen=True)
class Shop:
    """A business of a trial, and the programme it runs."""

    id: int
    shop: bytes
    programme: bytes


def open_database(address: str, folder: str) -> db.Database:
    """The database at this address, as the service opens it, with no service around it."""
    settings = settings_module.read({"TENTH_DATA": folder, "TENTH_DATABASE_URL": address})
    return db.connect(create_engine(settings.database_url, **db.engine_options(settings)))


def make_shop(database: db.Database, promise: Promise, name: str = "Corner", time_zone: str = "Etc/GMT-1") -> Shop:
    """A business with one programme, told of every event by a webhook."""
    shop = make_quiet_shop(database, terms_of(promise), name, time_zone)
    hook = insert(Webhook).values(business_id=shop.id, id=new_id(), url="https://example.com", created_at=START)
    database.write(lambda connection: connection.execute(hook).close())
    return shop


def make_quiet_shop(database: db.Database, terms: Terms, name: str, time_zone: str = "Etc/GMT-1") -> Shop:
    """A business with one programme."""
    wish = set_up.NewBusiness(
        owner="Ada",
        email="ada@example.com",
        password_hash="",
        name=name,
        shop="Market Street",
        currency="EUR",
        time_zone=time_zone,
        language="en",
        terms=terms,
        programme="Sandwich card",
    )
    made = database.write(lambda connection: set_up.make_business(connection, wish, now=START))
    return Shop(made.business_id, made.shop_id, made.programme_id)


def terms_of(promise: Promise) -> Terms:
    """The model's promise in the words of the rules."""
    return Terms(
        stamps_needed=promise.needed,
        reward=REWARD,
        max_per_visit=promise.most,
        welcome_stamps=promise.welcome,
        cooldown_seconds=promise.cooldown,
        daily_limit=promise.daily,
        stamps_expire_days=promise.stamps_days,
        rewards_expire_days=promise.rewards_days,
        stamp_for="spend" if promise.spend else "item",
        spend_per_stamp=promise.spend,
        tiers=tuple(Tier(key, at, f"tier {key}", once=once) for key, at, once in promise.tiers),
    )


def make_till(database: db.Database, shop: Shop, name: str) -> Caller:
    """A newly paired till."""
    till = new_id()
    database.write(
        lambda connection: shops.add_till(
            connection, shop.id, id=till, shop_id=shop.shop, name=name, secret_hash=till, paired_at=START
        )
    )
    return Caller(shop.id, "till", name, till, name, shop.shop, "Market Street")


def rows(database: db.Database, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a plain SELECT finds."""
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]
