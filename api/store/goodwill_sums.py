"""Cases beside their lines, and what was given beside the vouchers, uses and stamps that it became: for verify."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select

from api.db import Statement
from api.store import cases
from api.store.cases import CaseRow
from api.tables.businesses import Business
from api.tables.events import Event
from api.tables.goodwill import Case, GoodwillGift, Voucher, VoucherUse


@dataclass(frozen=True, slots=True)
class GiftSum:
    """What was given for a reason, and what it became; None where there is no such thing."""

    reason_id: bytes
    kind: str
    cost: int
    taken_back: bool
    voucher_cost: int | None
    withdrawn: bool
    bonus_stamps: int | None
    bonus_reason: str | None
    bonus_voided: bool


_B = bindparam("business_id")
_G, _V, _U = GoodwillGift, Voucher, VoucherUse
_BUSINESSES = Statement(select(Business.id).order_by(Business.id))
_CASES = Statement(select(Case.id).where(Case.business_id == _B).order_by(Case.id))
_void = Event.__table__.alias("void")
_GIFTS = Statement(
    select(
        _G.reason_id, _G.kind, _G.cost, _G.taken_back_at, _V.cost.label("voucher_cost"), _V.withdrawn_at, Event.stamps,
        Event.reason, _void.c.id,
    )
    .select_from(_G)
    .outerjoin(
        _V,
        and_(_V.business_id == _G.business_id, _V.reason_kind == _G.reason_kind, _V.reason_id == _G.reason_id),
    )
    .outerjoin(Event, and_(Event.business_id == _G.business_id, Event.id == _G.bonus_id))
    .outerjoin(
        _void,
        and_(
            _void.c.business_id == _G.business_id,
            _void.c.ref == _G.bonus_id,
            _void.c.kind == literal_column("'void'"),
        ),
    )
    .where(_G.business_id == _B)
    .order_by(_G.reason_id)
)  # fmt: skip
# A voucher that nobody gave, or that was used more than once, too late, or after it was taken back.
_ODD_VOUCHERS = Statement(
    select(_V.id)
    .select_from(_V)
    .outerjoin(
        _G, and_(_G.business_id == _V.business_id, _G.reason_kind == _V.reason_kind, _G.reason_id == _V.reason_id)
    )
    .outerjoin(_U, and_(_U.business_id == _V.business_id, _U.voucher_id == _V.id, _U.undone_at.is_(None)))
    .where(_V.business_id == _B)
    .group_by(_V.id, _V.expires_at, _V.withdrawn_at)
    .having(
        or_(
            func.count(_G.reason_id) < 1,
            func.count(_U.id) > 1,
            func.max(_U.used_at) >= _V.expires_at,
            and_(_V.withdrawn_at.is_not(None), func.count(_U.id) > 0),
        )
    )
    .order_by(_V.id)
)


def businesses(connection: Connection) -> list[int]:
    """Every business there is."""
    return [row[0] for row in _BUSINESSES.all(connection)]


def every_case(connection: Connection, business_id: int) -> Iterator[CaseRow]:
    """Every case of a business."""
    for (case_id,) in _CASES.all(connection, business_id=business_id):
        row = cases.find(connection, business_id, case_id)
        if row is not None:
            yield row


def every_gift(connection: Connection, business_id: int) -> list[GiftSum]:
    """Everything that was given, with what it became."""
    return [
        GiftSum(id, kind, cost, back is not None, voucher, withdrawn is not None, stamps, reason, void is not None)
        for id, kind, cost, back, voucher, withdrawn, stamps, reason, void in _GIFTS.all(
            connection, business_id=business_id
        )
    ]


def odd_vouchers(connection: Connection, business_id: int) -> list[bytes]:
    """Vouchers that nobody gave, or that were used when they could not be."""
    return [row[0] for row in _ODD_VOUCHERS.all(connection, business_id=business_id)]
