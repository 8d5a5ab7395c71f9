"""The one-use codes that turn a device into a till."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from api.db import Statement
from api.tables.shops import PairingCode


@dataclass(frozen=True, slots=True)
class PairingCodeRow:
    """A pairing code, without the code."""

    id: bytes
    shop_id: bytes
    till_name: str
    expires_at: int
    used_at: int | None


_B = bindparam("business_id")
_HOLD = Statement(
    select(PairingCode.id, PairingCode.shop_id, PairingCode.till_name, PairingCode.expires_at, PairingCode.used_at)
    .where(PairingCode.business_id == _B, PairingCode.code_hash == bindparam("code_hash"))
    .with_for_update()
)
_ADD = Statement(
    insert(PairingCode).values(
        {n: bindparam(n) for n in ("business_id", "id", "shop_id", "till_name", "code_hash", "expires_at")}
    )
)
_USE = Statement(
    update(PairingCode)
    .where(PairingCode.business_id == _B, PairingCode.id == bindparam("code_id"))
    .values(used_at=bindparam("at"))
)


def add(
    connection: Connection,
    business_id: int,
    *,
    id: bytes,
    shop_id: bytes,
    till_name: str,
    code_hash: bytes,
    expires_at: int,
) -> None:
    """Write a new pairing code."""
    _ADD.run(
        connection,
        business_id=business_id,
        id=id,
        shop_id=shop_id,
        till_name=till_name,
        code_hash=code_hash,
        expires_at=expires_at,
    )


def hold(connection: Connection, business_id: int, code_hash: bytes) -> PairingCodeRow | None:
    """The pairing code with this hash, held until the transaction ends, so that only one device gets it."""
    row = _HOLD.one(connection, business_id=business_id, code_hash=code_hash)
    return None if row is None else PairingCodeRow(*row)


def use(connection: Connection, business_id: int, code_id: bytes, at: int) -> None:
    """The code has made its till and works no more."""
    _USE.run(connection, business_id=business_id, code_id=code_id, at=at)
