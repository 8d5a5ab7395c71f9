"""Making a card, replacing a lost one, a new phone's key, and the owner's adjustments."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.actions import events
from api.actions.callers import Caller
from api.actions.events import CardState, Claim, Result
from api.errors import Problem
from api.ids import moment_text, new_id
from api.keys import Keys, content_hash, new_secret
from api.store import cards as cards_store
from api.store import ledger
from api.store.ledger import CardRow, NewEvent
from rules import codes
from rules.expiry import expiry


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
) -> NewCard:
    """A new card of this programme, with its welcome stamps."""
    business_id, card_id = caller.business_id, new_id(now)
    terms = ledger.versions(connection, business_id, programme_id, version)[version].terms
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
        round_need=terms.stamps_needed,
        created_at=now,
        touched_at=now,
        **_codes(connection, keys, business_id, card_id, 0, 0),
    )
    if terms.welcome_stamps:
        _append(
            connection, caller, card_id, kind="bonus", stamps=terms.welcome_stamps, rewards=0, reason="welcome", now=now
        )
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
    connection: Connection, *, card: CardRow, stamps: int, rewards: int, reason: str, caller: Caller, now: int
) -> Result:
    """Add or take stamps or rewards by hand, with a reason. Raises Problem below_zero when the card has fewer."""
    locked = _hold(connection, card.business_id, card.id)
    state = events.card_state(connection, locked.card)
    figures = state.figures
    if figures.stamps + stamps < 0 or figures.rewards_ready + rewards < 0:
        raise Problem("below_zero", stamps=figures.stamps, rewards_ready=figures.rewards_ready)
    return _append(connection, caller, card.id, kind="adjust", stamps=stamps, rewards=rewards, reason=reason, now=now)


def forgive(connection: Connection, *, card: CardRow, reason: str, caller: Caller, now: int) -> Result:
    """Give a card exactly what it owes, with a reason. Raises Problem nothing_owed, also when it was settled since."""
    figures = events.card_state(connection, _hold(connection, card.business_id, card.id).card).figures
    stamps, rewards = figures.stamps_owed, figures.rewards_owed
    if not stamps and not rewards:
        raise Problem("nothing_owed")
    return _append(connection, caller, card.id, kind="adjust", stamps=stamps, rewards=rewards, reason=reason, now=now)


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
    """Let run out what is due on this card, each as an event of its own; nothing when nothing is due."""
    locked = _hold(connection, business_id, card_id)
    state = events.card_state(connection, locked.card)
    due = expiry(state.figures, state.version.terms)
    service = Caller(business_id, "service")
    results = []
    if due.rewards_at is not None and due.rewards_at <= now:
        rewards = -state.figures.rewards_ready
        results.append(
            _append(connection, service, card_id, kind="expire", stamps=0, rewards=rewards, reason=None, now=now)
        )
    if due.stamps_at is not None and due.stamps_at <= now:
        stamps = -state.figures.stamps
        results.append(
            _append(connection, service, card_id, kind="expire", stamps=stamps, rewards=0, reason=None, now=now)
        )
    return results


def _append(
    connection: Connection,
    caller: Caller,
    card_id: bytes,
    *,
    kind: str,
    stamps: int,
    rewards: int,
    reason: str | None,
    now: int,
) -> Result:
    """Append an event of the house itself: a welcome, an adjustment, an expiry."""
    locked = _hold(connection, caller.business_id, card_id)
    before = events.card_state(connection, locked.card)
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
        staff_id=None,
        ref=None,
        order_ref=None,
        reason=reason,
        author=caller.name or None,
        flag=None,
        source=caller.source,
        content=content_hash(kind, stamps, rewards, reason),
    )
    after = events.add(connection, before, event)
    ledger.append(connection, locked, event, after.figures)
    why = why_house(kind, stamps, rewards, reason) | {
        "at": moment_text(now),
        "shop": caller.shop_name,
        "till": caller.till_name,
    }
    return Result(event.id, "applied", None, why, after)


def why_house(kind: str, stamps: int, rewards: int, reason: str | None) -> dict[str, Any]:
    """What an event of the house did, as data for one sentence."""
    if kind == "bonus":
        return {"code": "welcome", "quantity": stamps}
    if kind == "expire":
        return {"code": "expired_stamps" if stamps else "expired_rewards", "quantity": -(stamps or rewards)}
    return {"code": "adjusted", "quantity": stamps, "rewards": rewards, "reason": reason}


def _hold(connection: Connection, business_id: int, card_id: bytes) -> ledger.Locked:
    locked = ledger.lock_by_id(connection, business_id, event_id=b"", till_id=None, card_id=card_id)
    if locked is None:
        raise Problem("unknown_card")
    return locked


def _state(connection: Connection, business_id: int, card_id: bytes) -> CardState:
    row = ledger.card_by_id(connection, business_id, card_id)
    if row is None:
        raise Problem("unknown_card")
    return events.card_state(connection, row)


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
