"""Programmes: making one, naming and ending it, and changing its promise after a look at what that does."""

import dataclasses
from collections.abc import Iterable

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.store import experiments, ledger, programmes
from api.store.programmes import ProgrammeRow
from rules import preview as previews
from rules.card import Figures, catch_up
from rules.preview import Preview
from rules.programme import Policy, Terms, Version, misfit


def make(connection: Connection, business_id: int, *, name: str, terms: Terms, author: str, now: int) -> bytes:
    """A new programme with these terms; returns its id."""
    programme_id = new_id(now)
    programmes.add(connection, business_id, programme_id=programme_id, name=name, version=1, created_at=now)
    _write_version(connection, business_id, programme_id, 1, terms, "better", author=author, note="", now=now)
    return programme_id


def edit(
    connection: Connection, business_id: int, programme_id: bytes, *, name: str | None, active: bool | None, now: int
) -> ProgrammeRow:
    """Rename a programme, end it (no more stamps; rewards still count) or take it up again; None: as it is.

    The programmes that experiments made beside it are renamed with it.
    Raises Problem not_found.
    """
    row = programmes.hold(connection, business_id, programme_id)
    if row is None:
        raise Problem("not_found")
    edited = dataclasses.replace(
        row, name=row.name if name is None else name, active=row.active if active is None else active
    )
    programmes.save(connection, business_id, edited)
    if edited.name != row.name:
        programmes.name_treatments(connection, business_id, programme_id, edited.name)
    if edited.active != row.active:
        experiments.cut(connection, business_id, programme_id, at=now)
    return edited


def preview(connection: Connection, business_id: int, programme_id: bytes, *, terms: Terms, policy: Policy) -> Preview:
    """What these terms would do to the programme's cards now. Nothing is written.

    A card enters a version when it is next touched, so each group is first brought to where its cards stand today.
    Raises Problem not_found, or as `check_follows`.
    """
    versions = {row.number: row.for_rules for row in programmes.versions(connection, business_id, programme_id)}
    if not versions:
        raise Problem("not_found")
    check_follows(terms, versions.values())
    newest = max(versions)
    standing = (
        (catch_up(_figures(group), versions, newest), group.cards)
        for group in programmes.groups(connection, business_id, programme_id)
    )
    return previews.preview(standing, versions, Version(newest + 1, terms, policy))


def _figures(group: programmes.Group) -> Figures:
    return Figures(
        version=group.version,
        round_need=group.needed,
        total=group.progress,
        unit=group.unit or 1,
        tiers=ledger.read_tiers(group.tiers),
    )


def check_follows(terms: Terms, earlier: Iterable[Version]) -> None:
    """Raises Problem stamp_for_is_fixed or tier_is_taken when these terms cannot follow those versions."""
    found = misfit(terms, [version.terms for version in earlier])
    if found is not None:
        raise Problem(found.code, pointer=f"/terms/{found.field}", value=found.value)


def change(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    *,
    terms: Terms,
    policy: Policy,
    expected_version: int,
    author: str,
    note: str,
    now: int,
) -> int:
    """A new version of the promise; returns its number. Cards enter it one by one, when they are next touched.

    Raises Problem not_found, version_moved when somebody else changed the programme meanwhile, or as `check_follows`.
    """
    programme = hold(connection, business_id, programme_id, expected_version=expected_version)
    rows = programmes.versions(connection, business_id, programme_id)
    check_follows(terms, [row.for_rules for row in rows])
    number = programme.version + 1
    _write_version(connection, business_id, programme_id, number, terms, policy, author=author, note=note, now=now)
    programmes.set_version(connection, business_id, programme_id, number)
    experiments.cut(connection, business_id, programme_id, at=now)
    return number


def hold(connection: Connection, business_id: int, programme_id: bytes, *, expected_version: int) -> ProgrammeRow:
    """The programme, held, if it still has the version it was looked at. Raises Problem not_found or version_moved."""
    programme = programmes.hold(connection, business_id, programme_id)
    if programme is None:
        raise Problem("not_found")
    if programme.version != expected_version:
        raise Problem("version_moved", pointer="/expected_version", value=expected_version, version=programme.version)
    return programme


def _write_version(
    connection: Connection,
    business_id: int,
    programme_id: bytes,
    number: int,
    terms: Terms,
    policy: Policy,
    *,
    author: str,
    note: str,
    now: int,
) -> None:
    programmes.add_version(
        connection,
        business_id,
        terms,
        programme_id=programme_id,
        number=number,
        policy=policy,
        author=author,
        note=note,
        created_at=now,
    )
