"""Cases: what went wrong is told, somebody puts it right or says why not, the customer says whether that did it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.actions import goodwill
from api.actions.callers import Caller
from api.actions.case_lines import append
from api.errors import Problem
from api.ids import id_text, moment_text
from api.keys import Keys, content_hash
from api.store import cases, ledger, shops
from api.store.cases import CaseRow, LineRow
from api.store.ledger import CardRow
from api.store.vouchers import VoucherRow
from rules.cases import CLOSED, Rating, Standing
from rules.goodwill import Kind, Remedy

# A card opens at most one case from the phone in this time, unless the last one was closed meanwhile.
ONE_EACH_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells. source: phone, till, console or software; happened_at: ms since 1970, None: just now.

    wish: what they would like; contact: how to reach them, if they want to be.
    """

    id: bytes
    source: str
    severity: int
    what: str
    wish: Kind | None
    contact: str | None
    happened_at: int | None
    shop_id: bytes | None
    card_id: bytes | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case after somebody wanted to put it right. is_settled: else it waits for the owner."""

    case: CaseRow
    is_settled: bool
    voucher: VoucherRow | None = None


def open_case(connection: Connection, told: Told, *, caller: Caller, keys: Keys, now: int) -> CaseRow:
    """A new case; the same one told again is the same case.

    Raises Problem conflict when the id was told with other content, not_found for a shop that is not there, case_open
    when the card has opened another one from the phone just now.
    """
    business_id = caller.business_id
    content = content_hash(
        told.source, told.severity, told.what, told.wish, told.contact, told.happened_at, told.shop_id, told.card_id
    )
    if told.source == "phone" and told.card_id is not None:
        ledger.lock_by_id(connection, business_id, event_id=b"", till_id=None, card_id=told.card_id)  # one at a time
    known = cases.find(connection, business_id, told.id)
    if known is not None:
        if known.content != content:
            raise Problem("conflict", "This id was used for another case.", pointer="/id", value=id_text(told.id))
        return known
    if told.shop_id is not None and shops.shop(connection, business_id, told.shop_id) is None:
        raise Problem("not_found", "There is no such shop.", pointer="/shop", value=id_text(told.shop_id))
    if told.source == "phone" and told.card_id is not None:
        _one_each(connection, business_id, told.card_id, now)
    author = "" if told.source == "phone" else _author(connection, caller)
    row = CaseRow(
        told.id,
        told.shop_id,
        told.card_id,
        told.source,
        author,
        told.severity,
        told.what,
        told.wish,
        None if told.contact is None else keys.seal(told.contact.encode()),
        content,
        now if told.happened_at is None else told.happened_at,
        now,
        Standing(),
    )
    cases.add(connection, business_id, row)
    append(connection, business_id, row, LineRow("opened", now, author))
    return find(connection, business_id, row.id)


def remedy(
    connection: Connection,
    case_id: bytes,
    wished: Remedy,
    *,
    words: str | None,
    caller: Caller,
    keys: Keys,
    now: int,
) -> Outcome:
    """Put it right. What is beyond the giver's limits is offered and waits for the owner.

    Raises Problem not_found, already_settled, sign_on_needed, no_card; over_budget with what is left.
    """
    case = _open(connection, caller.business_id, case_id)
    who = goodwill.giver(connection, caller)
    return _put_right(connection, case, LineRow("offered", now, who.name, words, wished), who, caller, keys)


def approve(
    connection: Connection, case_id: bytes, *, words: str | None, caller: Caller, keys: Keys, now: int
) -> Outcome:
    """The owner says yes to what waits. words: instead of what whoever offered it wrote.

    Raises Problem not_found, already_settled, conflict when nothing waits; over_budget with what is left.
    """
    case = _open(connection, caller.business_id, case_id)
    lines = cases.lines(connection, caller.business_id, case_id)
    offered = next((line for line in reversed(lines) if line.kind == "offered"), None)
    if case.standing.state != "offered" or offered is None:
        raise Problem("conflict", "Nothing waits to be approved.")
    who = goodwill.giver(connection, caller)
    line = LineRow("offered", now, who.name, words or offered.words, offered.remedy)
    return _put_right(connection, case, line, who, caller, keys, approved=LineRow("approved", now, who.name, words))


def decline(connection: Connection, case_id: bytes, *, words: str, caller: Caller, now: int) -> CaseRow:
    """Say no, and why, in words the customer reads. Raises Problem not_found, already_settled."""
    case = _open(connection, caller.business_id, case_id)
    return _with(connection, caller, case, LineRow("declined", now, caller.name, words))


def note(connection: Connection, case_id: bytes, *, words: str, caller: Caller, now: int) -> CaseRow:
    """Something to remember, which the customer does not see. Raises Problem not_found."""
    case = _held(connection, caller.business_id, case_id)
    return _with(connection, caller, case, LineRow("note", now, _author(connection, caller), words))


def rate(connection: Connection, case_id: bytes, *, card: CardRow, rating: Rating, now: int) -> CaseRow:
    """The customer says whether it was put right; the last word counts.

    Raises Problem not_found for a case of another card, conflict while nobody has answered.
    """
    case = _held(connection, card.business_id, case_id)
    if case.card_id != card.id:
        raise Problem("not_found")
    if case.standing.state not in CLOSED:
        raise Problem("conflict", "Nobody has answered yet.")
    if case.standing.put_right == rating:
        return find(connection, card.business_id, case_id)
    append(connection, card.business_id, case, LineRow("rated", now, "", rating=rating))
    return find(connection, card.business_id, case_id)


def find(connection: Connection, business_id: int, case_id: bytes) -> CaseRow:
    """One case. Raises Problem not_found."""
    row = cases.find(connection, business_id, case_id)
    if row is None:
        raise Problem("not_found")
    return row


def card_of(connection: Connection, business_id: int, case: CaseRow) -> CardRow | None:
    """The card a case is about."""
    return None if case.card_id is None else ledger.card_by_id(connection, business_id, case.card_id)


def _put_right(
    connection: Connection,
    case: CaseRow,
    line: LineRow,
    who: goodwill.Giver,
    caller: Caller,
    keys: Keys,
    approved: LineRow | None = None,
) -> Outcome:
    """Give what a line offers, and settle the case; or leave it as an offer. Raises Problem over_budget, no_card.

    approved: what the owner said to it, if it had waited.
    """
    business_id, wished = caller.business_id, line.remedy
    if wished is None:
        raise ValueError("an offer names its remedy")
    card = card_of(connection, business_id, case)
    given = goodwill.give(
        connection, wished, reason=("case", case.id), card=card, who=who, caller=caller, keys=keys, now=line.at
    )
    if given.status == "over_budget":
        raise Problem("over_budget", cost=given.cost, left=given.left)
    if given.status == "needs_owner":
        return Outcome(_with(connection, caller, case, line), is_settled=False)
    if approved is not None:
        case = append(connection, business_id, case, approved)
    settled = LineRow("settled", line.at, line.author, line.words, wished, given.cost)
    return Outcome(_with(connection, caller, case, settled), is_settled=True, voucher=given.voucher)


def _with(connection: Connection, caller: Caller, case: CaseRow, line: LineRow) -> CaseRow:
    append(connection, caller.business_id, case, line)
    return find(connection, caller.business_id, case.id)


def _open(connection: Connection, business_id: int, case_id: bytes) -> CaseRow:
    """The case, held. Raises Problem not_found, or already_settled when somebody has closed it."""
    row = _held(connection, business_id, case_id)
    if row.standing.state in CLOSED:
        raise Problem("already_settled", state=row.standing.state)
    return row


def _held(connection: Connection, business_id: int, case_id: bytes) -> CaseRow:
    row = cases.hold(connection, business_id, case_id)
    if row is None:
        raise Problem("not_found")
    return row


def _one_each(connection: Connection, business_id: int, card_id: bytes, now: int) -> None:
    waiting = cases.waiting_on(connection, business_id, card_id, since=now - ONE_EACH_MS)
    if waiting:
        opened = waiting[0]
        raise Problem("case_open", case=id_text(opened.id), opened_at=moment_text(opened.opened_at))


def _author(connection: Connection, caller: Caller) -> str:
    """Whose hand it was: of the staff where somebody works the till, else the till, owner or software by name."""
    someone = goodwill.signed_on(connection, caller)
    return caller.name if someone is None else someone.name
