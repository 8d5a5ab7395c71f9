"""Cases: what went wrong, told at a till, in the console or by other software; put right, declined, noted."""

from collections.abc import Callable
from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field, StringConstraints
from sqlalchemy import Connection

from api import db
from api.actions import cases as actions
from api.actions.cases import Outcome, Told
from api.errors import Problem
from api.routes.cards import find_card
from api.routes.case_faces import CaseFace, CaseInFull, case_face, case_in_full
from api.routes.door import Asked, path_id, route
from api.routes.paging import Page, link_next, read_cursor
from api.shapes import Code, Id, Moment, Shape
from api.store import cases
from api.store.cases import CaseRow
from rules.cases import State
from rules.goodwill import MOST, Kind, Remedy
from rules.programme import BadTerms
from rules.vouchers import WHAT_LENGTH

bp = Blueprint("cases", __name__, url_prefix="/api/v1")

SOURCES = {"till": "till", "owner": "console", "software": "software"}
# Where a list begins that begins at the newest.
FIRST = (1 << 53, b"\xff" * 16)
# People tell it in lines; NUL no database keeps as text, and nothing but blanks says nothing.
_SAID = r"^[^\x00]*[^\s\x00][^\x00]*$"
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_SAID)]
Contact = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_SAID)]
Thing = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=WHAT_LENGTH, pattern=_SAID)]


class ToldIn(Shape):
    """What went wrong. id: made by whoever tells it, so that telling it twice is harmless.

    severity: 1, a small thing, to 3, a ruined day. wish: what the customer would like; contact: how to reach them.
    """

    id: Id
    severity: int = Field(default=2, ge=1, le=3)
    what: Said
    wish: Kind | None = None
    contact: Contact | None = None
    happened_at: Moment | None = None


class CaseIn(ToldIn):
    """What went wrong, with which card and in which shop; a till that names none means its own."""

    card: Code | None = None
    shop: Id | None = None


class RemedyIn(Shape):
    """How it is put right, and in which words. A field that belongs to another kind is refused.

    stamps: with `stamps`. item: with `replacement`. percent: with `percent`. amount: with `amount` and `money_back`,
    in the smallest unit. order_ref: with `money_back`, the receipt; Tenth moves no money.
    """

    kind: Kind
    stamps: int | None = Field(default=None, ge=1, le=MOST["stamps"])
    item: Thing | None = None
    percent: int | None = Field(default=None, ge=1, le=MOST["percent"])
    amount: int | None = Field(default=None, ge=1, le=MOST["amount"])
    order_ref: Thing | None = None
    words: Said | None = None


class ApprovalIn(Shape):
    """The owner's words to the customer, instead of those of whoever offered it."""

    words: Said | None = None


class CaseWords(Shape):
    """Words: of a note, for the staff; of a decline, for the customer."""

    words: Said


class CaseQuery(Page):
    """Which cases: in this state; a till is shown those of its shop that nobody has closed, whatever the state."""

    state: State | None = None


class CaseList(Shape):
    """Cases, the latest opened first."""

    items: list[CaseFace]


@route(
    bp,
    "POST",
    "/cases",
    who=("till", "owner", "software"),
    body=CaseIn,
    answer=CaseInFull,
    status=201,
    problems=("unknown_card", "card_replaced", "not_found", "conflict"),
)
def open_case(asked: Asked) -> Any:
    """Somebody tells what went wrong. The same case told again is the same answer."""
    body, caller, card_id = asked.body, asked.who.caller, None
    if body.card is not None:
        with db.reading() as connection:
            card, replaced = find_card(connection, asked, body.card, own=True)
        if replaced:
            raise Problem("card_replaced")
        card_id = card.id
    told = read_told(body, SOURCES[asked.who.kind], shop_id=body.shop or caller.shop_id, card_id=card_id)
    return _case(
        asked, lambda connection: actions.open_case(connection, told, caller=caller, keys=asked.keys, now=asked.now)
    )


@route(bp, "GET", "/cases", who=("owner", "till"), query=CaseQuery, answer=CaseList)
def list_cases(asked: Asked) -> Any:
    """Every case, the latest opened first; for a till those of its shop that nobody has closed."""
    at, id = read_cursor(asked, int, bytes) or FIRST
    most = asked.query.limit
    with db.reading() as connection:
        if asked.who.kind == "till":
            shop_id = asked.who.caller.shop_id or b""
            rows = cases.waiting_in(connection, asked.business_id, shop_id, before=(at, id), most=most + 1)
        else:
            state = asked.query.state
            rows = cases.page(connection, asked.business_id, state=state, before=(at, id), most=most + 1)
    if len(rows) > most:
        link_next(asked, rows[most - 1].opened_at, rows[most - 1].id)
    return {"items": [case_face(row, asked) for row in rows[:most]]}


@route(bp, "GET", "/cases/<case_id>", who=("owner", "till", "software"), answer=CaseInFull)
def show_case(asked: Asked, case_id: str) -> Any:
    """One case: its lines, what the card had before, and what may be offered."""
    id = path_id(case_id)
    with db.reading() as connection:
        return case_in_full(connection, actions.find(connection, asked.business_id, id), asked)


@route(
    bp,
    "POST",
    "/cases/<case_id>/remedies",
    who=("till", "owner"),
    body=RemedyIn,
    answer=CaseInFull,
    status=201,
    also={202: CaseInFull},
    problems=("already_settled", "sign_on_needed", "no_card", "over_budget"),
)
def put_right(asked: Asked, case_id: str) -> Any:
    """Put it right. What is beyond the limits of whoever gives it is offered, and waits for the owner (202)."""
    id, body, wished = path_id(case_id), asked.body, _remedy(asked.body)
    return _outcome(
        asked,
        lambda connection: actions.remedy(
            connection, id, wished, words=body.words, caller=asked.who.caller, keys=asked.keys, now=asked.now
        ),
    )


@route(
    bp,
    "POST",
    "/cases/<offered_id>/approvals",
    who=("owner",),
    body=ApprovalIn,
    answer=CaseInFull,
    status=201,
    problems=("already_settled", "conflict", "no_card", "over_budget"),
)
def approve_offer(asked: Asked, offered_id: str) -> Any:
    """The owner says yes to what one of the staff has offered."""
    id, words = path_id(offered_id), asked.body.words
    return _outcome(
        asked,
        lambda connection: actions.approve(
            connection, id, words=words, caller=asked.who.caller, keys=asked.keys, now=asked.now
        ),
    )


@route(
    bp,
    "POST",
    "/cases/<case_id>/declines",
    who=("owner",),
    body=CaseWords,
    answer=CaseInFull,
    status=201,
    problems=("already_settled",),
)
def decline_case(asked: Asked, case_id: str) -> Any:
    """Say no, and why, in words the customer reads."""
    id, words, caller = path_id(case_id), asked.body.words, asked.who.caller
    return _case(asked, lambda connection: actions.decline(connection, id, words=words, caller=caller, now=asked.now))


@route(bp, "POST", "/cases/<case_id>/notes", who=("till", "owner"), body=CaseWords, answer=CaseInFull, status=201)
def note_on_case(asked: Asked, case_id: str) -> Any:
    """Something to remember about a case, also a closed one; the customer does not see it."""
    id, words, caller = path_id(case_id), asked.body.words, asked.who.caller
    return _case(asked, lambda connection: actions.note(connection, id, words=words, caller=caller, now=asked.now))


def read_told(body: ToldIn, source: str, *, shop_id: bytes | None, card_id: bytes | None) -> Told:
    """What was told, for the action."""
    return Told(
        body.id, source, body.severity, body.what, body.wish, body.contact, body.happened_at, shop_id, card_id
    )  # fmt: skip


def _remedy(body: RemedyIn) -> Remedy:
    """Raises Problem invalid for what makes no sense together."""
    named = ("stamps", "item", "percent", "amount", "order_ref")
    try:
        return Remedy(body.kind, **{name: getattr(body, name) for name in named if getattr(body, name) is not None})
    except BadTerms as error:
        pointer = f"/{error.field}"
        errors = [{"pointer": pointer, "code": "bad_terms", "message": error.message, "value": error.value}]
        raise Problem("invalid", f"{pointer}: {error.message}", errors=errors) from None


def _case(asked: Asked, action: Callable[[Connection], CaseRow]) -> Any:
    return _told(asked, lambda connection: (action(connection), 201))


def _outcome(asked: Asked, action: Callable[[Connection], Outcome]) -> Any:
    def run(connection: Connection) -> tuple[CaseRow, int]:
        outcome = action(connection)
        return outcome.case, 201 if outcome.is_settled else 202

    return _told(asked, run)


def _told(asked: Asked, action: Callable[[Connection], tuple[CaseRow, int]]) -> Any:
    """Run an action on a case, tell it in full, and wake the phone that watches its card."""
    touched: list[bytes] = []

    def run(connection: Connection) -> Any:
        row, status = action(connection)
        touched[:] = [] if row.card_id is None else [row.card_id]
        return case_in_full(connection, row, asked), status

    answer = asked.write(run)
    for card_id in touched:
        asked.live.changed(card_id)
    return answer
