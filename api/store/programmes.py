"""Programmes and their versions."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from api.db import Statement
from api.tables.programmes import Programme, ProgrammeVersion


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme and the number of its current version."""

    id: bytes
    name: str
    version: int
    active: bool


_B = bindparam("business_id")
_PROGRAMMES = Statement(
    select(Programme.id, Programme.name, Programme.version, Programme.active)
    .where(Programme.business_id == _B)
    .order_by(Programme.id)
)
_HOLD = Statement(
    select(Programme.id, Programme.name, Programme.version, Programme.active)
    .where(Programme.business_id == _B, Programme.id == bindparam("programme_id"))
    .with_for_update()
)
_SET_VERSION = Statement(
    update(Programme)
    .where(Programme.business_id == _B, Programme.id == bindparam("programme_id"))
    .values(version=bindparam("new_version"))
)
_ADD = Statement(
    insert(Programme).values({n: bindparam(n) for n in ("business_id", "id", "name", "version", "created_at")})
)
VERSION_COLUMNS = (
    "business_id", "programme_id", "number", "stamps_needed", "reward", "max_per_visit", "welcome_stamps",
    "cooldown_seconds", "daily_limit", "unit_cost", "unit_price", "stamps_expire_days", "rewards_expire_days",
    "policy", "author", "note", "created_at",
)  # fmt: skip
_ADD_VERSION = Statement(insert(ProgrammeVersion).values({name: bindparam(name) for name in VERSION_COLUMNS}))


def programmes(connection: Connection, business_id: int) -> list[ProgrammeRow]:
    """A business's programmes, oldest first."""
    rows = _PROGRAMMES.all(connection, business_id=business_id)
    return [ProgrammeRow(row[0], row[1], row[2], bool(row[3])) for row in rows]


def hold(connection: Connection, business_id: int, programme_id: bytes) -> ProgrammeRow | None:
    """The programme, held until the transaction ends, so that two changes follow one another."""
    row = _HOLD.one(connection, business_id=business_id, programme_id=programme_id)
    return None if row is None else ProgrammeRow(row[0], row[1], row[2], bool(row[3]))


def add(
    connection: Connection, business_id: int, *, programme_id: bytes, name: str, version: int, created_at: int
) -> None:
    """Write a new programme."""
    _ADD.run(connection, business_id=business_id, id=programme_id, name=name, version=version, created_at=created_at)


def set_version(connection: Connection, business_id: int, programme_id: bytes, version: int) -> None:
    """Make this the programme's current version."""
    _SET_VERSION.run(connection, business_id=business_id, programme_id=programme_id, new_version=version)


def add_version(connection: Connection, business_id: int, **values: Any) -> None:
    """Write a new version of a programme. Raises IntegrityError when there is one with this number."""
    _ADD_VERSION.run(connection, business_id=business_id, **values)
