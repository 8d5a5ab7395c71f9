"""Businesses and their one-time set-up links."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from api.db import Statement
from api.tables.businesses import Business, SetUpLink
from api.tables.shops import Shop


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A one-time set-up link."""

    id: bytes
    expires_at: int
    used_at: int | None


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """A business. currency: ISO 4217; time_zone: an IANA name; language: a code we have words for.

    offline_redeem: never or limited; to how many rewards a card, how many a till, and so many hours after a till last
    saw the card. watch_…: how many visits look odd, 0 for never; quiet_from, quiet_until: minutes after midnight there.
    """

    id: int
    name: str
    currency: str
    time_zone: str
    language: str
    lock_after_seconds: int
    logo_version: int
    offline_redeem: str
    offline_per_card: int
    offline_per_till: int
    offline_hours: int
    watch_card_hour: int
    watch_card_day: int
    watch_staff_hour: int
    quiet_from: int
    quiet_until: int


_business = select(
    Business.id, Business.name, Business.currency, Business.time_zone, Business.language, Business.lock_after_seconds,
    Business.logo_version, Business.offline_redeem, Business.offline_per_card, Business.offline_per_till,
    Business.offline_hours, Business.watch_card_hour, Business.watch_card_day, Business.watch_staff_hour,
    Business.quiet_from, Business.quiet_until,
).where(Business.id == bindparam("business_id"))  # fmt: skip
_BUSINESS = Statement(_business)
_HOLD = Statement(_business.with_for_update())
_SAVE = Statement(
    update(Business)
    .where(Business.id == bindparam("business_id"))
    .values(
        name=bindparam("new_name"),
        currency=bindparam("new_currency"),
        time_zone=bindparam("new_time_zone"),
        language=bindparam("new_language"),
        lock_after_seconds=bindparam("new_lock_after_seconds"),
        offline_redeem=bindparam("new_offline_redeem"),
        offline_per_card=bindparam("new_offline_per_card"),
        offline_per_till=bindparam("new_offline_per_till"),
        offline_hours=bindparam("new_offline_hours"),
        watch_card_hour=bindparam("new_watch_card_hour"),
        watch_card_day=bindparam("new_watch_card_day"),
        watch_staff_hour=bindparam("new_watch_staff_hour"),
        quiet_from=bindparam("new_quiet_from"),
        quiet_until=bindparam("new_quiet_until"),
    )
)
_ADD_LINK = Statement(
    insert(SetUpLink).values({n: bindparam(n) for n in ("id", "secret_hash", "created_at", "expires_at")})
)
_link = select(SetUpLink.id, SetUpLink.expires_at, SetUpLink.used_at).where(
    SetUpLink.secret_hash == bindparam("secret_hash")
)
_LINK = Statement(_link)
_HOLD_LINK = Statement(_link.with_for_update())
_USE_LINK = Statement(
    update(SetUpLink)
    .where(SetUpLink.id == bindparam("link_id"))
    .values(used_at=bindparam("at"), business_id=bindparam("business"))
)
_NEXT_NUMBER = Statement(select(func.coalesce(func.max(Business.id), 0) + 1))
_ADD = Statement(
    insert(Business).values(
        {n: bindparam(n) for n in ("id", "name", "currency", "time_zone", "language", "created_at")}
    )
)
_JOIN_CODES = Statement(select(Shop.name, Shop.join_code).order_by(Shop.business_id, Shop.id))


def add_link(connection: Connection, **values: Any) -> None:
    """Write a new set-up link: id, secret_hash, created_at, expires_at."""
    _ADD_LINK.run(connection, **values)


def link(connection: Connection, secret_hash: bytes) -> LinkRow | None:
    """The set-up link with this secret."""
    row = _LINK.one(connection, secret_hash=secret_hash)
    return None if row is None else LinkRow(*row)


def hold_link(connection: Connection, secret_hash: bytes) -> LinkRow | None:
    """The set-up link with this secret, held until the transaction ends, so that it is used once."""
    row = _HOLD_LINK.one(connection, secret_hash=secret_hash)
    return None if row is None else LinkRow(*row)


def use_link(connection: Connection, link_id: bytes, *, business_id: int, at: int) -> None:
    """The link has made this business and works no more."""
    _USE_LINK.run(connection, link_id=link_id, business=business_id, at=at)


def next_number(connection: Connection) -> int:
    """The number for a new business. Two at once meet in the primary key, and the second tries again."""
    row = _NEXT_NUMBER.one(connection)
    return int(row[0]) if row else 1


def add(connection: Connection, **values: Any) -> None:
    """Write a new business: id, name, currency, time_zone, language, created_at."""
    _ADD.run(connection, **values)


def business(connection: Connection, business_id: int) -> BusinessRow | None:
    """One business."""
    row = _BUSINESS.one(connection, business_id=business_id)
    return None if row is None else BusinessRow(*row)


def hold(connection: Connection, business_id: int) -> BusinessRow | None:
    """One business, held until the transaction ends."""
    row = _HOLD.one(connection, business_id=business_id)
    return None if row is None else BusinessRow(*row)


def save(connection: Connection, row: BusinessRow) -> None:
    """Write back a business that was held and changed; its logo is changed elsewhere."""
    _SAVE.run(
        connection,
        business_id=row.id,
        new_name=row.name,
        new_currency=row.currency,
        new_time_zone=row.time_zone,
        new_language=row.language,
        new_lock_after_seconds=row.lock_after_seconds,
        new_offline_redeem=row.offline_redeem,
        new_offline_per_card=row.offline_per_card,
        new_offline_per_till=row.offline_per_till,
        new_offline_hours=row.offline_hours,
        new_watch_card_hour=row.watch_card_hour,
        new_watch_card_day=row.watch_card_day,
        new_watch_staff_hour=row.watch_staff_hour,
        new_quiet_from=row.quiet_from,
        new_quiet_until=row.quiet_until,
    )


def join_codes(connection: Connection) -> list[tuple[str, str]]:
    """Every shop's name and join code."""
    return [(row[0], row[1]) for row in _JOIN_CODES.all(connection)]
