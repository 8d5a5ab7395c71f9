"""Taking in what tills and other software saw: one claim, one verdict, one line in the ledger or aside from it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.actions.callers import Caller
from api.actions.claims import Claim, Result, read_kept
from api.actions.gifts import with_gifts, without_gifts
from api.actions.put_aside import earlier_answer, keep, put_aside
from api.actions.standing import CardState, add, card_state, money
from api.actions.why import place, place_of, why_counted
from api.ids import moment_text
from api.keys import Keys
from api.store import asides, ledger, receipts
from api.store.ledger import EventRow, Locked, NewEvent
from rules import codes
from rules.decide import Ask, Scene, Verdict, decide, decide_void
from rules.programme import find_tier, items


def record(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys, now: int) -> Result:
    """Write down one claim: in the ledger, or aside from it. The same claim again changes nothing."""
    found = _find(connection, claim, caller=caller, keys=keys)
    if found is None:
        return _without_card(connection, claim, caller=caller, keys=keys, now=now)
    locked, replaced = found
    if locked.known_content is not None:
        return _again(connection, claim, locked, caller=caller, keys=keys, now=now)
    state = card_state(connection, locked.card)
    if locked.aside:
        earlier = earlier_answer(connection, claim, state, caller=caller, keys=keys, now=now)
        if earlier is not None:
            return earlier
    if locked.till_revoked:
        return keep(connection, claim, "revoked_till", state, caller=caller, keys=keys, now=now)
    if claim.kind == "void":
        return _void(connection, claim, locked, state, caller=caller, keys=keys, now=now)
    return _count(connection, claim, locked, state, replaced=replaced, caller=caller, keys=keys, now=now)


def _find(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys) -> tuple[Locked, bool] | None:
    """The claim's card, held, and whether it was named by a code that has been replaced."""
    parts = codes.split_long(claim.card)
    if parts is None or parts[1] != caller.business_id:
        return None
    business_id = caller.business_id
    code_hash = keys.card_lookup(business_id, parts[0])
    locked = ledger.lock(
        connection, business_id, event_id=claim.id, till_id=caller.till_id, code_hash=code_hash, at=claim.at
    )
    if locked is not None:
        return locked, False
    card_id = ledger.successor(connection, business_id, code_hash)
    if card_id is None:
        return None
    locked = ledger.lock_by_id(
        connection, business_id, event_id=claim.id, till_id=caller.till_id, card_id=card_id, at=claim.at
    )
    return None if locked is None else (locked, True)


def _count(
    connection: Connection,
    claim: Claim,
    locked: Locked,
    state: CardState,
    *,
    replaced: bool,
    caller: Caller,
    keys: Keys,
    now: int,
) -> Result:
    """A stamp or a redemption: decide, and if it counts, append it."""
    terms = state.version.terms
    used = receipts.find(connection, caller.business_id, claim.order_ref) if claim.order_ref else None
    scene = Scene(
        now=now,
        units_today=_units_today(connection, state, now) if terms.daily_limit else 0,
        replaced=replaced,
        ended=not locked.card.programme_active,
        receipt_used=used is not None,
        offline_never=caller.source == "till" and locked.offline_never,
        own_card=claim.staff is not None and claim.staff == locked.belongs_to,
        items=_items(state, claim.tier) if claim.item is not None else (),
    )
    ask = Ask(
        claim.kind, claim.quantity, claim.at, claim.already_happened, claim.reason, claim.clock_ahead,
        claim.amount, claim.tier, claim.item,
    )  # fmt: skip
    verdict = decide(ask, state.figures, terms, scene)
    if verdict.status in ("refused", "kept"):
        verdict, why = _explain(connection, claim, verdict, state, used_at=used[1] if used else None)
        return put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)

    event, after = add(connection, state, event_of(claim, state, caller=caller, now=now, flag=verdict.reason))
    waiting = ledger.append(connection, locked, event, after.figures)
    after, given = with_gifts(connection, locked, state, after, event)
    if claim.order_ref:
        receipts.take(connection, caller.business_id, claim.order_ref, event_id=event.id, at=now)
    if waiting:
        after = _void_what_waited(connection, event.id, after, caller=caller, keys=keys, now=now)
    why = why_counted(event, state.figures, after.figures, after.versions) | place(caller, claim.at) | given
    return Result(claim.id, verdict.status, verdict.reason, why, after)


def _void(
    connection: Connection, claim: Claim, locked: Locked, state: CardState, *, caller: Caller, keys: Keys, now: int
) -> Result:
    """Undo one event exactly. A void that came before its event waits for it."""
    undone = ledger.event(connection, caller.business_id, claim.ref) if claim.ref else None
    if undone is None or undone.card_id != locked.card.id:
        why = {"code": "unknown_ref"} | place(caller, claim.at)
        verdict = Verdict("kept", "unknown_ref")
        return put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now, waits_for=claim.ref)
    event, after = add(connection, state, event_of(claim, state, undone, caller=caller, now=now))
    verdict = decide_void(
        undone.kind,
        voided=ledger.is_voided(connection, caller.business_id, undone.id),
        same_till=caller.source != "till" or undone.till_id == caller.till_id,
        already_happened=claim.already_happened,
        before=state.figures,
        after=after.figures,
        clock_ahead=claim.clock_ahead,
    )
    why = {"code": "voided", "kind": undone.kind, "quantity": abs(undone.stamps or undone.rewards)}
    why |= place(caller, claim.at)
    if verdict.status in ("refused", "kept"):
        why["code"] = verdict.reason or ""
        return put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)
    ledger.append(connection, locked, event._replace(flag=verdict.reason), after.figures)
    after = without_gifts(connection, locked, after, undone, event)
    if undone.order_ref:
        receipts.free(connection, caller.business_id, undone.order_ref)
    return Result(claim.id, verdict.status, verdict.reason, why, after)


def _void_what_waited(
    connection: Connection, event_id: bytes, state: CardState, *, caller: Caller, keys: Keys, now: int
) -> CardState:
    """Apply the void that came before this event, if its sender may; others stay aside: an event is voided once."""
    for aside in asides.waiting_for(connection, caller.business_id, event_id):
        if aside.card_id != state.row.id or aside.till_id not in (caller.till_id, None):
            continue
        who = caller if aside.till_id == caller.till_id else Caller(caller.business_id, "software")
        locked = ledger.lock_by_id(
            connection, caller.business_id, event_id=aside.id, till_id=who.till_id, card_id=state.row.id
        )
        claim = read_kept(aside, keys)
        if locked is None or claim is None:
            continue
        asides.take(connection, caller.business_id, aside)
        return _void(connection, claim, locked, state, caller=who, keys=keys, now=now).card or state
    return state


def event_of(
    claim: Claim,
    state: CardState,
    undone: EventRow | None = None,
    *,
    caller: Caller,
    now: int,
    flag: str | None = None,
) -> NewEvent:
    """The line of the ledger that a claim on this card becomes; undone: what a void undoes."""
    if undone is not None:
        stamps, rewards = -undone.stamps, -undone.rewards
        tier, item = undone.tier, undone.item
        amount = None if undone.amount is None else -undone.amount
    elif claim.kind == "stamp":
        stamps, rewards, tier, item = claim.quantity, 0, None, claim.item
        amount = money(state, claim.quantity)
        if amount is not None and claim.amount is not None:
            amount = claim.amount
    else:
        stamps, rewards, item, amount = 0, -claim.quantity, claim.item, None
        tier = claim.tier if claim.tier is not None and _items(state, claim.tier) else None
    return NewEvent(
        id=claim.id,
        kind=claim.kind,
        stamps=stamps,
        rewards=rewards,
        happened_at=claim.at,
        received_at=now,
        version=state.figures.version,
        shop_id=caller.shop_id,
        till_id=caller.till_id,
        staff_id=claim.staff,
        ref=claim.ref,
        order_ref=claim.order_ref,
        reason=claim.reason,
        author=None if caller.source == "till" else caller.name or None,
        flag=flag,
        source=caller.source,
        content=claim.content,
        tier=tier,
        item=item,
        amount=amount,
    )


def _items(state: CardState, key: int | None) -> Collection[str]:
    """What can be handed over for a tier, or with no key for the main reward."""
    reward = state.version.terms if key is None else find_tier(state.versions, key, state.version.number)
    return () if reward is None else items(reward)


def _units_today(connection: Connection, state: CardState, now: int) -> int:
    """Stamps (or money) counted on this card since midnight where the business is, those undone left out."""
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(state.row.time_zone))
    midnight = int(local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp() * 1000)
    lines = ledger.history(connection, state.row.business_id, state.last_event_id, since=midnight)
    undone = {line.ref for line in lines if line.kind == "void"}
    return sum(
        line.for_rules.units
        for line in lines
        if line.kind == "stamp" and line.id not in undone and midnight <= line.for_rules.counted_at
    )


def _again(connection: Connection, claim: Claim, locked: Locked, *, caller: Caller, keys: Keys, now: int) -> Result:
    """The id is in the ledger: the same claim is a duplicate, another one is kept for the owner."""
    state = card_state(connection, locked.card)
    if locked.known_content != claim.content:
        return keep(connection, claim, "id_reuse", state, caller=caller, keys=keys, now=now)
    line = ledger.event(connection, caller.business_id, claim.id)
    why = {"code": "already_counted"} | ({} if line is None else place_of(line))
    first = "flagged" if locked.known_flag else "applied"
    return Result(claim.id, "duplicate", locked.known_flag, why, state, first)


def _without_card(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys, now: int) -> Result:
    """No card has this code: a question is refused, a fact is kept."""
    earlier = earlier_answer(connection, claim, None, caller=caller, keys=keys, now=now)
    if earlier is not None:
        return earlier
    if ledger.event(connection, caller.business_id, claim.id) is not None:
        return keep(connection, claim, "id_reuse", None, caller=caller, keys=keys, now=now)
    why = {"code": "unknown_card"} | place(caller, claim.at)
    verdict = Verdict("kept" if claim.already_happened or claim.kind == "void" else "refused", "unknown_card")
    return put_aside(connection, claim, verdict, why, None, caller=caller, keys=keys, now=now)


def _explain(
    connection: Connection, claim: Claim, verdict: Verdict, state: CardState, *, used_at: int | None
) -> tuple[Verdict, dict[str, Any]]:
    """The data behind a refusal. A reward that was just handed over says when and where."""
    if verdict.reason == "no_reward":
        lines = ledger.history(connection, state.row.business_id, state.last_event_id, most=5)
        undone = {line.ref for line in lines if line.kind == "void"}
        redeemed = (line for line in lines if line.kind == "redeem" and line.tier == claim.tier)
        taken = next((line for line in redeemed if line.id not in undone), None)
        grown = next((line for line in lines if line.for_rules.units > 0 and line.id not in undone), None)
        if taken is not None and (grown is None or lines.index(taken) < lines.index(grown)):
            verdict = Verdict(verdict.status, "already_redeemed", verdict.details)
            return verdict, {"code": "already_redeemed"} | verdict.details | place_of(taken)
    why: dict[str, Any] = {"code": verdict.reason} | verdict.details
    if verdict.reason == "receipt_used" and used_at is not None:
        why |= {"order_ref": claim.order_ref, "at": moment_text(used_at)}
    return verdict, why
