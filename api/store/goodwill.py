"""Goodwill: what a business allows, and what was given for which reason."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, and_, bindparam, func, insert, not_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_leave

from api.db import Statement
from api.tables.goodwill import GoodwillGift, GoodwillPolicy, Voucher, VoucherUse
from rules.goodwill import Kind, Policy

ReasonKind = Literal["case"]


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """What a business allows; updated_at: 0 and author: empty while nobody has changed it."""

    policy: Policy
    author: str
    updated_at: int


@dataclass(frozen=True, slots=True)
class GiftRow:
    """What was given for one reason. staff_id, till_id: which of the staff, where; None for an owner."""

    reason_kind: ReasonKind
    reason_id: bytes
    kind: Kind
    cost: int
    given_at: int
    given_by: str
    staff_id: bytes | None
    till_id: bytes | None
    bonus_id: bytes | None
    taken_back_at: int | None = None


_B, _AT, _SINCE, _UNTIL = bindparam("business_id"), bindparam("at"), bindparam("since"), bindparam("until")
_POLICY = ("monthly_budget", "staff_per_case", "staff_per_day", "voucher_days")
_policy = select(
    *[getattr(GoodwillPolicy, name) for name in _POLICY], GoodwillPolicy.author, GoodwillPolicy.updated_at
).where(GoodwillPolicy.business_id == _B)
_READ, _HOLD = Statement(_policy), Statement(_policy.with_for_update())
_MAKE = Statement(
    insert_or_leave(GoodwillPolicy)
    .values({name: bindparam(name) for name in ("business_id", *_POLICY, "author", "updated_at")})
    .on_conflict_do_nothing()
)
_SAVE = Statement(
    update(GoodwillPolicy)
    .where(GoodwillPolicy.business_id == _B)
    .values({name: bindparam(f"new_{name}") for name in (*_POLICY, "author", "updated_at")})
)
_G = GoodwillGift
_GIFT = (
    "reason_kind", "reason_id", "kind", "cost", "given_at", "given_by", "staff_id", "till_id", "bonus_id",
    "taken_back_at",
)  # fmt: skip
_ADD = Statement(insert(_G).values({name: bindparam(name) for name in ("business_id", *_GIFT)}))
_gift = select(*[getattr(_G, name) for name in _GIFT]).where(_G.business_id == _B)
_FOR = Statement(_gift.where(_G.reason_kind == bindparam("reason_kind"), _G.reason_id == bindparam("reason_id")))
_AS_BONUS = Statement(_gift.where(_G.bonus_id == bindparam("bonus_id")))
_TAKE_BACK = Statement(
    update(_G)
    .where(
        _G.business_id == _B,
        _G.reason_kind == bindparam("of_kind"),
        _G.reason_id == bindparam("of_reason"),
        _G.taken_back_at.is_(None),
    )
    .values(taken_back_at=_AT)
)
_as_voucher = and_(
    Voucher.business_id == _G.business_id,
    Voucher.reason_kind == _G.reason_kind,
    Voucher.reason_id == _G.reason_id,
)
_its_use = and_(
    VoucherUse.business_id == Voucher.business_id, VoucherUse.voucher_id == Voucher.id, VoucherUse.undone_at.is_(None)
)
# What ran out unused costs nothing after all.
_SPENT = Statement(
    select(func.sum(_G.cost))
    .select_from(_G)
    .outerjoin(Voucher, _as_voucher)
    .outerjoin(VoucherUse, _its_use)
    .where(
        _G.business_id == _B,
        _G.given_at >= _SINCE,
        _G.given_at < _UNTIL,
        _G.taken_back_at.is_(None),
        not_(and_(Voucher.id.is_not(None), Voucher.expires_at <= _AT, VoucherUse.id.is_(None))),
    )
)
_given = select(func.sum(_G.cost)).where(_G.business_id == _B, _G.given_at >= _SINCE, _G.taken_back_at.is_(None))
_BY_STAFF = Statement(_given.where(_G.staff_id == bindparam("staff_id")))
_AT_TILL = Statement(_given.where(_G.till_id == bindparam("till_id"), _G.staff_id.is_(None)))


def policy(connection: Connection, business_id: int) -> PolicyRow:
    """What a business allows, or what holds until it says so."""
    row = _READ.one(connection, business_id=business_id)
    return PolicyRow(Policy(), "", 0) if row is None else PolicyRow(Policy(*row[:4]), row[4], row[5])


def hold(connection: Connection, business_id: int) -> PolicyRow:
    """What a business allows, held until the transaction ends: nobody else gives anything meanwhile."""
    row = _HOLD.one(connection, business_id=business_id)
    if row is None:
        usual = {name: getattr(Policy(), name) for name in _POLICY}
        _MAKE.run(connection, business_id=business_id, author="", updated_at=0, **usual)
        row = _HOLD.one(connection, business_id=business_id)
    if row is None:
        raise LookupError(f"business {business_id} has no goodwill policy, and just got one")
    return PolicyRow(Policy(*row[:4]), row[4], row[5])


def save(connection: Connection, business_id: int, row: PolicyRow) -> None:
    """Write back a policy that was held."""
    values = {f"new_{name}": getattr(row.policy, name) for name in _POLICY}
    _SAVE.run(connection, business_id=business_id, new_author=row.author, new_updated_at=row.updated_at, **values)


def spent(connection: Connection, business_id: int, *, since: int, until: int, at: int) -> int:
    """What was given between two moments, less what was taken back, or ran out unused by now (at); smallest unit."""
    row = _SPENT.one(connection, business_id=business_id, since=since, until=until, at=at)
    return int(row[0] or 0) if row else 0


def given_since(
    connection: Connection, business_id: int, *, staff_id: bytes | None, till_id: bytes | None, since: int
) -> int:
    """What one of the staff has given since then; without a name, what was given at a till by nobody in particular."""
    if staff_id is not None:
        row = _BY_STAFF.one(connection, business_id=business_id, staff_id=staff_id, since=since)
    else:
        row = _AT_TILL.one(connection, business_id=business_id, till_id=till_id, since=since)
    return int(row[0] or 0) if row else 0


def add(connection: Connection, business_id: int, gift: GiftRow) -> None:
    """Write down what was given. Raises IntegrityError when something was given for this reason before."""
    _ADD.run(connection, business_id=business_id, **{name: getattr(gift, name) for name in _GIFT})


def given_for(connection: Connection, business_id: int, kind: ReasonKind, reason_id: bytes) -> GiftRow | None:
    """What was given for a reason, also when it was taken back."""
    row = _FOR.one(connection, business_id=business_id, reason_kind=kind, reason_id=reason_id)
    return None if row is None else GiftRow(*row)


def given_as(connection: Connection, business_id: int, bonus_id: bytes) -> GiftRow | None:
    """What became this line of the ledger."""
    row = _AS_BONUS.one(connection, business_id=business_id, bonus_id=bonus_id)
    return None if row is None else GiftRow(*row)


def take_back(connection: Connection, business_id: int, gift: GiftRow, *, at: int) -> bool:
    """What was given has been undone. False when it had been before."""
    changed = _TAKE_BACK.run(
        connection, business_id=business_id, of_kind=gift.reason_kind, of_reason=gift.reason_id, at=at
    )
    return changed > 0
