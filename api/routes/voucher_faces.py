"""How a voucher looks in JSON: to whoever holds its card or slip, and with a slip's code to whoever gives it."""

from typing import Any, Literal

from pydantic import Field

from api.ids import id_text, moment_text
from api.keys import Keys
from api.settings import Settings
from api.shapes import Id, Moment, Shape
from api.store.vouchers import UseRow, VoucherRow
from rules.vouchers import MOST_AMOUNT, Kind, State


class VoucherUsed(Shape):
    """When and where a voucher was used."""

    at: Moment
    shop: str | None
    till: str | None


class VoucherFace(Shape):
    """What a voucher is good for: an item for nothing, or so many per cent or so much money off.

    what: the item; with the others what they are off, null for any bill. amount: in the smallest unit. on_card: else it
    is a slip with a code of its own.
    """

    id: Id
    kind: Kind
    what: str | None
    percent: int | None = Field(ge=1, le=100)
    amount: int | None = Field(ge=1, le=MOST_AMOUNT)
    state: State
    reason: Literal["case"]
    on_card: bool
    issued_at: Moment
    expires_at: Moment
    used: VoucherUsed | None


class GivenVoucher(VoucherFace):
    """A voucher as whoever gives it sees it. code, url: of a slip, which nobody else is told; null on a card."""

    code: str | None
    url: str | None


def voucher_face(row: VoucherRow, now: int) -> dict[str, Any]:
    """A voucher, as everybody may see it."""
    voucher = row.for_rules
    return {
        "id": id_text(row.id),
        "kind": voucher.kind,
        "what": voucher.what or None,
        "percent": voucher.percent or None,
        "amount": voucher.amount or None,
        "state": voucher.state(now),
        "reason": row.reason_kind,
        "on_card": row.card_id is not None,
        "issued_at": moment_text(row.issued_at),
        "expires_at": moment_text(voucher.expires_at),
        "used": None if row.use is None else used_face(row.use),
    }


def used_face(use: UseRow) -> dict[str, Any]:
    """When and where."""
    return {"at": moment_text(use.used_at), "shop": use.shop, "till": use.till}


def given_voucher(row: VoucherRow, keys: Keys, settings: Settings, *, business_id: int, now: int) -> dict[str, Any]:
    """A voucher, for whoever gives it."""
    code = None if row.card_id is not None else keys.voucher_code(business_id, row.id)
    url = None if code is None else f"{settings.public_url}/v/{code}"
    return voucher_face(row, now) | {"code": code, "url": url}
