"""Logos, as we encoded them ourselves, and the number that tells pages a new one from the last."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from api.db import Statement
from api.tables.businesses import Business, Logo


@dataclass(frozen=True, slots=True)
class LogoRow:
    """A business's logo."""

    webp: bytes
    png: bytes


_B = bindparam("business_id")
_LOGO = Statement(select(Logo.webp, Logo.png).where(Logo.business_id == _B))
_REMOVE = Statement(delete(Logo).where(Logo.business_id == _B))
_ADD = Statement(insert(Logo).values({name: bindparam(name) for name in ("business_id", "webp", "png", "updated_at")}))
# A number never comes again, so that whoever keeps an old logo for good asks for the new one; below zero: no logo.
_NEXT = Statement(
    update(Business)
    .where(Business.id == _B)
    .values(logo_version=bindparam("sign") * (func.abs(Business.logo_version) + 1))
)


def logo(connection: Connection, business_id: int) -> LogoRow | None:
    """A business's logo."""
    row = _LOGO.one(connection, business_id=business_id)
    return None if row is None else LogoRow(*row)


def put(connection: Connection, business_id: int, row: LogoRow, *, at: int) -> None:
    """Make this the business's logo."""
    _NEXT.run(connection, business_id=business_id, sign=1)  # first, for it holds the business until the end
    _REMOVE.run(connection, business_id=business_id)
    _ADD.run(connection, business_id=business_id, webp=row.webp, png=row.png, updated_at=at)


def remove(connection: Connection, business_id: int) -> None:
    """Do without a logo."""
    _NEXT.run(connection, business_id=business_id, sign=-1)
    _REMOVE.run(connection, business_id=business_id)
