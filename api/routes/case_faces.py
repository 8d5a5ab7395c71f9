"""How a case looks in JSON: in a list, in full to whoever decides, and to the customer."""

from typing import Any, Literal

from sqlalchemy import Connection

from api.actions import cases as actions
from api.actions import goodwill as goodwill_actions
from api.ids import id_text, moment_text
from api.routes.door import Asked
from api.routes.goodwill import giver_here
from api.routes.voucher_faces import GivenVoucher, VoucherFace, given_voucher, voucher_face
from api.shapes import Id, Moment, Shape
from api.store import cases, goodwill, vouchers
from api.store.cases import CaseRow, LineRow
from rules.cases import CLOSED, LineKind, Rating, State
from rules.goodwill import Kind, Remedy, Status, suggestions, verdict


class RemedyFace(Shape):
    """One way to put something right; what does not belong to its kind is left out."""

    kind: Kind
    stamps: int | None = None
    item: str | None = None
    percent: int | None = None
    amount: int | None = None
    order_ref: str | None = None


class CaseLineFace(Shape):
    """One thing that happened with a case. cost: what it adds, below zero where something was taken back."""

    kind: LineKind
    at: Moment
    author: str
    words: str | None
    remedy: RemedyFace | None
    cost: int
    rating: Rating | None


class EarlierCases(Shape):
    """What the same card had before this case."""

    cases: int
    settled: int
    cost: int


class Suggestion(Shape):
    """What may be offered, what it costs, and whether whoever asks may give it now."""

    remedy: RemedyFace
    cost: int
    verdict: Status


class CaseFace(Shape):
    """A case as it stands. card: its code. author: who opened it, empty for the customer.

    answered_after_seconds: from its opening to the first time anybody offered, settled or declined it; null until then,
    while waiting_seconds counts. cost: what was given and not taken back.
    """

    id: Id
    state: State
    source: Literal["phone", "till", "console", "software"]
    severity: int
    what: str
    wish: Kind | None
    shop: str | None
    card: str | None
    author: str
    happened_at: Moment
    opened_at: Moment
    answered_after_seconds: int | None
    waiting_seconds: int | None
    closed_at: Moment | None
    put_right: Rating | None
    cost: int


class CaseInFull(CaseFace):
    """A case with all there is to decide on it. contact: for the owner alone. suggestions: while it is not closed.

    offered: what waits for the owner's yes.
    """

    contact: str | None
    lines: list[CaseLineFace]
    earlier: EarlierCases
    suggestions: list[Suggestion]
    offered: Suggestion | None
    left: int | None
    voucher: GivenVoucher | None


class CardCase(Shape):
    """A case as its customer sees it. what, answer: for whoever holds the private link, and the business itself.

    answer: the words it was answered with.
    """

    id: Id
    state: Literal["open", "settled", "declined"]
    what: str | None
    opened_at: Moment
    answered_at: Moment | None
    answer: str | None
    remedy: RemedyFace | None
    voucher: VoucherFace | None
    put_right: Rating | None


def case_face(row: CaseRow, asked: Asked) -> dict[str, Any]:
    """A case as it stands."""
    at, code = row.standing.answered_at, None
    if row.card_id is not None and row.card_number is not None:
        code = asked.keys.card_code(asked.business_id, row.card_id, row.card_number)
    return {
        "id": id_text(row.id),
        "state": row.standing.state,
        "source": row.source,
        "severity": row.severity,
        "what": row.what,
        "wish": row.wish,
        "shop": row.shop,
        "card": code,
        "author": row.author,
        "happened_at": moment_text(row.happened_at),
        "opened_at": moment_text(row.opened_at),
        "answered_after_seconds": None if at is None else _seconds(row.opened_at, at),
        "waiting_seconds": _seconds(row.opened_at, asked.now) if at is None else None,
        "closed_at": _moment(row.standing.closed_at),
        "put_right": row.standing.put_right,
        "cost": row.standing.cost,
    }


def case_in_full(connection: Connection, row: CaseRow, asked: Asked) -> dict[str, Any]:
    """A case with all there is to decide on it, for whoever asks."""
    business_id = asked.business_id
    earlier = cases.earlier(connection, business_id, row)
    voucher = vouchers.given_for(connection, business_id, "case", row.id)
    policy = goodwill.policy(connection, business_id).policy
    who = giver_here(connection, asked)
    purse = goodwill_actions.purse(connection, business_id, policy, who, now=asked.now)
    lines = cases.lines(connection, business_id, row.id)
    terms = goodwill_actions.prices(connection, business_id, actions.card_of(connection, business_id, row))
    listed, waits = [], None
    if row.standing.state not in CLOSED:
        listed = suggestions(row.severity, row.wish, policy, terms, on_card=row.card_id is not None)
    if row.standing.state == "offered":
        waits = next(line.remedy for line in reversed(lines) if line.kind == "offered")

    def priced(remedy: Remedy) -> dict[str, Any]:
        cost = remedy.cost(terms)
        return {"remedy": remedy.as_dict(), "cost": cost, "verdict": verdict(cost, purse, by_owner=who.by_owner)}

    contact = None if row.contact is None or asked.who.kind != "owner" else asked.keys.unseal(row.contact).decode()
    return case_face(row, asked) | {
        "contact": contact,
        "lines": [_line_face(line) for line in lines],
        "earlier": {"cases": earlier.cases, "settled": earlier.settled, "cost": earlier.cost},
        "suggestions": [priced(remedy) for remedy in listed],
        "offered": None if waits is None else priced(waits),
        "left": purse.left,
        "voucher": None
        if voucher is None
        else given_voucher(voucher, asked.keys, asked.settings, business_id=business_id, now=asked.now),
    }


def card_case(connection: Connection, business_id: int, row: CaseRow, *, private: bool, now: int) -> dict[str, Any]:
    """A case as its customer sees it; an offer that waits for the owner is not theirs yet. private: with the words."""
    closed = row.standing.state in CLOSED
    lines = cases.lines(connection, business_id, row.id) if closed else []
    answer = next((line for line in reversed(lines) if line.kind in CLOSED), None)
    voucher = vouchers.given_for(connection, business_id, "case", row.id) if closed else None
    return {
        "id": id_text(row.id),
        "state": row.standing.state if closed else "open",
        "what": row.what if private else None,
        "opened_at": moment_text(row.opened_at),
        "answered_at": _moment(row.standing.closed_at),
        "answer": answer.words if private and answer is not None else None,
        "remedy": _remedy_face(None if answer is None else answer.remedy),
        "voucher": None if voucher is None else voucher_face(voucher, now),
        "put_right": row.standing.put_right,
    }


def _line_face(line: LineRow) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "at": moment_text(line.at),
        "author": line.author,
        "words": line.words,
        "remedy": _remedy_face(line.remedy),
        "cost": line.cost,
        "rating": line.rating,
    }


def _remedy_face(remedy: Remedy | None) -> dict[str, Any] | None:
    return None if remedy is None else remedy.as_dict()


def _seconds(since: int, until: int) -> int:
    return max(0, until - since) // 1000


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
