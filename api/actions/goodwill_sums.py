"""Checking that every case is its lines, and everything given the vouchers and stamps that it became."""

from sqlalchemy import Connection

from api.ids import id_text
from api.store import cases, goodwill_sums
from api.store.cases import CaseRow
from api.store.goodwill_sums import GiftSum
from rules.cases import replay
from rules.goodwill import REASON

VOUCHERS = ("replacement", "percent", "amount")


def verify(connection: Connection) -> tuple[int, str | None]:
    """Add up every case; how many were checked, and the first thing that does not fit, in words."""
    checked = 0
    for business_id in goodwill_sums.businesses(connection):
        gifts = {gift.reason_id: gift for gift in goodwill_sums.every_gift(connection, business_id)}
        for row in goodwill_sums.every_case(connection, business_id):
            checked += 1
            wrong = _case(connection, business_id, row, gifts.pop(row.id, None))
            if wrong is not None:
                return checked, f"case {id_text(row.id)} of business {business_id} {wrong}"
        for gift in gifts.values():
            return checked, f"goodwill for {id_text(gift.reason_id)} of business {business_id} belongs to no case"
        for voucher_id in goodwill_sums.odd_vouchers(connection, business_id):
            return checked, f"voucher {id_text(voucher_id)} of business {business_id} was never given, or used wrongly"
    return checked, None


def _case(connection: Connection, business_id: int, row: CaseRow, gift: GiftSum | None) -> str | None:
    """What does not fit with a case and what was given for it."""
    lines = cases.lines(connection, business_id, row.id)
    told = replay(line.for_rules for line in lines)
    if told != row.standing:
        return f"has {row.standing}, its lines make {told}"
    stands = gift is not None and not gift.taken_back
    if row.standing.cost != (gift.cost if gift is not None and stands else 0):
        return f"has cost {row.standing.cost}, and what was given for it says otherwise"
    if (row.standing.state == "settled") != (gift is not None):
        return f"is {row.standing.state}, and what was given for it says otherwise"
    if gift is None:
        return None
    remedy = next(line.remedy for line in reversed(lines) if line.kind == "settled")
    if remedy is None or remedy.kind != gift.kind:
        return f"was settled with {remedy}, and {gift.kind} was given"
    if gift.kind in VOUCHERS and (gift.voucher_cost != gift.cost or gift.withdrawn != gift.taken_back):
        return "was settled with a voucher that is not there, or another one"
    if gift.kind == "stamps" and (
        gift.bonus_stamps != remedy.stamps or gift.bonus_reason != REASON or gift.bonus_voided != gift.taken_back
    ):
        return "was settled with stamps that are not in the ledger, or others"
    return None
