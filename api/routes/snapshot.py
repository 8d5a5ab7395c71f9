"""The cards a till keeps for when it is on its own: all that were in use lately, then only what has changed."""

import base64
import binascii
import hashlib
from typing import Annotated, Any, NamedTuple

import orjson
from flask import Blueprint
from pydantic import Field, WithJsonSchema
from sqlalchemy import Connection

from api import db
from api.ids import id_floor
from api.keys import Keys
from api.routes.door import Asked, route
from api.routes.events import server_epoch
from api.shapes import Id, Shape
from api.store import ledger, programmes, snapshot
from api.store.programmes import ProgrammeRow
from api.store.snapshot import SnapshotRow
from rules import card as cards

bp = Blueprint("snapshot", __name__, url_prefix="/api/v1")

DAY_MS = 86_400_000
SNAPSHOT_DAYS = 90
PAGE_CARDS = 5_000
# Cards looked up one by one; where more have changed, it is as cheap to go through all of them.
MOST_CHANGED = 2_000
# News goes back this much further than the last answer: whoever wrote then may not have been done, or not been heard.
OVERLAP_MS = 30_000
# After this the till begins again, and so forgets codes that were replaced and cards nobody uses any more.
WHOLE_AGAIN_MS = DAY_MS


class Since(Shape):
    """Where the last answer ended: its `next`."""

    since: str | None = Field(
        default=None, max_length=300, pattern="^[A-Za-z0-9_-]*$", json_schema_extra={"format": "cursor"}
    )


# JSON knows lists alone, and a strict shape would have a tuple.
CardOfTill = Annotated[
    tuple[str, int, int, int, str, int],
    Field(strict=False),
    WithJsonSchema({"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 6, "maxItems": 6}),
]


class Snapshot(Shape):
    """Cards by the hash of their code, each as [hash, stamps, needed, rewards_ready, initials, programme].

    hash: the first 12 bytes of the SHA-256 of the code as it is folded, in base64url. initials: the customer's, empty
    without a name. programme: which of `programmes`. whole: a snapshot begins here, and what was known before goes.
    more: ask again at once, with `next`.
    """

    cards: list[CardOfTill]
    programmes: list[Id]
    next: str
    more: bool
    whole: bool


class Place(NamedTuple):
    """How far a till has come. All moments in ms since 1970.

    began: what changed before then it has, once it is through. whole_at: when it last began from nothing.
    floor: it is going through the cards touched since then, and has had those up to `after`; None when it is through.
    """

    began: int
    whole_at: int
    floor: int | None
    after: bytes


@route(bp, "GET", "/till/snapshot", who=("till",), query=Since, answer=Snapshot)
def show_snapshot(asked: Asked) -> Any:
    """What a till should know of the cards in use, for when it cannot ask: no name, address, code or key is in it."""
    with db.reading() as connection:
        offers = programmes.programmes(connection, asked.business_id)
        mark = _mark(offers)
        place = _read(asked.query.since, mark, asked.now)
        whole = place is None
        if place is None:
            place = Place(asked.now, asked.now, asked.now - SNAPSHOT_DAYS * DAY_MS, b"")
        if place.floor is None:
            known_at = place.began - OVERLAP_MS
            place = place._replace(began=asked.now)
            rows = _changed(connection, asked, known_at)
            if rows is None:
                place = place._replace(floor=known_at, after=b"")
        if place.floor is not None:
            rows = snapshot.page(
                connection, asked.business_id, after=place.after, since=place.floor, most=PAGE_CARDS + 1
            )
            more = len(rows) > PAGE_CARDS
            rows = rows[:PAGE_CARDS]
            place = place._replace(after=rows[-1].id) if more else place._replace(floor=None, after=b"")
        faces = _faces(connection, asked, rows or [], offers, whole=whole)
    return {
        "cards": faces,
        # A till words a card of either arm of an experiment as one of the programme.
        "programmes": [row.treatment_of or row.id for row in offers],
        "next": _write(place, mark),
        "more": place.floor is not None,
        "whole": whole,
    }


def code_name(code: str) -> str:
    """What stands for a card's code at a till: 96 bits of a hash. The code is random, so nobody can try them out."""
    return base64.urlsafe_b64encode(hashlib.sha256(code.encode()).digest()[:12]).decode()


def initials(name: str) -> str:
    """The first letters of somebody's first and last name."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else ""


def _changed(connection: Connection, asked: Asked, since: int) -> list[SnapshotRow] | None:
    """Cards that were changed or made since then; None when that is not known, or they are too many."""
    heard = asked.live.recent.after(since, MOST_CHANGED)
    if heard is None:
        return None
    made = snapshot.made_since(connection, asked.business_id, id_floor(since), most=PAGE_CARDS)
    if len(made) == PAGE_CARDS:
        return None
    rows = {row.id: row for row in made}
    rows |= {row.id: row for row in snapshot.some(connection, asked.business_id, heard)}
    return list(rows.values())


def _faces(
    connection: Connection, asked: Asked, rows: list[SnapshotRow], offers: list[ProgrammeRow], *, whole: bool
) -> list[tuple[str, int, int, int, str, int]]:
    """The cards as they stand under their programme's current version; a code that was replaced stands for nothing."""
    number = {row.id: n for n, row in enumerate(offers)}
    current = [row.version for row in offers]
    versions = [ledger.versions(connection, asked.business_id, row.id, row.version) for row in offers]
    keys, faces = asked.keys, []
    for row in rows:
        n = number[row.programme_id]
        figures = row.figures
        if figures.version < current[n]:
            figures = cards.catch_up(figures, versions[n], current[n])
        name = code_name(keys.card_code(asked.business_id, row.id, row.code_number))
        # A till on its own hands out the main reward alone.
        ready = max(0, figures.balance(None))
        faces.append((name, figures.stamps, figures.needed, ready, initials(row.name), n))
        if not whole:
            faces += [(dead, 0, figures.needed, 0, "", n) for dead in _dead_codes(keys, asked.business_id, row)]
    return faces


def _dead_codes(keys: Keys, business_id: int, row: SnapshotRow) -> list[str]:
    return [code_name(keys.card_code(business_id, row.id, number)) for number in range(row.code_number)]


def _mark(offers: list[ProgrammeRow]) -> str:
    """What a snapshot depends on as a whole: this database, and what its programmes promise."""
    told = repr((server_epoch(), [(row.id, row.version) for row in offers]))
    return hashlib.blake2b(told.encode(), digest_size=9).hexdigest()


def _write(place: Place, mark: str) -> str:
    values = [mark, place.began, place.whole_at, place.floor, place.after.hex()]
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def _read(cursor: str | None, mark: str, now: int) -> Place | None:
    """Where this till is; None when it has to begin anew: it has nothing, or what it has no longer holds."""
    if cursor is None:
        return None
    try:
        known, began, whole_at, floor, after = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_"))
        place = Place(int(began), int(whole_at), None if floor is None else int(floor), bytes.fromhex(after))
    except (ValueError, TypeError, binascii.Error):
        return None
    is_recent = now - WHOLE_AGAIN_MS < place.whole_at <= place.began <= now and len(place.after) in (0, 16)
    return place if known == mark and is_recent else None
