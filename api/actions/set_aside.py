"""The owner settles what was set aside: a kept claim counts after all or is left out, a flagged line is fine or undone.

Each settlement is written once, with what it does to the ledger, in one transaction; whoever comes second is told.
"""

from dataclasses import replace

from sqlalchemy import Connection

from api.actions import cards, events
from api.actions.callers import Caller
from api.actions.claims import Claim, Result, read_kept
from api.actions.gifts import with_gifts, without_gifts
from api.actions.standing import CardState, add, card_state
from api.actions.why import why_counted
from api.errors import Problem
from api.ids import moment_text, new_id
from api.keys import Keys
from api.store import asides, ledger, receipts, set_aside, shops
from api.store.asides import AsideRow
from api.store.ledger import Locked, NewEvent
from api.store.set_aside import NO_CONTENT, SettlementRow
from rules.decide import decide_void

# What is settled in one transaction.
MOST_ALIKE = 200


def apply(
    connection: Connection,
    *,
    id: bytes,
    content: bytes,
    card_id: bytes | None,
    reason: str,
    note: str | None,
    caller: Caller,
    keys: Keys,
    now: int,
) -> Result:
    """Count a kept claim after all, on the card it names or on this one, as a line of its own.

    id, content: which claim. reason: what the line says. A void undoes its event on whatever card that is. The line has
    the claim's id, unless that is taken. Raises Problem not_found, already_settled, unreadable, unknown_card,
    unknown_ref, already_voided or not_voidable.
    """
    aside = _waiting(connection, caller.business_id, id, content)
    claim = None if aside.reason == "bad_event" else read_kept(aside, keys)
    if claim is None:
        raise Problem("unreadable")
    undone = _undone(connection, claim, caller)
    card_id = undone.card_id if undone else card_id or aside.card_id
    locked = card_id and _hold(connection, caller.business_id, claim.id, card_id, at=claim.at)
    if not locked:
        raise Problem("unknown_card", "No card is known by this claim's code: say which one is meant.", pointer="/card")
    # Whoever held the card before us may have settled it.
    aside = _waiting(connection, caller.business_id, id, content)
    state = card_state(connection, locked.card)
    where = _where(connection, aside, caller)
    free = locked.known_content is None
    used = claim.order_ref and receipts.find(connection, caller.business_id, claim.order_ref)
    claim = claim._replace(
        id=claim.id if free else new_id(now), reason=reason, order_ref=None if used else claim.order_ref
    )
    # With the claim's own content its till, should it send it again, hears that it has been counted.
    event = events.event_of(claim, state, undone, caller=where, now=now)._replace(content=content)
    event, after = add(connection, state, event)
    flag = _flag(connection, undone, state, after, caller)
    _settle(connection, "kept", id, content, "applied", note, event.id, caller=caller, now=now)
    asides.take(connection, caller.business_id, aside)
    ledger.append(connection, locked, event._replace(flag=flag), after.figures)
    given: dict[str, object] = {}
    if undone:
        after = without_gifts(connection, locked, after, undone, event)
    else:
        after, given = with_gifts(connection, locked, state, after, event)
    if flag:
        _settle(connection, "flag", event.id, NO_CONTENT, "fine", note, None, caller=caller, now=now)
    _receipts(connection, event, undone, caller, now)
    return Result(
        event.id, "flagged" if flag else "applied", flag, _why(event, undone, state, after, where) | given, after
    )


def dismiss(
    connection: Connection, *, id: bytes, content: bytes, reason: str, caller: Caller, now: int
) -> SettlementRow:
    """Leave a kept claim out for good. Raises Problem not_found or already_settled."""
    aside = _waiting(connection, caller.business_id, id, content)
    if aside.card_id:  # a void that waits is counted by whoever holds its card: one of the two comes second
        _hold(connection, caller.business_id, id, aside.card_id)
        _waiting(connection, caller.business_id, id, content)
    return _settle(connection, "kept", id, content, "dismissed", reason, None, caller=caller, now=now)


def review(
    connection: Connection,
    *,
    id: bytes,
    undo: bool,
    note: str | None,
    caller: Caller,
    keys: Keys,
    now: int,
) -> tuple[SettlementRow, bytes]:
    """Settle a flagged line as fine, or undo it; returns the settlement and the card's id.

    Raises Problem not_found, already_settled, already_voided or not_voidable.
    """
    line = ledger.event(connection, caller.business_id, id)
    is_flagged = line and (line.flag or set_aside.is_late(connection, caller.business_id, id))
    card = line and is_flagged and ledger.card_by_id(connection, caller.business_id, line.card_id)
    if not line or not card:
        raise Problem("not_found")
    if set_aside.settlement(connection, caller.business_id, "flag", id, NO_CONTENT):
        raise Problem("already_settled")
    if not undo:
        return _settle(connection, "flag", id, NO_CONTENT, "fine", note, None, caller=caller, now=now), card.id
    code = keys.card_code(card.business_id, card.id, card.code_number)
    void = cards.void(connection, card=card, code=code, ref=id, reason=note or "", caller=caller, keys=keys, now=now)
    if void.reason:
        _settle(connection, "flag", void.id, NO_CONTENT, "fine", note, None, caller=caller, now=now)
    return _settle(connection, "flag", id, NO_CONTENT, "undone", note, void.id, caller=caller, now=now), card.id


def review_alike(
    connection: Connection, *, reason: str, note: str | None, caller: Caller, now: int
) -> tuple[int, bool]:
    """Settle lines flagged for one reason as fine, so many at once; how many those were, and whether there are more."""
    rows = set_aside.alike(connection, caller.business_id, reason, most=MOST_ALIKE + 1)
    for row in rows[:MOST_ALIKE]:
        _settle(connection, "flag", row.id, NO_CONTENT, "fine", note, None, caller=caller, now=now)
    return len(rows[:MOST_ALIKE]), len(rows) > MOST_ALIKE


def _waiting(connection: Connection, business_id: int, id: bytes, content: bytes) -> AsideRow:
    """The kept claim, if nobody has settled it yet."""
    found = [aside for aside in asides.under(connection, business_id, id) if aside.content == content]
    if not found or found[0].status == "refused":
        raise Problem("not_found")
    if found[0].status == "taken" or set_aside.settlement(connection, business_id, "kept", id, content):
        raise Problem("already_settled")
    return found[0]


def _undone(connection: Connection, claim: Claim, caller: Caller) -> ledger.EventRow | None:
    """The line a void undoes; None for other claims."""
    if claim.kind != "void":
        return None
    line = ledger.event(connection, caller.business_id, claim.ref or b"")
    if line is None:
        raise Problem("unknown_ref")
    return line


def _hold(connection: Connection, business_id: int, event_id: bytes, card_id: bytes, *, at: int = 0) -> Locked | None:
    return ledger.lock_by_id(connection, business_id, event_id=event_id, till_id=None, card_id=card_id, at=at)


def _where(connection: Connection, aside: AsideRow, caller: Caller) -> Caller:
    """The owner, at the till that saw it."""
    till = aside.till_id and shops.till(connection, caller.business_id, aside.till_id)
    if not till:
        return caller
    return replace(caller, till_id=till.id, till_name=till.name, shop_id=till.shop_id, shop_name=till.shop_name)


def _flag(
    connection: Connection, undone: ledger.EventRow | None, state: CardState, after: CardState, caller: Caller
) -> str | None:
    """Why the line will be flagged: only for what the card then owes. Raises Problem for a void that may not be."""
    before, then = state.figures, after.figures
    if undone is None:
        return "overdrawn" if then.rewards_owed > before.rewards_owed else None
    voided = ledger.is_voided(connection, caller.business_id, undone.id)
    verdict = decide_void(undone.kind, voided=voided, same_till=True, already_happened=False, before=before, after=then)
    if verdict.status == "refused":
        raise Problem(verdict.reason or "not_voidable")
    return verdict.reason


def _receipts(
    connection: Connection, event: NewEvent, undone: ledger.EventRow | None, caller: Caller, now: int
) -> None:
    """A receipt counts with its stamps, and is free again without them."""
    if undone:
        if undone.order_ref:
            receipts.free(connection, caller.business_id, undone.order_ref)
    elif event.order_ref:
        receipts.take(connection, caller.business_id, event.order_ref, event_id=event.id, at=now)


def _why(
    event: NewEvent, undone: ledger.EventRow | None, state: CardState, after: CardState, where: Caller
) -> dict[str, object]:
    place = {"at": moment_text(event.happened_at), "shop": where.shop_name, "till": where.till_name}
    if undone:
        quantity = abs(event.stamps or event.rewards)
        return {"code": "voided", "kind": undone.kind, "quantity": quantity} | place
    return why_counted(event, state.figures, after.figures, after.versions) | place


def _settle(
    connection: Connection,
    subject: set_aside.Subject,
    id: bytes,
    content: bytes,
    verdict: set_aside.Verdict,
    note: str | None,
    event_id: bytes | None,
    *,
    caller: Caller,
    now: int,
) -> SettlementRow:
    row = SettlementRow(verdict, note, caller.name, now, event_id)
    set_aside.settle(connection, caller.business_id, subject, id, content, row)
    return row
