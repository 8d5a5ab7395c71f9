"""Programmes: their terms, the versions of them, and what a change would do before it is made."""

import dataclasses
from typing import Any

from flask import Blueprint
from pydantic import Field
from sqlalchemy import Connection

from api import db
from api.actions import programmes as actions
from api.actions import scheduled_versions
from api.errors import Problem
from api.ids import id_text, moment_text
from api.routes.door import Asked, path_id, route
from api.routes.scheduled_versions import ScheduledFace, scheduled_face
from api.routes.terms import ChangedTerms, FirstTerms, Policy, TermsFace
from api.routes.terms import read as read_terms
from api.shapes import Id, Moment, Name, Shape, Words
from api.store import businesses
from api.store import programmes as programmes_store
from api.store.programmes import ProgrammeRow, VersionRow
from rules.preview import Preview
from rules.programme import Terms, differences

bp = Blueprint("programmes", __name__, url_prefix="/api/v1")

MOST_EXAMPLES = 12
FARTHEST_MS = 366 * 86_400_000


class ProgrammeOut(Shape):
    """A programme as its owner sees it.

    treatment_of: the programme whose new cards an experiment draws into this one; nobody can ask for a card of it.
    """

    id: Id
    name: str
    active: bool
    version: int
    terms: TermsFace
    cards: int
    treatment_of: Id | None


class ProgrammeList(Shape):
    """Every programme of the business, oldest first."""

    items: list[ProgrammeOut]


class NewProgramme(Shape):
    """A new kind of card."""

    name: Name
    terms: FirstTerms


class ProgrammeChange(Shape):
    """Another name, or the end of a programme (active: false); what is left out stays."""

    name: Name | None = None
    active: bool | None = None


class TermsChange(Shape):
    """Terms to try out. policy: what happens to a card in the middle of a round."""

    terms: ChangedTerms
    policy: Policy = "better"


class NewVersion(TermsChange):
    """Terms to bring into force. expected_version: the version they were made from. starts_at: when, if not at once."""

    note: Words | None = None
    expected_version: int = Field(ge=1, le=1_000_000)
    starts_at: Moment | None = Field(default=None, description="At most a year from now.")


class VersionFace(Shape):
    """One version of a programme."""

    version: int
    terms: TermsFace
    policy: Policy
    author: str
    note: str
    created_at: Moment


class VersionList(Shape):
    """Every version of a programme, newest first."""

    items: list[VersionFace]


class Compared(Shape):
    """Which two versions: the newest, and the one before, unless it is said."""

    from_: int | None = Field(default=None, alias="from", ge=1, le=1_000_000)
    to: int | None = Field(default=None, ge=1, le=1_000_000)


class DifferenceFace(Shape):
    """A field that differs; a tier's are named tiers/<key>/<field>. null: it was not there."""

    field: str
    before: Any
    after: Any


class Comparison(Shape):
    """Two versions and what differs in their terms, field by field."""

    before: VersionFace
    after: VersionFace
    differences: list[DifferenceFace]


class TierAddedFace(Shape):
    """Rewards of one tier that a change adds at once."""

    key: int
    reward: str
    rewards_added: int


class Example(Shape):
    """Cards that stand alike, before and after."""

    stamps: int
    needed_before: int
    needed_after: int
    rewards_added: int
    cards: int


class PreviewFace(Shape):
    """What a change would do at once. cost_at_once: in the currency's smallest unit.

    rewards_added: of all kinds; tiers: how many of them are of each tier.
    """

    cards_touched: int
    full_at_once: int
    rewards_added: int
    cost_at_once: int
    currency: str
    examples: list[Example]
    tiers: list[TierAddedFace]


@route(bp, "GET", "/programmes", who=("owner", "software"), answer=ProgrammeList)
def list_programmes(asked: Asked) -> Any:
    """Every programme with its terms of today, oldest first."""
    with db.reading() as connection:
        return {"items": _faces(connection, asked.business_id)}


@route(bp, "POST", "/programmes", who=("owner",), body=NewProgramme, answer=ProgrammeOut, status=201)
def make_programme(asked: Asked) -> Any:
    """A new programme: another kind of card beside those there are."""
    name, terms = asked.body.name, read_terms(asked.body.terms)

    def action(connection: Connection) -> Any:
        programme_id = actions.make(
            connection, asked.business_id, name=name, terms=terms, author=asked.who.caller.name, now=asked.now
        )
        return _face(ProgrammeRow(programme_id, name, 1, True), terms, 0)

    return asked.write(action)


@route(bp, "PATCH", "/programmes/<programme>", who=("owner",), body=ProgrammeChange, answer=ProgrammeOut)
def edit_programme(asked: Asked, programme: str) -> Any:
    """Rename a programme, end it (it takes no more stamps, rewards still count), or take it up again."""
    programme_id, body = path_id(programme), asked.body
    asked.write(
        lambda connection: actions.edit(
            connection, asked.business_id, programme_id, name=body.name, active=body.active, now=asked.now
        )
    )
    with db.reading() as connection:
        faces = _faces(connection, asked.business_id)
    return next(face for face in faces if face["id"] == id_text(programme_id))


@route(bp, "GET", "/programmes/<programme>/versions", who=("owner",), answer=VersionList)
def list_versions(asked: Asked, programme: str) -> Any:
    """Every version of a programme, newest first: what it promised, since when, and why."""
    with db.reading() as connection:
        rows = programmes_store.versions(connection, asked.business_id, path_id(programme))
    if not rows:
        raise Problem("not_found")
    return {"items": [_version_face(row) for row in rows]}


@route(bp, "GET", "/programmes/<programme>/versions/compare", who=("owner",), query=Compared, answer=Comparison)
def compare_versions(asked: Asked, programme: str) -> Any:
    """What differs between two versions of a programme, and who made each, when and why."""
    with db.reading() as connection:
        rows = programmes_store.versions(connection, asked.business_id, path_id(programme))
    found = {row.number: row for row in rows}
    to = asked.query.to or max(found, default=1)
    before, after = found.get(asked.query.from_ or max(1, to - 1)), found.get(to)
    if before is None or after is None:
        raise Problem("not_found")
    differ = differences(before.terms, after.terms)
    return {
        "before": _version_face(before),
        "after": _version_face(after),
        "differences": [dataclasses.asdict(each) for each in differ],
    }


@route(
    bp,
    "POST",
    "/programmes/<programme>/previews",
    who=("owner",),
    body=TermsChange,
    answer=PreviewFace,
    problems=("stamp_for_is_fixed", "tier_is_taken"),
    once=False,
)
def preview_version(asked: Asked, programme: str) -> Any:
    """What these terms would do to the cards there are, without doing it."""
    programme_id = path_id(programme)
    terms = read_terms(asked.body.terms, _newest(asked, programme_id))
    with db.reading() as connection:
        found = actions.preview(connection, asked.business_id, programme_id, terms=terms, policy=asked.body.policy)
        business = businesses.business(connection, asked.business_id)
    return _preview_face(found, business.currency if business else "")


@route(
    bp,
    "POST",
    "/programmes/<programme>/versions",
    who=("owner",),
    body=NewVersion,
    answer=VersionFace | ScheduledFace,
    status=201,
    problems=("version_moved", "stamp_for_is_fixed", "tier_is_taken"),
)
def make_version(asked: Asked, programme: str) -> Any:
    """Bring new terms into force, at once or at a set time. No card is worse off than what it showed before."""
    programme_id, body = path_id(programme), asked.body
    terms = read_terms(body.terms, _newest(asked, programme_id))
    author, note = asked.who.caller.name, body.note or ""
    if body.starts_at is not None:
        return _schedule(asked, programme_id, terms)

    def action(connection: Connection) -> Any:
        number = actions.change(
            connection,
            asked.business_id,
            programme_id,
            terms=terms,
            policy=body.policy,
            expected_version=body.expected_version,
            author=author,
            note=note,
            now=asked.now,
        )
        return _version_face(VersionRow(number, terms, body.policy, author, note, asked.now))

    answer = asked.write(action)
    asked.live.all_changed()
    return answer


def _schedule(asked: Asked, programme_id: bytes, terms: Terms) -> Any:
    body = asked.body
    if not asked.now < body.starts_at <= asked.now + FARTHEST_MS:
        detail = "starts_at must lie in the future, and within a year."
        raise Problem("invalid", detail, pointer="/starts_at", value=moment_text(body.starts_at))
    return asked.write(
        lambda connection: scheduled_face(
            scheduled_versions.schedule(
                connection,
                asked.business_id,
                programme_id,
                terms=terms,
                policy=body.policy,
                expected_version=body.expected_version,
                starts_at=body.starts_at,
                author=asked.who.caller.name,
                note=body.note or "",
                now=asked.now,
            )
        )
    )


def _newest(asked: Asked, programme_id: bytes) -> Terms:
    """The terms a change begins from. Raises Problem not_found."""
    with db.reading() as connection:
        rows = programmes_store.versions(connection, asked.business_id, programme_id)
    if not rows:
        raise Problem("not_found")
    return rows[0].terms


def _faces(connection: Connection, business_id: int) -> list[dict[str, Any]]:
    cards = programmes_store.cards_of_each(connection, business_id)
    faces = []
    for row in programmes_store.programmes(connection, business_id):
        newest = programmes_store.versions(connection, business_id, row.id)[0]
        faces.append(_face(row, newest.terms, cards.get(row.id, 0)))
    return faces


def _face(row: ProgrammeRow, terms: Terms, cards: int) -> dict[str, Any]:
    return {
        "id": id_text(row.id),
        "name": row.name,
        "active": row.active,
        "version": row.version,
        "terms": terms.as_dict(),
        "cards": cards,
        "treatment_of": row.treatment_of,
    }


def _version_face(row: VersionRow) -> dict[str, Any]:
    return {
        "version": row.number,
        "terms": row.terms.as_dict(),
        "policy": row.policy,
        "author": row.author,
        "note": row.note,
        "created_at": moment_text(row.created_at),
    }


def _preview_face(found: Preview, currency: str) -> dict[str, Any]:
    shown = sorted(found.changes, key=lambda change: (-change.rewards_added, -change.cards, -change.stamps))
    return {
        "cards_touched": found.cards_touched,
        "full_at_once": found.full_at_once,
        "rewards_added": found.rewards_added,
        "cost_at_once": found.cost_at_once,
        "currency": currency,
        "examples": [dataclasses.asdict(change) for change in shown[:MOST_EXAMPLES]],
        "tiers": [dataclasses.asdict(tier) for tier in found.tiers],
    }
