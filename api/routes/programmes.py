"""Programmes: their terms, the versions of them, and what a change would do before it is made."""

import dataclasses
from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field, create_model
from sqlalchemy import Connection

from api import db
from api.actions import programmes as actions
from api.errors import Problem
from api.ids import id_text, moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Id, Moment, Name, Shape, Words
from api.store import businesses
from api.store import programmes as programmes_store
from api.store.programmes import ProgrammeRow, VersionRow
from rules.preview import Preview
from rules.programme import LIMITS, REWARD_LENGTH, BadTerms, Terms

bp = Blueprint("programmes", __name__, url_prefix="/api/v1")

MOST_EXAMPLES = 12

Reward = Annotated[Name, Field(max_length=REWARD_LENGTH)]


def _terms_shape(name: str, doc: str, *, defaults: bool) -> type[Shape]:
    """A shape with the fields and limits of rules.programme.Terms, so that the two cannot differ."""
    shown: dict[str, Any] = {}
    for field in dataclasses.fields(Terms):
        default = field.default if defaults and field.default is not dataclasses.MISSING else ...
        if field.name in LIMITS:
            low, high = LIMITS[field.name]
            shown[field.name] = (int, Field(default=default, ge=low, le=high))
        else:
            shown[field.name] = (Reward, default)
    return create_model(name, __base__=Shape, __doc__=doc, __module__=__name__, **shown)


FirstTerms: Any = _terms_shape("FirstTerms", "What a new programme promises; what is left out is usual.", defaults=True)
TermsFace: Any = _terms_shape("Terms", "What a programme promises; zero switches a limit off.", defaults=False)


class ProgrammeOut(Shape):
    """A programme as its owner sees it."""

    id: Id
    name: str
    active: bool
    version: int
    terms: TermsFace
    cards: int


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

    terms: TermsFace
    policy: Literal["better", "finish"] = "better"


class NewVersion(TermsChange):
    """Terms to bring into force. expected_version: the version they were made from."""

    note: Words | None = None
    expected_version: int = Field(ge=1, le=1_000_000)


class VersionFace(Shape):
    """One version of a programme."""

    version: int
    terms: TermsFace
    policy: Literal["better", "finish"]
    author: str
    note: str
    created_at: Moment


class VersionList(Shape):
    """Every version of a programme, newest first."""

    items: list[VersionFace]


class Example(Shape):
    """Cards that stand alike, before and after."""

    stamps: int
    needed_before: int
    needed_after: int
    rewards_added: int
    cards: int


class PreviewFace(Shape):
    """What a change would do at once. cost_at_once: in the currency's smallest unit."""

    cards_touched: int
    full_at_once: int
    rewards_added: int
    cost_at_once: int
    currency: str
    examples: list[Example]


@route(bp, "GET", "/programmes", who=("owner", "software"), answer=ProgrammeList)
def list_programmes(asked: Asked) -> Any:
    """Every programme with its terms of today, oldest first."""
    with db.reading() as connection:
        return {"items": _faces(connection, asked.business_id)}


@route(bp, "POST", "/programmes", who=("owner",), body=NewProgramme, answer=ProgrammeOut, status=201)
def make_programme(asked: Asked) -> Any:
    """A new programme: another kind of card beside those there are."""
    name, terms = asked.body.name, _terms(asked.body.terms)

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
        lambda connection: actions.edit(connection, asked.business_id, programme_id, name=body.name, active=body.active)
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


@route(
    bp,
    "POST",
    "/programmes/<programme>/previews",
    who=("owner",),
    body=TermsChange,
    answer=PreviewFace,
    once=False,
)
def preview_version(asked: Asked, programme: str) -> Any:
    """What these terms would do to the cards there are, without doing it."""
    terms = _terms(asked.body.terms)
    with db.reading() as connection:
        found = actions.preview(
            connection, asked.business_id, path_id(programme), terms=terms, policy=asked.body.policy
        )
        business = businesses.business(connection, asked.business_id)
    return _preview_face(found, business.currency if business else "")


@route(
    bp,
    "POST",
    "/programmes/<programme>/versions",
    who=("owner",),
    body=NewVersion,
    answer=VersionFace,
    status=201,
    problems=("version_moved",),
)
def make_version(asked: Asked, programme: str) -> Any:
    """Bring new terms into force. No card is worse off than what it showed before."""
    programme_id, body, terms = path_id(programme), asked.body, _terms(asked.body.terms)
    author, note = asked.who.caller.name, asked.body.note or ""

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


def _terms(body: Any) -> Terms:
    """The terms of a body. Raises Problem invalid for terms that cannot be promised together."""
    try:
        return Terms(**body.model_dump())
    except BadTerms as error:
        pointer = f"/terms/{error.field}"
        errors = [{"pointer": pointer, "code": "bad_terms", "message": error.message, "value": error.value}]
        raise Problem("invalid", f"{pointer}: {error.message}", errors=errors) from None


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
    }
