"""Vouchers: issued once for a reason, used once at a till that asks, undone, withdrawn."""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.actions.callers import Caller
from api.actions.case_lines import take_back
from api.errors import Problem
from api.ids import derived_id, id_text, moment_text
from api.keys import Keys
from api.store import goodwill, shops, vouchers
from api.store.goodwill import ReasonKind
from api.store.vouchers import UseRow, VoucherRow
from rules import codes
from rules.vouchers import Voucher


@dataclass(frozen=True, slots=True)
class Used:
    """A voucher and the use that was asked for."""

    voucher: VoucherRow
    use: UseRow


def issue(
    connection: Connection,
    business_id: int,
    voucher: Voucher,
    *,
    card_id: bytes | None,
    reason: tuple[ReasonKind, bytes],
    author: str,
    keys: Keys,
    now: int,
) -> VoucherRow:
    """A new voucher, on a card or else on a slip with a code of its own; its id follows from its reason."""
    kind, reason_id = reason
    row = VoucherRow(derived_id(reason_id, b"voucher", kind.encode()), card_id, voucher, kind, reason_id, now, author)
    code_hash = None
    if card_id is None:
        code = keys.voucher_code(business_id, row.id)
        code_hash = keys.lookup("voucher", business_id, code[: codes.SECRET_LENGTH])
    vouchers.issue(connection, business_id, row, code_hash=code_hash)
    return find(connection, business_id, row.id)


def find(connection: Connection, business_id: int, voucher_id: bytes) -> VoucherRow:
    """One voucher. Raises Problem not_found."""
    row = vouchers.find(connection, business_id, voucher_id)
    if row is None:
        raise Problem("not_found")
    return row


def use(
    connection: Connection,
    voucher_id: bytes,
    *,
    use_id: bytes,
    card_id: bytes | None,
    caller: Caller,
    now: int,
) -> Used:
    """Hand over what a voucher is good for. card_id: the card in front of the till; None: the slip itself.

    The same use again is the same answer, for ever. Raises Problem not_found; voucher_used with when and where,
    voucher_expired, voucher_withdrawn, voucher_not_for_this_card; already_voided for a use that was undone, conflict
    for an id that was used for another voucher.
    """
    business_id = caller.business_id
    row = _held(connection, business_id, voucher_id)
    known = vouchers.use(connection, business_id, use_id)
    if known is not None:
        return _again(row, known)
    objection = row.for_rules.objection(now, is_for_this_card=row.card_id is None or row.card_id == card_id)
    if objection is not None:
        raise _refusal(objection, row)
    till = shops.till(connection, business_id, caller.till_id or b"")
    vouchers.add_use(
        connection,
        business_id,
        id=use_id,
        voucher_id=row.id,
        shop_id=caller.shop_id,
        till_id=caller.till_id,
        staff_id=None if till is None else till.staff_id,
        at=now,
    )
    return Used(find(connection, business_id, row.id), _use(connection, business_id, use_id))


def undo(connection: Connection, voucher_id: bytes, use_id: bytes, *, caller: Caller, now: int) -> VoucherRow:
    """It was a slip: the voucher can be used again. A till undoes its own uses, an owner every one.

    Raises Problem not_found, not_voidable for a use at another till, already_voided.
    """
    business_id = caller.business_id
    row = _held(connection, business_id, voucher_id)
    known = vouchers.use(connection, business_id, use_id)
    if known is None or known.voucher_id != row.id:
        raise Problem("not_found")
    if known.undone_at is not None:
        raise Problem("already_voided")
    if caller.till_id is not None and caller.till_id != known.till_id:
        raise Problem("not_voidable")
    vouchers.undo(connection, business_id, use_id, by=caller.name, at=now)
    return find(connection, business_id, row.id)


def withdraw(connection: Connection, voucher_id: bytes, *, words: str, caller: Caller, now: int) -> VoucherRow:
    """Take back a voucher that was given by mistake; what it costs can be given again.

    Raises Problem not_found, or why there is nothing to take back: voucher_used, voucher_expired, voucher_withdrawn.
    """
    business_id = caller.business_id
    row = _held(connection, business_id, voucher_id)
    objection = row.for_rules.objection(now, is_for_this_card=True)
    if objection is not None:
        raise _refusal(objection, row)
    vouchers.withdraw(connection, business_id, row.id, by=caller.name, at=now)
    gift = goodwill.given_for(connection, business_id, row.reason_kind, row.reason_id)
    if gift is not None:
        take_back(connection, business_id, gift, author=caller.name, words=words, now=now)
    return find(connection, business_id, row.id)


def _held(connection: Connection, business_id: int, voucher_id: bytes) -> VoucherRow:
    row = vouchers.hold(connection, business_id, voucher_id)
    if row is None:
        raise Problem("not_found")
    return row


def _use(connection: Connection, business_id: int, use_id: bytes) -> UseRow:
    found = vouchers.use(connection, business_id, use_id)
    if found is None:
        raise LookupError(f"use {id_text(use_id)} was just written")
    return found


def _again(row: VoucherRow, known: UseRow) -> Used:
    if known.voucher_id != row.id:
        raise Problem("conflict", "Another voucher was used under this id.", pointer="/use_id", value=id_text(known.id))
    if known.undone_at is not None:
        raise Problem("already_voided", pointer="/use_id", value=id_text(known.id))
    return Used(row, known)


def _refusal(objection: str, row: VoucherRow) -> Problem:
    """Why not, with the data for one sentence: of a used one when and where that was."""
    why = {"code": objection}
    if objection == "voucher_used" and row.use is not None:
        why |= {"at": moment_text(row.use.used_at), "shop": row.use.shop or "", "till": row.use.till or ""}
    elif objection == "voucher_expired":
        why |= {"at": moment_text(row.for_rules.expires_at)}
    return Problem(objection, why=why)
