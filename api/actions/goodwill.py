"""Goodwill: what a business allows, who gives, and giving: once for each reason, within the limits and the budget."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.actions import cards, vouchers
from api.actions.callers import Caller
from api.errors import Problem
from api.keys import Keys
from api.store import businesses, goodwill, ledger, programmes, shops, staff
from api.store.goodwill import GiftRow, PolicyRow, ReasonKind
from api.store.ledger import CardRow
from api.store.staff import StaffRow
from api.store.vouchers import VoucherRow
from rules.goodwill import Policy, Purse, Remedy, Status, midnight, month, verdict
from rules.programme import Terms
from rules.vouchers import Voucher, expires_at


@dataclass(frozen=True, slots=True)
class Giver:
    """Who gives: an owner, or one of the staff at a till. name: as the case's lines show it."""

    name: str
    by_owner: bool
    staff_id: bytes | None = None
    till_id: bytes | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What came of wanting to give something, and what it costs. Unless status is ok, nothing was given."""

    status: Status
    cost: int
    left: int | None
    voucher: VoucherRow | None = None


def set_policy(connection: Connection, business_id: int, policy: Policy, *, author: str, now: int) -> PolicyRow:
    """What a business allows from now on. A budget below what is spent already means that nothing is left."""
    goodwill.hold(connection, business_id)
    row = PolicyRow(policy, author, now)
    goodwill.save(connection, business_id, row)
    return row


def giver(connection: Connection, caller: Caller) -> Giver:
    """Who gives something here and now. Raises Problem sign_on_needed where nobody of the staff works this till."""
    if caller.till_id is None:
        return Giver(caller.name, by_owner=True)
    someone = signed_on(connection, caller)
    if someone is None and any(row.active for row in staff.staff(connection, caller.business_id)):
        raise Problem("sign_on_needed")
    name, staff_id = (caller.name, None) if someone is None else (someone.name, someone.id)
    return Giver(name, by_owner=False, staff_id=staff_id, till_id=caller.till_id)


def signed_on(connection: Connection, caller: Caller) -> StaffRow | None:
    """Who of the staff works the till that asks, if anybody does."""
    till = None if caller.till_id is None else shops.till(connection, caller.business_id, caller.till_id)
    if till is None or till.staff_id is None:
        return None
    people = staff.staff(connection, caller.business_id)
    return next((row for row in people if row.active and row.id == till.staff_id), None)


def purse(connection: Connection, business_id: int, policy: Policy, who: Giver, *, now: int) -> Purse:
    """What there is to give from, for whoever gives."""
    zone = time_zone(connection, business_id)
    since, until = month(now, zone)
    given = 0
    if not who.by_owner:
        given = goodwill.given_since(
            connection, business_id, staff_id=who.staff_id, till_id=who.till_id, since=midnight(now, zone)
        )
    return Purse(policy, given, goodwill.spent(connection, business_id, since=since, until=until, at=now))


def give(
    connection: Connection,
    remedy: Remedy,
    *,
    reason: tuple[ReasonKind, bytes],
    card: CardRow | None,
    who: Giver,
    caller: Caller,
    keys: Keys,
    now: int,
) -> Given:
    """Give something for a reason, if whoever gives may. The policy is held meanwhile: two at once never pass it.

    Raises Problem no_card for stamps without a card.
    """
    business_id = caller.business_id
    if remedy.kind == "stamps" and card is None:
        raise Problem("no_card", pointer="/kind", value=remedy.kind)
    policy = goodwill.hold(connection, business_id).policy
    held = purse(connection, business_id, policy, who, now=now)
    cost = remedy.cost(prices(connection, business_id, card))
    status = verdict(cost, held, by_owner=who.by_owner)
    if status != "ok":
        return Given(status, cost, held.left)
    bonus_id = None
    if remedy.kind == "stamps" and card is not None:
        given = cards.give(
            connection, caller=caller, card_id=card.id, stamps=remedy.stamps, staff_id=who.staff_id, now=now
        )
        bonus_id = given.id
    gift = GiftRow(
        *reason, remedy.kind, cost, given_at=now, given_by=who.name, staff_id=who.staff_id, till_id=who.till_id,
        bonus_id=bonus_id,
    )  # fmt: skip
    goodwill.add(connection, business_id, gift)
    left = None if held.left is None else held.left - cost
    return Given("ok", cost, left, _voucher(connection, gift, remedy, card, policy, business_id, keys))


def prices(connection: Connection, business_id: int, card: CardRow | None) -> Terms:
    """The terms that say what things cost: those of the card's programme; on a slip, of the first that is offered."""
    if card is not None:
        programme_id, version = card.programme_id, card.programme_version
    else:
        rows = programmes.programmes(connection, business_id)
        first = next((row for row in rows if row.is_offered), rows[0])
        programme_id, version = first.id, first.version
    return ledger.versions(connection, business_id, programme_id, version)[version].terms


def time_zone(connection: Connection, business_id: int) -> ZoneInfo:
    """Where the business is."""
    business = businesses.business(connection, business_id)
    return ZoneInfo("UTC" if business is None else business.time_zone)


def _voucher(
    connection: Connection,
    gift: GiftRow,
    remedy: Remedy,
    card: CardRow | None,
    policy: Policy,
    business_id: int,
    keys: Keys,
) -> VoucherRow | None:
    """The voucher a remedy is, issued; None for one that is none."""
    kind = remedy.voucher_kind
    if kind is None:
        return None
    end = expires_at(gift.given_at, policy.voucher_days, time_zone(connection, business_id))
    return vouchers.issue(
        connection,
        business_id,
        Voucher(kind, remedy.item, remedy.percent, remedy.amount, gift.cost, end),
        card_id=None if card is None else card.id,
        reason=(gift.reason_kind, gift.reason_id),
        author=gift.given_by,
        keys=keys,
        now=gift.given_at,
    )
