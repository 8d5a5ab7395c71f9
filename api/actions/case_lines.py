"""A line more of a case, and goodwill that is taken back, which is such a line too."""

from sqlalchemy import Connection

from api.store import cases, goodwill
from api.store.cases import CaseRow, LineRow
from api.store.goodwill import GiftRow
from rules.cases import add


def append(connection: Connection, business_id: int, case: CaseRow, line: LineRow) -> CaseRow:
    """Write one more line of a case that is held; the case with it."""
    return cases.append(connection, business_id, case, line, add(case.standing, line.for_rules))


def take_back(
    connection: Connection, business_id: int, gift: GiftRow, *, author: str, words: str | None, now: int
) -> None:
    """What was given has been undone: its price can be given again, and the case it was given for says so."""
    if not goodwill.take_back(connection, business_id, gift, at=now):
        return
    case = cases.hold(connection, business_id, gift.reason_id) if gift.reason_kind == "case" else None
    if case is not None:
        append(connection, business_id, case, LineRow("withdrawn", now, author, words, cost=-gift.cost))
