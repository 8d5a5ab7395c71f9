"""Vouchers and their uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from api.db import Statement
from api.store.goodwill import ReasonKind
from api.tables.cards import Card
from api.tables.goodwill import Voucher, VoucherUse
from api.tables.shops import Shop, Staff, Till
from rules import vouchers as rules


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use: when, where and by whom. undone_at: it was a slip of the cashier's; ms since 1970."""

    id: bytes
    voucher_id: bytes
    used_at: int
    till_id: bytes
    undone_at: int | None
    shop: str | None = None
    till: str | None = None
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """A voucher, and its use that stands. card_number: of its card's code; without a card it is a slip."""

    id: bytes
    card_id: bytes | None
    for_rules: rules.Voucher
    reason_kind: ReasonKind
    reason_id: bytes
    issued_at: int
    issued_by: str
    card_number: int | None = None
    use: UseRow | None = None


_B, _ID, _CARD, _AT = bindparam("business_id"), bindparam("voucher_id"), bindparam("card_id"), bindparam("at")
_V, _U = Voucher, VoucherUse
_VOUCHER = (
    _V.id, _V.card_id, _V.kind, _V.what, _V.percent, _V.amount, _V.cost, _V.expires_at, _V.withdrawn_at,
    _V.reason_kind, _V.reason_id, _V.issued_at, _V.issued_by,
)  # fmt: skip
_USE = (_U.id.label("use_id"), _U.voucher_id, _U.used_at, _U.till_id, _U.undone_at)
_PLACE = (Shop.name.label("shop"), Till.name.label("till"), Staff.name.label("staff"))
_stands = and_(_U.business_id == _V.business_id, _U.voucher_id == _V.id, _U.undone_at.is_(None))
_shop = and_(Shop.business_id == _U.business_id, Shop.id == _U.shop_id)
_till = and_(Till.business_id == _U.business_id, Till.id == _U.till_id)
_staff = and_(Staff.business_id == _U.business_id, Staff.id == _U.staff_id)
_vouchers = (
    select(*_VOUCHER, Card.code_number, *_USE, *_PLACE)
    .select_from(_V)
    .outerjoin(Card, and_(Card.business_id == _V.business_id, Card.id == _V.card_id))
    .outerjoin(_U, _stands)
    .outerjoin(Shop, _shop)
    .outerjoin(Till, _till)
    .outerjoin(Staff, _staff)
    .where(_V.business_id == _B)
)
_ONE = Statement(_vouchers.where(_V.id == _ID))
_BY_CODE = Statement(_vouchers.where(_V.code_hash == bindparam("code_hash")))
_FOR = Statement(_vouchers.where(_V.reason_kind == bindparam("reason_kind"), _V.reason_id == bindparam("reason_id")))
_ON_CARD = Statement(_vouchers.where(_V.card_id == _CARD).order_by(_V.id.desc()))
_READY_ON = Statement(
    _vouchers.where(_V.card_id == _CARD, _V.withdrawn_at.is_(None), _U.id.is_(None), _V.expires_at > _AT).order_by(
        _V.expires_at, _V.id
    )
)
# Of one that is still good nobody knows yet whether it will be used.
_RAN_OUT = Statement(
    select(func.count(), func.count(_U.id))
    .select_from(_V)
    .outerjoin(_U, _stands)
    .where(_V.business_id == _B, _V.withdrawn_at.is_(None), _V.expires_at > bindparam("since"), _V.expires_at <= _AT)
)
_HOLD = Statement(select(_V.id).where(_V.business_id == _B, _V.id == _ID).with_for_update())
_ISSUE = Statement(
    insert(_V).values(
        {
            name: bindparam(name)
            for name in (
                "business_id", "id", "card_id", "code_hash", "kind", "what", "percent", "amount", "cost",
                "reason_kind", "reason_id", "issued_at", "issued_by", "expires_at",
            )
        }
    )
)  # fmt: skip
_WITHDRAW = Statement(
    update(_V).where(_V.business_id == _B, _V.id == _ID).values(withdrawn_at=_AT, withdrawn_by=bindparam("by"))
)
_FIND_USE = Statement(
    select(*_USE, *_PLACE)
    .select_from(_U)
    .outerjoin(Shop, _shop)
    .outerjoin(Till, _till)
    .outerjoin(Staff, _staff)
    .where(_U.business_id == _B, _U.id == bindparam("use_id"))
)
_ADD_USE = Statement(
    insert(_U).values(
        {
            name: bindparam(name)
            for name in ("business_id", "id", "voucher_id", "used_at", "shop_id", "till_id", "staff_id")
        }
    )
)
_UNDO = Statement(
    update(_U)
    .where(_U.business_id == _B, _U.id == bindparam("use_id"))
    .values(undone_at=_AT, undone_by=bindparam("by"))
)


def find(connection: Connection, business_id: int, voucher_id: bytes) -> VoucherRow | None:
    """One voucher of this business."""
    return _row(_ONE.one(connection, business_id=business_id, voucher_id=voucher_id))


def by_code(connection: Connection, business_id: int, code_hash: bytes) -> VoucherRow | None:
    """The voucher on the slip with this code."""
    return _row(_BY_CODE.one(connection, business_id=business_id, code_hash=code_hash))


def given_for(connection: Connection, business_id: int, kind: ReasonKind, reason_id: bytes) -> VoucherRow | None:
    """The voucher that was issued for a reason."""
    return _row(_FOR.one(connection, business_id=business_id, reason_kind=kind, reason_id=reason_id))


def on_card(connection: Connection, business_id: int, card_id: bytes) -> list[VoucherRow]:
    """Every voucher of a card, the newest first."""
    rows = _ON_CARD.all(connection, business_id=business_id, card_id=card_id)
    return [found for found in map(_row, rows) if found is not None]


def ready_on(connection: Connection, business_id: int, card_id: bytes, *, now: int) -> list[VoucherRow]:
    """The vouchers of a card that can be used now, the one that runs out first before the others."""
    rows = _READY_ON.all(connection, business_id=business_id, card_id=card_id, at=now)
    return [found for found in map(_row, rows) if found is not None]


def ran_out(connection: Connection, business_id: int, *, since: int, at: int) -> tuple[int, int]:
    """How many vouchers came to the end of their time between two moments, and how many of them had been used."""
    row = _RAN_OUT.one(connection, business_id=business_id, since=since, at=at)
    return (int(row[0]), int(row[1])) if row else (0, 0)


def hold(connection: Connection, business_id: int, voucher_id: bytes) -> VoucherRow | None:
    """The voucher, held until the transaction ends."""
    if _HOLD.one(connection, business_id=business_id, voucher_id=voucher_id) is None:
        return None
    return find(connection, business_id, voucher_id)  # only now: another till may have been first


def issue(connection: Connection, business_id: int, row: VoucherRow, *, code_hash: bytes | None) -> None:
    """Write a new voucher. Raises IntegrityError when one was issued for this reason before."""
    voucher = row.for_rules
    _ISSUE.run(
        connection, business_id=business_id, id=row.id, card_id=row.card_id, code_hash=code_hash, kind=voucher.kind,
        what=voucher.what, percent=voucher.percent, amount=voucher.amount, cost=voucher.cost,
        reason_kind=row.reason_kind, reason_id=row.reason_id, issued_at=row.issued_at, issued_by=row.issued_by,
        expires_at=voucher.expires_at,
    )  # fmt: skip


def withdraw(connection: Connection, business_id: int, voucher_id: bytes, *, by: str, at: int) -> None:
    """A voucher that is held is good for nothing any more."""
    _WITHDRAW.run(connection, business_id=business_id, voucher_id=voucher_id, by=by, at=at)


def use(connection: Connection, business_id: int, use_id: bytes) -> UseRow | None:
    """The use with this id, also when it was undone."""
    row = _FIND_USE.one(connection, business_id=business_id, use_id=use_id)
    return None if row is None else UseRow(*row)


def add_use(
    connection: Connection,
    business_id: int,
    *,
    id: bytes,
    voucher_id: bytes,
    shop_id: bytes | None,
    till_id: bytes | None,
    staff_id: bytes | None,
    at: int,
) -> None:
    """Write down a use. Raises IntegrityError when the voucher has one that stands, or the id is taken."""
    _ADD_USE.run(
        connection, business_id=business_id, id=id, voucher_id=voucher_id, used_at=at, shop_id=shop_id,
        till_id=till_id, staff_id=staff_id,
    )  # fmt: skip


def undo(connection: Connection, business_id: int, use_id: bytes, *, by: str, at: int) -> None:
    """A use was a slip of the cashier's."""
    _UNDO.run(connection, business_id=business_id, use_id=use_id, by=by, at=at)


def _row(row: Sequence[Any] | None) -> VoucherRow | None:
    if row is None:
        return None
    id, card_id, kind, what, percent, amount, cost, expires_at, withdrawn_at, *rest = row
    reason_kind, reason_id, issued_at, issued_by, card_number, *used = rest
    use = None if used[0] is None else UseRow(*used)
    voucher = rules.Voucher(
        kind, what, percent, amount, cost, expires_at, withdrawn_at, None if use is None else use.used_at
    )
    return VoucherRow(id, card_id, voucher, reason_kind, reason_id, issued_at, issued_by, card_number, use)
