"""Making a card, replacing a lost one, a new phone's key, and the owner's adjustments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.actions import events, gifts
from api.actions.callers import Caller
from api.actions.claims import Claim, Result
from api.actions.standing import CardState, add, card_state, money
from api.actions.why import reward_name
from api.errors import Problem
from api.ids import moment_text, new_id
from api.keys import Keys, content_hash, new_secret
from api.store import cards as cards_store
from api.store import experiments, ledger
from api.store.ledger import CardRow, EventRow, NewEvent
from rules import codes
from rules.birthday import DAYS_BETWEEN
from rules.card import blank
from rules.experiments import is_treated
from rules.expiry import DAY_MS, expiry
from rules.goodwill import REASON as GOODWILL
from rules.programme import Version, find_tier

# What the line of a birthday gift says, and how the next one knows of it.
BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card just made or replaced, and the secret of its private link, which is shown this once."""

    card: CardState
    key: str


def make(
    connection: Connection,
    *,
    caller: Caller,
    programme_id: bytes,
    version: int,
    keys: Keys,
    now: int,
    customer_id: bytes | None = None,
    on_paper: bool = False,
) -> NewCard:
    """A new card of this programme, with its welcome stamps; of the arm it falls into where an experiment runs.

    on_paper: printed to be handed out some day, and so no part of any experiment.
    """
    business_id, card_id = caller.business_id, new_id(now)
    draw = None if on_paper else experiments.running(connection, business_id, programme_id)
    treated = draw is not None and is_treated(draw.experiment_id, card_id, draw.share)
    if draw is not None and treated:
        programme_id, version = draw.treatment_id, 1
    first = ledger.versions(connection, business_id, programme_id, version)[version]
    figures, welcome = blank(first), first.terms.welcome_stamps
    key = new_secret()
    cards_store.add(
        connection,
        business_id,
        id=card_id,
        programme_id=programme_id,
        shop_id=caller.shop_id,
        customer_id=customer_id,
        key_hash=keys.lookup("card-key", business_id, key),
        first_version=version,
        version=version,
        round_need=figures.round_need,
        unit=None if figures.unit == 1 else figures.unit,
        tiers=ledger.write_tiers(figures.tiers),
        created_at=now,
        touched_at=now,
        **_codes(connection, keys, business_id, card_id, 0, 0),
    )
    if draw is not None:
        experiments.draw(connection, business_id, draw.experiment_id, card_id, treated=treated)
    if welcome:
        _append(connection, caller, card_id, kind="bonus", stamps=welcome, reason="welcome", now=now)
    return NewCard(_state(connection, business_id, card_id), key)


def replace(connection: Connection, *, card: CardRow, caller: Caller, reason: str, keys: Keys, now: int) -> NewCard:
    """A new code and a new private link for a lost card: everything on it stays, the old code dies.

    Raises Problem card_replaced when somebody else has replaced it since it was looked up.
    """
    locked = _hold(connection, card.business_id, card.id)
    if locked.card.code_number != card.code_number:
        raise Problem("card_replaced")
    key = new_secret()
    cards_store.replace_codes(
        connection,
        card.business_id,
        card.id,
        reason=reason,
        author=caller.name,
        at=now,
        key_hash=keys.lookup("card-key", card.business_id, key),
        **_codes(
            connection, keys, card.business_id, card.id, locked.card.code_number + 1, locked.card.short_number + 1
        ),
    )
    return NewCard(_state(connection, card.business_id, card.id), key)


def new_phone(connection: Connection, *, business_id: int, card_id: bytes, keys: Keys) -> str:
    """A new secret for the card's private link; the old one dies."""
    key = new_secret()
    cards_store.set_key(connection, business_id, card_id, keys.lookup("card-key", business_id, key))
    return key


def adjust(
    connection: Connection,
    *,
    card: CardRow,
    stamps: int,
    rewards: int,
    reason: str,
    caller: Caller,
    now: int,
    tier: int | None = None,
) -> Result:
    """Add or take stamps or rewards by hand, with a reason. tier: whose rewards; None: the main ones.

    Raises Problem below_zero when the card has fewer, or when it would owe a tier that it no longer reaches;
    unknown_tier when the programme has none with this key.
    """
    locked = _hold(connection, card.business_id, card.id)
    state = card_state(connection, locked.card)
    figures = state.figures
    if tier is not None and find_tier(state.versions, tier, state.version.number) is None:
        raise Problem("unknown_tier", pointer="/tier", value=tier)
    ready = max(0, figures.balance(tier))
    if figures.stamps + stamps < 0 or ready + rewards < 0:
        raise Problem("below_zero", stamps=figures.stamps, rewards_ready=ready)
    result = _append(
        connection, caller, card.id,
        kind="adjust", stamps=stamps, rewards=rewards, tier=tier, reason=reason, now=now,
    )  # fmt: skip
    if result.card is not None and result.card.figures.rewards_owed > figures.rewards_owed:
        raise Problem("below_zero", stamps=figures.stamps, rewards_ready=figures.rewards_ready)
    return result


def forgive(connection: Connection, *, card: CardRow, reason: str, caller: Caller, now: int) -> Result:
    """Give a card exactly what it owes, with a reason: a line for each kind of reward, and the last of them is told.

    Raises Problem nothing_owed, also when it was settled since.
    """
    state = card_state(connection, _hold(connection, card.business_id, card.id).card)
    figures = state.figures
    stamps, rewards = figures.stamps_owed, max(0, -figures.balance(None))
    amount = -figures.total if stamps and money(state, 1) else None
    owed = {tier.key: -figures.balance(tier.key) for tier in figures.tiers if figures.balance(tier.key) < 0}
    results = [
        _append(connection, caller, card.id, kind="adjust", rewards=n, tier=tier, reason=reason, now=now)
        for tier, n in owed.items()
    ]
    if stamps or rewards:
        last = _append(
            connection, caller, card.id,
            kind="adjust", stamps=stamps, amount=amount, rewards=rewards, reason=reason, now=now,
        )  # fmt: skip
        results.append(last)
    if not results:
        raise Problem("nothing_owed")
    return results[-1]


def celebrate(connection: Connection, *, business_id: int, card_id: bytes, now: int) -> Result | None:
    """Give a card its birthday stamps, once a year; None when it had them, or when its programme gives none (now).

    Whether it is somebody's birthday is for the caller to know.
    """
    locked = _hold(connection, business_id, card_id)
    state = card_state(connection, locked.card)
    stamps = state.version.terms.birthday_stamps
    a_year_ago = now - DAYS_BETWEEN * DAY_MS
    lines = ledger.history(connection, business_id, state.last_event_id, since=a_year_ago)
    had = any(line.kind == "bonus" and line.reason == BIRTHDAY and line.received_at > a_year_ago for line in lines)
    if not stamps or had or not locked.card.programme_active:
        return None
    service = Caller(business_id, "service")
    return _append(connection, service, card_id, kind="bonus", stamps=stamps, reason=BIRTHDAY, now=now)


def give(
    connection: Connection, *, caller: Caller, card_id: bytes, stamps: int, staff_id: bytes | None, now: int
) -> Result:
    """Stamps as goodwill; whoever calls has seen to the budget."""
    return _append(
        connection, caller, card_id, kind="bonus", stamps=stamps, reason=GOODWILL, staff_id=staff_id, now=now
    )


def void(
    connection: Connection, *, card: CardRow, code: str, ref: bytes, reason: str, caller: Caller, keys: Keys, now: int
) -> Result:
    """Undo one event of a card, for the owner. Raises Problem not_found, already_voided or not_voidable."""
    line = ledger.event(connection, card.business_id, ref)
    if line is None or line.card_id != card.id:
        raise Problem("not_found", pointer="/ref")
    claim = Claim(new_id(now), "void", code, 1, now, False, None, None, ref, reason, {})
    result = events.record(connection, claim, caller=caller, keys=keys, now=now)
    if result.status in ("refused", "kept"):
        raise Problem(result.reason or "refused", why=result.why)
    return result


def expire(connection: Connection, *, business_id: int, card_id: bytes, now: int) -> list[Result]:
    """Let run out what is due on this card, each as an event of its own; nothing when nothing is due.

    A tier that was reached stays earned though the stamps below it run out: a line says so.
    """
    locked = _hold(connection, business_id, card_id)
    state = card_state(connection, locked.card)
    due = expiry(state.figures, state.version.terms)
    service = Caller(business_id, "service")
    figures = state.figures
    results = []
    if due.rewards_at is not None and due.rewards_at <= now:
        for tier in (None, *(tier.key for tier in figures.tiers)):
            rewards = -max(0, figures.balance(tier))
            if rewards:
                results.append(
                    _append(connection, service, card_id, kind="expire", rewards=rewards, tier=tier, now=now)
                )
    if due.stamps_at is not None and due.stamps_at <= now:
        stamps = -figures.stamps
        amount = -figures.progress if money(state, 1) else None
        results.append(_append(connection, service, card_id, kind="expire", stamps=stamps, amount=amount, now=now))
        for kept in figures.tiers:
            if 0 < kept.at <= figures.progress:
                results.append(_append(connection, service, card_id, kind="expire", rewards=1, tier=kept.key, now=now))
    return results


def _append(
    connection: Connection,
    caller: Caller,
    card_id: bytes,
    *,
    kind: str,
    stamps: int = 0,
    rewards: int = 0,
    amount: int | None = None,
    tier: int | None = None,
    reason: str | None = None,
    staff_id: bytes | None = None,
    now: int,
) -> Result:
    """Append an event of the house itself: a welcome, a birthday, goodwill, an adjustment, an expiry.

    amount: on a card that counts money, where it is not what the stamps come to.
    """
    locked = _hold(connection, caller.business_id, card_id)
    before = card_state(connection, locked.card)
    if stamps and amount is None:
        amount = money(before, stamps)
    event = NewEvent(
        id=new_id(now),
        kind=kind,
        stamps=stamps,
        rewards=rewards,
        happened_at=now,
        received_at=now,
        version=before.figures.version,
        shop_id=caller.shop_id,
        till_id=caller.till_id,
        staff_id=staff_id,
        ref=None,
        order_ref=None,
        reason=reason,
        author=caller.name or None,
        flag=None,
        source=caller.source,
        content=content_hash(kind, stamps, rewards, reason, tier, amount),
        tier=tier,
        amount=amount,
    )
    event, after = add(connection, before, event)
    ledger.append(connection, locked, event, after.figures)
    why = why_house(event, after.versions) | {
        "at": moment_text(now),
        "shop": caller.shop_name,
        "till": caller.till_name,
    }
    return Result(event.id, "applied", None, why, after)


def why_house(line: NewEvent | EventRow, versions: Mapping[int, Version]) -> dict[str, Any]:
    """What an event of the house did, as data for one sentence."""
    if line.source == "campaign":
        return gifts.why(line)
    if line.kind == "bonus":
        code = line.reason if line.reason in (BIRTHDAY, GOODWILL) else "welcome"
        return {"code": code, "quantity": line.stamps}
    if line.kind == "expire" and line.rewards > 0:
        return {"code": "tier_kept", "reward": reward_name(line.tier, versions, line.version)}
    if line.kind == "expire":
        ran_out = "expired_rewards" if line.rewards else "expired_stamps"
        return {"code": ran_out, "quantity": -(line.stamps or line.rewards)}
    why = {"code": "adjusted", "quantity": line.stamps, "rewards": line.rewards, "reason": line.reason}
    if line.tier is None:
        return why
    return why | {"code": "adjusted_reward", "reward": reward_name(line.tier, versions, line.version)}


def _hold(connection: Connection, business_id: int, card_id: bytes) -> ledger.Locked:
    locked = ledger.lock_by_id(connection, business_id, event_id=b"", till_id=None, card_id=card_id)
    if locked is None:
        raise Problem("unknown_card")
    return locked


def _state(connection: Connection, business_id: int, card_id: bytes) -> CardState:
    row = ledger.card_by_id(connection, business_id, card_id)
    if row is None:
        raise Problem("unknown_card")
    return card_state(connection, row)


def _codes(
    connection: Connection, keys: Keys, business_id: int, card_id: bytes, code_number: int, short_number: int
) -> dict[str, Any]:
    """The look-up hashes of a card's codes; the short one is drawn again while another card has it."""
    long = keys.card_code(business_id, card_id, code_number)[: codes.SECRET_LENGTH]
    while True:
        short = keys.short_code(business_id, card_id, short_number)
        short_hash = keys.lookup("short", business_id, short)
        if not cards_store.short_code_taken(connection, business_id, short_hash):
            break
        short_number += 1
    return {
        "code_number": code_number,
        "code_hash": keys.lookup("card", business_id, long),
        "short_number": short_number,
        "short_hash": short_hash,
    }
