"""What a till asks for itself: to be paired, who and where it is, who works it, and the card in front of it."""

from typing import Any, Literal

from flask import Blueprint
from pydantic import Field

from api import auth, db, passwords
from api.actions import staff as staff_actions
from api.actions import tills as actions
from api.errors import Problem
from api.ids import moment_text
from api.routes import cookies
from api.routes.cards import card_as_it_stands, find_card
from api.routes.door import Asked, route
from api.routes.events import server_epoch, till_seen
from api.routes.faces import CardFace, Line, card_face, history_lines, logo_url
from api.routes.shops import promises
from api.routes.voucher_faces import VoucherFace, voucher_face
from api.shapes import Code, Id, Moment, Pin, Shape
from api.store import businesses, campaigns, ledger, shops, staff, vouchers
from rules import codes

bp = Blueprint("counter", __name__, url_prefix="/api/v1")

RECENT_LINES = 5


class PairingIn(Shape):
    """The code from the owner's screen."""

    code: Code


class ThisTill(Shape):
    """The till itself."""

    id: Id
    name: str


class ItsShop(Shape):
    """Where it stands."""

    id: Id
    name: str
    join_code: str


class ItsBusiness(Shape):
    """Whose it is."""

    id: int
    name: str
    language: str
    time_zone: str
    currency: str
    logo: str | None


class TillProgramme(Shape):
    """A programme with the terms a cashier needs."""

    id: Id
    name: str
    reward: str
    stamps_needed: int
    stamp_for: Literal["visit", "item", "spend"]
    spend_per_stamp: int
    max_per_visit: int
    cooldown_seconds: int
    version: int


class ItemOfTheMonth(Shape):
    """What a campaign gives something for, from when and (null: to no end) until when; it may be paused meanwhile."""

    item: str
    starts_at: Moment
    ends_at: Moment | None


class TillStaff(Shape):
    """Someone who may sign on here."""

    id: Id
    name: str
    locked_until: Moment | None


class SignedOn(Shape):
    """Who works this till now."""

    id: Id
    name: str


class OfflineRules(Shape):
    """What a till may hand out with no network, and for how long what it last saw of a card is good enough for that."""

    redeem: Literal["never", "limited"]
    per_card: int
    per_till: int
    hours: int


class TillState(Shape):
    """All a till needs to work, also with no network. With no staff, no PIN is asked."""

    till: ThisTill
    shop: ItsShop
    business: ItsBusiness
    programmes: list[TillProgramme]
    items: list[ItemOfTheMonth]
    staff: list[TillStaff]
    signed_on: SignedOn | None
    lock_after_seconds: int
    offline: OfflineRules
    server_time: Moment
    epoch: str


class TillQuery(Shape):
    """epoch: which life of the service's database this till had its last answer from; empty before the first."""

    epoch: str = Field(default="", pattern=r"^[0-9A-Za-z_-]{0,100}$")


class SignOnIn(Shape):
    """Who, and their PIN."""

    staff: Id
    pin: Pin


class TillCard(Shape):
    """A card in front of a till, with what happened to it last. max_per_visit: in stamps; vouchers: those ready now."""

    card: CardFace
    stamp_for: Literal["visit", "item", "spend"]
    max_per_visit: int
    cooldown_seconds: int
    recent: list[Line]
    vouchers: list[VoucherFace]


@route(
    bp,
    "POST",
    "/pairings",
    who=("anyone",),
    body=PairingIn,
    answer=TillState,
    status=201,
    problems=("unknown_pairing_code", "pairing_code_used", "pairing_code_expired"),
    limit="10/minute",
    once=False,
)
def pair_till(asked: Asked) -> Any:
    """Turn this device into a till; sets the cookies."""
    secret = db.write(lambda connection: actions.pair(connection, asked.body.code, keys=asked.keys, now=asked.now))
    with db.reading() as connection:
        who = auth.Tills().find(connection, asked.keys, secret)
    if who is None:
        raise Problem("sign_in_needed")
    cookies.give(asked, "till", who.secret_hash, secret)
    return _state(asked, who)


@route(bp, "GET", "/till", who=("till",), query=TillQuery, answer=TillState, revoked_too=True)
def show_till(asked: Asked) -> Any:
    """Who and where this till is. Gives its cookies anew, so that a till in use stays paired; takes a revoked one's."""
    if asked.who.revoked:
        # One that has not heard of a restore may have more to hand in, and needs its cookies for that.
        if asked.query.epoch in ("", server_epoch()):
            cookies.take(asked, "till")
        return Problem("sign_in_needed", epoch=server_epoch()).response()
    till_seen(asked)
    cookies.renew_till(asked)
    return _state(asked, asked.who)


@route(
    bp,
    "POST",
    "/till/sign-ons",
    who=("till",),
    body=SignOnIn,
    answer=SignedOn,
    status=201,
    problems=("not_found", "wrong_pin", "locked_out"),
    limit="60/minute",
    once=False,
)
def sign_on(asked: Asked) -> Any:
    """Sign on with a PIN."""
    staff_id, caller = asked.body.staff, asked.who.caller
    attempt = db.write(lambda c: staff_actions.take_try(c, asked.business_id, staff_id, now=asked.now))
    if not passwords.password_fits(attempt.pin_hash, asked.body.pin):
        if attempt.wait_seconds:
            raise staff_actions.locked_out(attempt.wait_seconds)
        raise Problem("wrong_pin", tries_left=attempt.tries_left)
    db.write(lambda connection: actions.sign_on(connection, caller=caller, staff_id=staff_id))
    asked.forget_tills()
    return {"id": attempt.id, "name": attempt.name}


@route(bp, "DELETE", "/till/sign-ons/current", who=("till",), status=204)
def sign_off(asked: Asked) -> Any:
    """Nobody works this till now."""
    db.write(lambda connection: actions.sign_off(connection, caller=asked.who.caller))
    asked.forget_tills()


@route(bp, "GET", "/till/cards/<code>", who=("till",), answer=TillCard, problems=("unknown_card", "card_replaced"))
def show_till_card(asked: Asked, code: str) -> Any:
    """A card of this business by its code, scanned or typed, with its last lines."""
    is_short = len(codes.fold(code)) == codes.SHORT_LENGTH
    if is_short:
        asked.hold("30/minute", "short_code")
    with db.reading() as connection:
        row, replaced = (_by_short_code if is_short else _by_long_code)(connection, asked, code)
        if replaced:
            raise Problem("card_replaced")
        state = card_as_it_stands(connection, row)
        events = ledger.history(connection, row.business_id, row.last_event_id)
        versions = ledger.versions(connection, row.business_id, row.programme_id, row.programme_version)
        ready = vouchers.ready_on(connection, row.business_id, row.id, now=asked.now)
    return {
        "card": card_face(state, asked.keys, asked.settings, now=asked.now),
        "stamp_for": state.version.terms.stamp_for,
        "max_per_visit": state.version.terms.most_per_visit,
        "cooldown_seconds": state.version.terms.cooldown_seconds,
        "recent": history_lines(row, events, versions, private=True)[:RECENT_LINES],
        "vouchers": [voucher_face(voucher, asked.now) for voucher in ready],
    }


def _by_long_code(connection: Any, asked: Asked, code: str) -> tuple[ledger.CardRow, bool]:
    return find_card(connection, asked, code, own=True)


def _by_short_code(connection: Any, asked: Asked, code: str) -> tuple[ledger.CardRow, bool]:
    short_hash = asked.keys.lookup("short", asked.business_id, codes.fold(code))
    row = ledger.card_by_short_code(connection, asked.business_id, short_hash)
    if row is None:
        raise Problem("unknown_card", value=code[:60])
    return row, False


def _state(asked: Asked, who: auth.Principal) -> dict[str, Any]:
    business_id, till = who.business_id, who.row
    with db.reading() as connection:
        business = businesses.business(connection, business_id)
        shop = shops.shop(connection, business_id, till.shop_id)
        people = [row for row in staff.staff(connection, business_id) if row.active]
        offers = promises(connection, business_id)
        items = campaigns.items_of_the_month(connection, business_id, asked.now)
    if business is None or shop is None:
        raise LookupError("a till stands in a shop of a business")
    at_work = next((row for row in people if row.id == till.staff_id), None)
    return {
        "till": {"id": till.id, "name": till.name},
        "shop": {"id": shop.id, "name": shop.name, "join_code": shop.join_code},
        "business": {
            "id": business.id,
            "name": business.name,
            "language": business.language,
            "time_zone": business.time_zone,
            "currency": business.currency,
            "logo": logo_url(business.id, business.logo_version),
        },
        "programmes": [
            {
                "id": row.id,
                "name": row.name,
                "reward": terms.reward,
                "stamps_needed": terms.stamps_needed,
                "stamp_for": terms.stamp_for,
                "spend_per_stamp": terms.spend_per_stamp,
                "max_per_visit": terms.most_per_visit,
                "cooldown_seconds": terms.cooldown_seconds,
                "version": row.version,
            }
            for row, terms in offers
        ],
        "items": [
            {
                "item": row.rules.item,
                "starts_at": moment_text(row.starts_at),
                "ends_at": None if row.ends_at is None else moment_text(row.ends_at),
            }
            for row in items
        ],
        "staff": [{"id": row.id, "name": row.name, "locked_until": _lock(row, asked.now)} for row in people],
        "signed_on": None if at_work is None else {"id": at_work.id, "name": at_work.name},
        "lock_after_seconds": business.lock_after_seconds,
        "offline": {
            "redeem": business.offline_redeem,
            "per_card": business.offline_per_card,
            "per_till": business.offline_per_till,
            "hours": business.offline_hours,
        },
        "server_time": moment_text(asked.now),
        "epoch": server_epoch(),
    }


def _lock(row: staff.StaffRow, now: int) -> str | None:
    """Until when someone is locked out, while it lasts."""
    return moment_text(row.locked_until) if row.locked_until is not None and row.locked_until > now else None
