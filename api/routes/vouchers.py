"""Vouchers: what is on a card or a slip, used at a till that asks, undone there, taken back by the owner."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from api import db, qr
from api.actions import vouchers as actions
from api.errors import Problem
from api.ids import id_text
from api.routes.card_qr import KEEP_SECONDS, Size
from api.routes.cards import EVERYONE, find_card
from api.routes.door import Asked, path_id, route
from api.routes.faces import BusinessFace, logo_url
from api.routes.tills import Nothing
from api.routes.voucher_faces import VoucherFace, VoucherUsed, used_face, voucher_face
from api.shapes import Code, Id, Shape, Words
from api.store import businesses, vouchers
from api.store.vouchers import VoucherRow
from rules import codes

bp = Blueprint("vouchers", __name__, url_prefix="/api/v1")


class CardVouchers(Shape):
    """Every voucher of a card, the newest first, and what money is in."""

    items: list[VoucherFace]
    currency: str


class SlipVoucher(VoucherFace):
    """A voucher on a slip, whose it is, and what money is in."""

    business: BusinessFace
    currency: str


class VoucherUseIn(Shape):
    """use_id: made by the till, once, before the first try. card: the code of the card that the voucher is on."""

    use_id: Id
    card: Code | None = None


class VoucherUseOut(VoucherUsed):
    """The use, and the voucher with it."""

    use_id: Id
    staff: str | None
    voucher: VoucherFace


class WithdrawalIn(Shape):
    """Why a voucher is taken back."""

    reason: Words


@route(bp, "GET", "/cards/<code>/vouchers", who=EVERYONE, answer=CardVouchers, problems=("unknown_card",))
def card_vouchers(asked: Asked, code: str) -> Any:
    """Every voucher of a card; on the code of a card that was replaced there are none."""
    with db.reading() as connection:
        card, replaced = find_card(connection, asked, code)
        rows = [] if replaced else vouchers.on_card(connection, card.business_id, card.id)
    return {"items": [voucher_face(row, asked.now) for row in rows], "currency": card.currency}


@route(bp, "GET", "/vouchers/<slip_code>", who=("anyone",), answer=SlipVoucher, limit="120/minute")
def show_voucher(asked: Asked, slip_code: str) -> Any:
    """The voucher on the slip with this code, for whoever holds it."""
    with db.reading() as connection:
        business_id, row = _by_code(connection, asked, slip_code)
        business = businesses.business(connection, business_id)
    if business is None:
        raise LookupError("a voucher belongs to a business")
    return voucher_face(row, asked.now) | {
        "business": {
            "name": business.name,
            "language": business.language,
            "time_zone": business.time_zone,
            "logo": logo_url(business.id, business.logo_version),
        },
        "currency": business.currency,
    }


@route(bp, "GET", "/vouchers/<slip_code>/qr.svg", who=("anyone",), query=Size, produces="image/svg+xml")
def voucher_qr_svg(asked: Asked, slip_code: str) -> Response:
    """The QR code of a voucher on a slip, as a vector picture."""
    return _picture(asked, slip_code, qr.svg, "image/svg+xml")


@route(bp, "GET", "/vouchers/<slip_code>/qr.png", who=("anyone",), query=Size, produces="image/png")
def voucher_qr_png(asked: Asked, slip_code: str) -> Response:
    """The QR code of a voucher on a slip, as pixels."""
    return _picture(asked, slip_code, qr.png, "image/png")


@route(
    bp,
    "POST",
    "/vouchers/<voucher_id>/uses",
    who=("till",),
    body=VoucherUseIn,
    answer=VoucherUseOut,
    status=201,
    problems=(
        "unknown_card",
        "card_replaced",
        "voucher_used",
        "voucher_expired",
        "voucher_withdrawn",
        "voucher_not_for_this_card",
        "already_voided",
        "conflict",
    ),
)
def use_voucher(asked: Asked, voucher_id: str) -> Any:
    """Hand over what a voucher is good for. The same use_id again is the same answer; another one is refused."""
    id, body, card = path_id(voucher_id), asked.body, None
    if body.card is not None:
        with db.reading() as connection:
            card, replaced = find_card(connection, asked, body.card, own=True)
        if replaced:
            raise Problem("card_replaced")
    card_id = None if card is None else card.id

    def action(connection: Connection) -> Any:
        used = actions.use(connection, id, use_id=body.use_id, card_id=card_id, caller=asked.who.caller, now=asked.now)
        voucher = voucher_face(used.voucher, asked.now)
        return used_face(used.use) | {"use_id": id_text(used.use.id), "staff": used.use.staff, "voucher": voucher}

    return _changed(asked, action, card_id)


@route(
    bp,
    "POST",
    "/vouchers/<voucher_id>/uses/<use_id>/voids",
    who=("till", "owner"),
    body=Nothing,
    answer=VoucherFace,
    status=201,
    problems=("already_voided", "not_voidable"),
)
def undo_voucher_use(asked: Asked, voucher_id: str, use_id: str) -> Any:
    """It was a slip: the voucher can be used again. A till undoes its own uses, an owner every one."""
    id, use = path_id(voucher_id), path_id(use_id)

    def action(connection: Connection) -> VoucherRow:
        return actions.undo(connection, id, use, caller=asked.who.caller, now=asked.now)

    return _changed(asked, lambda connection: voucher_face(action(connection), asked.now), _card_of(asked, id))


@route(
    bp,
    "POST",
    "/vouchers/<voucher_id>/withdrawals",
    who=("owner",),
    body=WithdrawalIn,
    answer=VoucherFace,
    status=201,
    problems=("voucher_used", "voucher_expired", "voucher_withdrawn"),
)
def withdraw_voucher(asked: Asked, voucher_id: str) -> Any:
    """Take back a voucher that was given by mistake and not used; its price can be given again."""
    id, words = path_id(voucher_id), asked.body.reason

    def action(connection: Connection) -> VoucherRow:
        return actions.withdraw(connection, id, words=words, caller=asked.who.caller, now=asked.now)

    return _changed(asked, lambda connection: voucher_face(action(connection), asked.now), _card_of(asked, id))


def _changed(asked: Asked, action: Callable[[Connection], Any], card_id: bytes | None) -> Any:
    """Run an action, and wake the phone that watches the card."""
    answer = asked.write(action)
    if card_id is not None:
        asked.live.changed(card_id)
    return answer


def _card_of(asked: Asked, voucher_id: bytes) -> bytes | None:
    with db.reading() as connection:
        row = vouchers.find(connection, asked.business_id, voucher_id)
    return None if row is None else row.card_id


def _by_code(connection: Any, asked: Asked, code: str) -> tuple[int, VoucherRow]:
    """The business and the voucher of a slip's code. Raises Problem not_found."""
    parts = codes.split_long(code)
    row = None
    if parts is not None:
        row = vouchers.by_code(connection, parts[1], asked.keys.lookup("voucher", parts[1], parts[0]))
    if parts is None or row is None:
        raise Problem("not_found", value=code[:60])
    return parts[1], row


def _picture(asked: Asked, code: str, draw: Callable[[str, int], bytes], mimetype: str) -> Response:
    with db.reading() as connection:
        _by_code(connection, asked, code)
    text = qr.voucher_address(asked.settings.public_url, codes.fold(code))
    response = Response(draw(text, asked.query.scale), mimetype=mimetype)
    response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
    response.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}"
    return response.make_conditional(request)
