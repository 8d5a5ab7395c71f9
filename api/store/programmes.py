"""Programmes and their versions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from api.db import Statement
from api.tables.cards import Card
from api.tables.experiments import Experiment
from api.tables.programmes import Programme, ProgrammeVersion
from rules.programme import Policy, Terms, Version, read_terms


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme and the number of its current version.

    treatment_of: the programme whose new cards an experiment draws into this one. A row that was held has it not.
    """

    id: bytes
    name: str
    version: int
    active: bool
    treatment_of: bytes | None = None

    @property
    def is_offered(self) -> bool:
        """May somebody ask for a card of it?"""
        return self.active and self.treatment_of is None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a programme, who made it and why."""

    number: int
    terms: Terms
    policy: Policy
    author: str
    note: str
    created_at: int

    @property
    def for_rules(self) -> Version:
        """The part of it the rules need."""
        return Version(self.number, self.terms, self.policy)


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that stand alike: entered the same version, so far in a round that promises the same. cards: how many.

    progress, needed: in units. unit: what a stamp is worth. tiers: the tier sums as they are written.
    """

    version: int
    progress: int
    needed: int
    unit: int | None
    tiers: str | None
    cards: int


_B = bindparam("business_id")
# The columns of the terms, in the order in which Terms takes them; see `terms_of`.
_NAMES = tuple(field.name for field in fields(Terms))
TERMS = tuple(getattr(ProgrammeVersion, name) for name in _NAMES)
_AS_JSON = ("choices", "tiers")
_treatment_of = (
    select(Experiment.programme_id)
    .where(Experiment.business_id == _B, Experiment.treatment_id == Programme.id)
    .scalar_subquery()
)
_PROGRAMMES = Statement(
    select(Programme.id, Programme.name, Programme.version, Programme.active, _treatment_of)
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
    "business_id", "programme_id", "number", "policy", "author", "note", "created_at",
    *_NAMES,
)  # fmt: skip
_ADD_VERSION = Statement(insert(ProgrammeVersion).values({name: bindparam(name) for name in VERSION_COLUMNS}))
_SAVE = Statement(
    update(Programme)
    .where(Programme.business_id == _B, Programme.id == bindparam("programme_id"))
    .values(name=bindparam("new_name"), active=bindparam("new_active"))
)
_NAME_TREATMENTS = Statement(
    update(Programme)
    .where(
        Programme.business_id == _B,
        Programme.id.in_(
            select(Experiment.treatment_id).where(
                Experiment.business_id == _B, Experiment.programme_id == bindparam("programme_id")
            )
        ),
    )
    .values(name=bindparam("new_name"))
)
_VERSIONS = Statement(
    select(
        ProgrammeVersion.number, ProgrammeVersion.policy, ProgrammeVersion.author, ProgrammeVersion.note,
        ProgrammeVersion.created_at, *TERMS,
    )
    .where(ProgrammeVersion.business_id == _B, ProgrammeVersion.programme_id == bindparam("programme_id"))
    .order_by(ProgrammeVersion.number.desc())
)  # fmt: skip
_CARDS = Statement(select(Card.programme_id, func.count()).where(Card.business_id == _B).group_by(Card.programme_id))
_alike = (Card.version, (Card.total - Card.round_start).label("progress"), Card.round_need, Card.unit, Card.tiers)
_GROUPS = Statement(
    select(*_alike, func.count())
    .where(Card.business_id == _B, Card.programme_id == bindparam("programme_id"))
    .group_by(*_alike)
)


def programmes(connection: Connection, business_id: int) -> list[ProgrammeRow]:
    """A business's programmes, oldest first."""
    rows = _PROGRAMMES.all(connection, business_id=business_id)
    return [ProgrammeRow(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]


def hold(connection: Connection, business_id: int, programme_id: bytes) -> ProgrammeRow | None:
    """The programme, held until the transaction ends, so that two changes follow one another."""
    row = _HOLD.one(connection, business_id=business_id, programme_id=programme_id)
    return None if row is None else ProgrammeRow(row[0], row[1], row[2], bool(row[3]))


def save(connection: Connection, business_id: int, row: ProgrammeRow) -> None:
    """Write back the name of a programme that was held and changed, and whether it goes on."""
    _SAVE.run(connection, business_id=business_id, programme_id=row.id, new_name=row.name, new_active=row.active)


def name_treatments(connection: Connection, business_id: int, programme_id: bytes, name: str) -> None:
    """Give the programmes that experiments made beside this one its name, for their cards are told as its own."""
    _NAME_TREATMENTS.run(connection, business_id=business_id, programme_id=programme_id, new_name=name)


def versions(connection: Connection, business_id: int, programme_id: bytes) -> list[VersionRow]:
    """Every version of a programme, newest first."""
    rows = _VERSIONS.all(connection, business_id=business_id, programme_id=programme_id)
    return [VersionRow(row[0], terms_of(row[5:]), *row[1:5]) for row in rows]


def cards_of_each(connection: Connection, business_id: int) -> dict[bytes, int]:
    """How many cards each programme of a business has."""
    return dict(_CARDS.all(connection, business_id=business_id))  # type: ignore[arg-type]


def groups(connection: Connection, business_id: int, programme_id: bytes) -> list[Group]:
    """A programme's cards, counted by how they stand: a few hundred groups, but for cards that count money."""
    rows = _GROUPS.all(connection, business_id=business_id, programme_id=programme_id)
    return [Group(*row) for row in rows]


def add(
    connection: Connection, business_id: int, *, programme_id: bytes, name: str, version: int, created_at: int
) -> None:
    """Write a new programme."""
    _ADD.run(connection, business_id=business_id, id=programme_id, name=name, version=version, created_at=created_at)


def set_version(connection: Connection, business_id: int, programme_id: bytes, version: int) -> None:
    """Make this the programme's current version."""
    _SET_VERSION.run(connection, business_id=business_id, programme_id=programme_id, new_version=version)


def add_version(connection: Connection, business_id: int, terms: Terms, **values: Any) -> None:
    """Write a new version of a programme. Raises IntegrityError when there is one with this number."""
    plain = terms.as_dict()
    written = {name: json.dumps(plain[name]) if plain[name] else None for name in _AS_JSON}
    _ADD_VERSION.run(connection, business_id=business_id, **values, **(plain | written))


def terms_of(values: Sequence[Any]) -> Terms:
    """Terms from the columns of TERMS."""
    plain = dict(zip(_NAMES, values, strict=True))
    return read_terms(plain | {name: json.loads(plain[name] or "[]") for name in _AS_JSON})
