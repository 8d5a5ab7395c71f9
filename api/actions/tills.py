"""Tills: pairing, renaming, revoking, and who has signed on."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from api.actions import staff
from api.actions.callers import Caller
from api.errors import Problem
from api.ids import new_id
from api.keys import Keys, new_secret
from api.store import pairing_codes, shops
from api.store.shops import TillRow
from rules import codes

PAIRING_MINUTES = 10
PAIRING_LENGTH = 8


@dataclass(frozen=True, slots=True)
class NewCode:
    """A pairing code as it is read out, and when it runs out."""

    code: str
    expires_at: int


def new_pairing_code(
    connection: Connection, business_id: int, shop_id: bytes, *, till_name: str, keys: Keys, now: int
) -> NewCode:
    """A one-use code for one more till in this shop. Raises Problem not_found."""
    if shops.shop(connection, business_id, shop_id) is None:
        raise Problem("not_found")
    symbols = codes.spell(secrets.randbelow(31**PAIRING_LENGTH), PAIRING_LENGTH)
    expires_at = now + PAIRING_MINUTES * 60_000
    pairing_codes.add(
        connection,
        business_id,
        id=new_id(now),
        shop_id=shop_id,
        till_name=till_name,
        code_hash=keys.lookup("pairing", business_id, symbols),
        expires_at=expires_at,
    )
    return NewCode(f"{symbols[:4]}-{symbols[4:]}-{codes.spell_business(business_id)}", expires_at)


def pair(connection: Connection, typed: str, *, keys: Keys, now: int) -> str:
    """Turn a device into a till; returns the secret for its cookie.

    Raises Problem unknown_pairing_code, pairing_code_used or pairing_code_expired.
    """
    folded = codes.fold(typed)
    if not PAIRING_LENGTH < len(folded) <= PAIRING_LENGTH + 6 or any(symbol not in codes.VALUE for symbol in folded):
        raise Problem("unknown_pairing_code")
    business_id = codes.read_number(folded[PAIRING_LENGTH:])
    row = pairing_codes.hold(connection, business_id, keys.lookup("pairing", business_id, folded[:PAIRING_LENGTH]))
    if row is None:
        raise Problem("unknown_pairing_code")
    if row.used_at is not None:
        raise Problem("pairing_code_used")
    if row.expires_at <= now:
        raise Problem("pairing_code_expired")
    secret = new_secret(business_id)
    shops.add_till(
        connection,
        business_id,
        id=new_id(now),
        shop_id=row.shop_id,
        name=row.till_name,
        secret_hash=keys.lookup("till", business_id, secret),
        paired_at=now,
    )
    pairing_codes.use(connection, business_id, row.id, now)
    return secret


def rename(connection: Connection, business_id: int, till_id: bytes, name: str) -> TillRow:
    """Another name. Raises Problem not_found."""
    shops.rename_till(connection, business_id, till_id, name)
    return till(connection, business_id, till_id)


def revoke(connection: Connection, business_id: int, till_id: bytes, *, now: int) -> TillRow:
    """Cut a till off; what it still sends is kept aside for the owner. Raises Problem not_found."""
    shops.revoke(connection, business_id, till_id, now)
    return till(connection, business_id, till_id)


def sign_on(connection: Connection, *, caller: Caller, staff_id: bytes) -> None:
    """Their PIN was right: they work this till now."""
    staff.forgive(connection, caller.business_id, staff_id)
    shops.sign_on(connection, caller.business_id, caller.till_id or b"", staff_id)


def sign_off(connection: Connection, *, caller: Caller) -> None:
    """Nobody works this till now."""
    shops.sign_on(connection, caller.business_id, caller.till_id or b"", None)


def seen(connection: Connection, *, caller: Caller, now: int, counted: int | None, ahead: int | None) -> None:
    """A till has been heard from. counted: its highest number; ahead: its clock, in ms; None: it did not say."""
    if caller.till_id is not None:
        shops.seen(connection, caller.business_id, caller.till_id, now, counted=counted, ahead=ahead)


def till(connection: Connection, business_id: int, till_id: bytes) -> TillRow:
    """One till, revoked ones included. Raises Problem not_found."""
    row = shops.till(connection, business_id, till_id)
    if row is None:
        raise Problem("not_found")
    return row
