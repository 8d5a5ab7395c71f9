"""From nothing to a shop: the one-time link, and the business, owner, shop and programme it makes."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from api.actions import programmes
from api.errors import Problem
from api.ids import new_id
from api.keys import Keys, new_secret
from api.store import businesses, people, shops
from api.store.businesses import LinkRow
from rules import codes
from rules.programme import Terms

LINK_DAYS = 7
JOIN_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class NewBusiness:
    """What an owner says at set-up. currency: ISO 4217; time_zone: an IANA name; language: a code we have words for."""

    owner: str
    email: str
    password_hash: str
    name: str
    shop: str
    currency: str
    time_zone: str
    language: str
    terms: Terms
    programme: str


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of what set-up made."""

    business_id: int
    owner_id: bytes
    shop_id: bytes
    programme_id: bytes
    join_code: str


def new_link(connection: Connection, *, keys: Keys, now: int) -> str:
    """The secret of a new one-time set-up link."""
    secret = new_secret()
    businesses.add_link(
        connection,
        id=new_id(now),
        secret_hash=keys.lookup("set-up", 0, secret),
        created_at=now,
        expires_at=now + LINK_DAYS * 86_400_000,
    )
    return secret


def check_link(connection: Connection, secret: str, *, keys: Keys, now: int) -> None:
    """Does the link with this secret still work? Raises Problem not_found or set_up_link_used."""
    _working(businesses.link(connection, keys.lookup("set-up", 0, secret)), now)


def use_link(connection: Connection, secret: str, wish: NewBusiness, *, keys: Keys, now: int) -> Made:
    """Make the business and use up the link. Raises Problem not_found or set_up_link_used."""
    link = _working(businesses.hold_link(connection, keys.lookup("set-up", 0, secret)), now)
    made = make_business(connection, wish, now=now)
    businesses.use_link(connection, link.id, business_id=made.business_id, at=now)
    return made


def make_business(connection: Connection, wish: NewBusiness, *, now: int) -> Made:
    """A business with its owner, its first shop and its first programme."""
    business_id = businesses.next_number(connection)
    businesses.add(
        connection,
        id=business_id,
        name=wish.name,
        currency=wish.currency,
        time_zone=wish.time_zone,
        language=wish.language,
        created_at=now,
    )
    owner_id, shop_id = new_id(now), new_id(now)
    people.add_owner(
        connection,
        business_id,
        id=owner_id,
        name=wish.owner,
        email=wish.email,
        password_hash=wish.password_hash,
        created_at=now,
    )
    join_code = new_join_code(business_id)
    shops.add_shop(connection, business_id, id=shop_id, name=wish.shop, join_code=join_code, created_at=now)
    programme_id = programmes.make(
        connection, business_id, name=wish.programme, terms=wish.terms, author=wish.owner, now=now
    )
    return Made(business_id, owner_id, shop_id, programme_id, join_code)


def new_join_code(business_id: int) -> str:
    """A shop's code on its poster: eight random symbols, then the business's number."""
    random = codes.spell(secrets.randbelow(31**JOIN_CODE_LENGTH), JOIN_CODE_LENGTH)
    return random + codes.spell_business(business_id)


def _working(link: LinkRow | None, now: int) -> LinkRow:
    if link is None:
        raise Problem("not_found")
    if link.used_at is not None or link.expires_at <= now:
        raise Problem("set_up_link_used")
    return link
