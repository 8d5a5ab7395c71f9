"""Versions of programmes that will come into force, and what became of them."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, literal_column, select, update

from api.db import Statement
from api.tables.programmes import ScheduledVersion
from rules.programme import Policy, Terms, read_terms

State = Literal["waiting", "done", "withdrawn", "stale"]


@dataclass(frozen=True, slots=True)
class ScheduledRow:
    """Terms that come into force at a moment, as the version after the one they expect; number: the one they became.

    All moments in ms since 1970. settled_at: when it was done, withdrawn, or found to be stale.
    """

    id: bytes
    programme_id: bytes
    starts_at: int
    expected_version: int
    policy: Policy
    terms: Terms
    author: str
    note: str
    made_at: int
    state: State
    settled_at: int | None = None
    number: int | None = None


_B = bindparam("business_id")
_COLUMNS = (
    ScheduledVersion.id, ScheduledVersion.programme_id, ScheduledVersion.starts_at, ScheduledVersion.expected_version,
    ScheduledVersion.policy, ScheduledVersion.terms, ScheduledVersion.author, ScheduledVersion.note,
    ScheduledVersion.made_at, ScheduledVersion.state, ScheduledVersion.settled_at, ScheduledVersion.number,
)  # fmt: skip
_is_waiting = ScheduledVersion.state == literal_column("'waiting'")
_of_programme = (ScheduledVersion.business_id == _B, ScheduledVersion.programme_id == bindparam("programme_id"))
_this = (ScheduledVersion.business_id == _B, ScheduledVersion.id == bindparam("scheduled_id"))
_ADD = Statement(
    insert(ScheduledVersion).values(
        {
            name: bindparam(name)
            for name in (
                "business_id", "id", "programme_id", "starts_at", "expected_version", "policy", "terms", "author",
                "note", "made_at", "state",
            )
        }
    )
)  # fmt: skip
_ALL = Statement(
    select(*_COLUMNS).where(*_of_programme).order_by(ScheduledVersion.starts_at.desc(), ScheduledVersion.id.desc())
)
_ONE = Statement(select(*_COLUMNS).where(*_this))
_DUE = Statement(
    select(ScheduledVersion.business_id, ScheduledVersion.programme_id, ScheduledVersion.id)
    .where(_is_waiting, ScheduledVersion.starts_at <= bindparam("now"))
    .order_by(ScheduledVersion.starts_at, ScheduledVersion.id)
)
_SETTLE = Statement(
    update(ScheduledVersion)
    .where(*_this, _is_waiting)
    .values(state=bindparam("new_state"), settled_at=bindparam("at"), number=bindparam("new_number"))
)
_MOVE_ON = Statement(
    update(ScheduledVersion)
    .where(*_of_programme, _is_waiting, ScheduledVersion.expected_version == bindparam("before"))
    .values(expected_version=bindparam("after"))
)


def add(connection: Connection, business_id: int, row: ScheduledRow) -> None:
    """Write down what will come into force."""
    _ADD.run(
        connection, business_id=business_id, id=row.id, programme_id=row.programme_id, starts_at=row.starts_at,
        expected_version=row.expected_version, policy=row.policy, terms=json.dumps(row.terms.as_dict()),
        author=row.author, note=row.note, made_at=row.made_at, state=row.state,
    )  # fmt: skip


def of_programme(connection: Connection, business_id: int, programme_id: bytes) -> list[ScheduledRow]:
    """Everything that was ever scheduled for a programme, the latest start first."""
    return [_row(row) for row in _ALL.all(connection, business_id=business_id, programme_id=programme_id)]


def one(connection: Connection, business_id: int, scheduled_id: bytes) -> ScheduledRow | None:
    """One of them."""
    row = _ONE.one(connection, business_id=business_id, scheduled_id=scheduled_id)
    return None if row is None else _row(row)


def due(connection: Connection, now: int) -> list[dict[str, Any]]:
    """What should be in force by now, of every business, earliest first: business_id, programme_id, scheduled_id."""
    return [
        dict(zip(("business_id", "programme_id", "scheduled_id"), row, strict=True))
        for row in _DUE.all(connection, now=now)
    ]


def settle(
    connection: Connection, business_id: int, scheduled_id: bytes, state: State, *, at: int, number: int | None = None
) -> bool:
    """Say what became of one that waits; False when it waits no more."""
    changed = _SETTLE.run(
        connection, business_id=business_id, scheduled_id=scheduled_id, new_state=state, at=at, new_number=number
    )
    return changed > 0


def move_on(connection: Connection, business_id: int, programme_id: bytes, *, before: int, after: int) -> None:
    """Let what waits behind a scheduled version expect the one it became."""
    _MOVE_ON.run(connection, business_id=business_id, programme_id=programme_id, before=before, after=after)


def _row(row: tuple[object, ...]) -> ScheduledRow:
    values = list(row)
    values[5] = read_terms(json.loads(str(row[5])))
    return ScheduledRow(*values)  # type: ignore[arg-type]
