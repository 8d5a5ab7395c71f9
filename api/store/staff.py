"""Staff: who works the tills, with their PIN's hash and its wrong tries."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from api.db import Statement
from api.tables.shops import Staff


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Someone who works a till."""

    id: bytes
    name: str
    active: bool
    pin_hash: str
    failed_tries: int
    locked_until: int | None


_B = bindparam("business_id")
_ID = bindparam("staff_id")
_columns = select(Staff.id, Staff.name, Staff.active, Staff.pin_hash, Staff.failed_tries, Staff.locked_until)
_ALL = Statement(_columns.where(Staff.business_id == _B).order_by(Staff.id))
_HOLD = Statement(_columns.where(Staff.business_id == _B, Staff.id == _ID).with_for_update())
_ADD = Statement(
    insert(Staff).values({n: bindparam(n) for n in ("business_id", "id", "name", "pin_hash", "created_at")})
)
_SET = Statement(
    update(Staff)
    .where(Staff.business_id == _B, Staff.id == _ID)
    .values(
        name=bindparam("new_name"),
        active=bindparam("new_active"),
        pin_hash=bindparam("new_pin_hash"),
        failed_tries=bindparam("tries"),
        locked_until=bindparam("until"),
    )
)


def staff(connection: Connection, business_id: int) -> list[StaffRow]:
    """A business's staff, oldest first, those who have left included."""
    return [_row(row) for row in _ALL.all(connection, business_id=business_id)]


def hold(connection: Connection, business_id: int, staff_id: bytes) -> StaffRow | None:
    """One of the staff, held until the transaction ends."""
    row = _HOLD.one(connection, business_id=business_id, staff_id=staff_id)
    return None if row is None else _row(row)


def add(connection: Connection, business_id: int, *, id: bytes, name: str, pin_hash: str, created_at: int) -> None:
    """Write someone new."""
    _ADD.run(connection, business_id=business_id, id=id, name=name, pin_hash=pin_hash, created_at=created_at)


def save(connection: Connection, business_id: int, row: StaffRow) -> None:
    """Write back someone that was held and changed."""
    _SET.run(
        connection,
        business_id=business_id,
        staff_id=row.id,
        new_name=row.name,
        new_active=row.active,
        new_pin_hash=row.pin_hash,
        tries=row.failed_tries,
        until=row.locked_until,
    )


def _row(row: tuple[object, ...]) -> StaffRow:
    id, name, active, pin_hash, failed_tries, locked_until = row
    return StaffRow(id, name, bool(active), pin_hash, failed_tries, locked_until)  # type: ignore[arg-type]
