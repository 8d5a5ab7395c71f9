"""Taking in what tills and other software saw: one claim, one verdict, one line in the ledger or aside from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from api.actions.callers import Caller
from api.ids import moment_text
from api.keys import Keys, content_hash
from api.store import asides, ledger, receipts
from api.store.asides import AsideRow
from api.store.ledger import CardRow, EventRow, Locked, NewEvent
from rules import card as cards
from rules import codes
from rules.card import Figures
from rules.decide import Ask, Scene, Status, Verdict, decide, decide_void
from rules.programme import Version

# How deep a kept claim may be nested; what lies deeper can only be nonsense.
MOST_LEVELS = 100


class Claim(NamedTuple):
    """What somebody says happened, or asks to let happen. card: a code; happened_at: ms since 1970, by their clock.

    raw: the claim as it came, kept word for word when it has to be set aside. clock_ahead: how many milliseconds their
    clock was ahead of ours, 0 while it was right enough.
    """

    id: bytes
    kind: str
    card: str
    quantity: int
    happened_at: int
    already_happened: bool
    staff: bytes | None
    order_ref: str | None
    ref: bytes | None
    reason: str | None
    raw: Mapping[str, Any]
    clock_ahead: int = 0

    @property
    def at(self) -> int:
        """When it happened by our clock, ms since 1970."""
        return self.happened_at - self.clock_ahead

    @property
    def content(self) -> bytes:
        """What makes it the same claim: all but whether it is asked or told."""
        return content_hash(
            self.kind, codes.fold(self.card), self.quantity, self.happened_at, self.order_ref, self.ref, self.reason
        )


class CardState(NamedTuple):
    """A card as it stands: its row as it was read, its figures now, the version it is under, and its last event."""

    row: CardRow
    figures: Figures
    version: Version
    last_event_id: bytes | None
    touched_at: int


class Result(NamedTuple):
    """What became of a claim. why: data for one sentence; first: what the first answer was, for a duplicate."""

    id: bytes
    status: Status
    reason: str | None
    why: dict[str, Any]
    card: CardState | None
    first: str | None = None


def record(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys, now: int) -> Result:
    """Write down one claim: in the ledger, or aside from it. The same claim again changes nothing."""
    found = _find(connection, claim, caller=caller, keys=keys)
    if found is None:
        return _without_card(connection, claim, caller=caller, keys=keys, now=now)
    locked, replaced = found
    if locked.known_content is not None:
        return _again(connection, claim, locked, caller=caller, keys=keys, now=now)
    state = _as_it_stands(connection, locked.card)
    if locked.aside:
        earlier = _earlier_answer(connection, claim, state, caller=caller, keys=keys, now=now)
        if earlier is not None:
            return earlier
    if locked.till_revoked:
        return _keep(connection, claim, "revoked_till", state, caller=caller, keys=keys, now=now)
    if claim.kind == "void":
        return _void(connection, claim, locked, state, caller=caller, keys=keys, now=now)
    return _count(connection, claim, locked, state, replaced=replaced, caller=caller, keys=keys, now=now)


def keep_unreadable(
    connection: Connection, raw: Any, *, event_id: bytes | None, caller: Caller, problem: str, keys: Keys, now: int
) -> Result:
    """Keep a claim that cannot be read, word for word, for the owner."""
    try:
        body = orjson.dumps(raw)
    except TypeError:  # nested deeper than it can be written
        body = orjson.dumps(_cut(raw, MOST_LEVELS))
    content = content_hash("unreadable", body)
    id = event_id or content + content
    why = {"code": "bad_event", "problem": problem}
    if not any(row.content == content for row in asides.under(connection, caller.business_id, id)):
        row = AsideRow(id, content, "kept", "bad_event", _json(why), keys.seal(body), None, caller.till_id, now)
        asides.keep(connection, caller.business_id, row)
    return Result(id, "kept", "bad_event", why, None)


def _cut(value: Any, levels: int) -> Any:
    """A value with an ellipsis for whatever lies deeper."""
    if isinstance(value, dict):
        return {key: _cut(inner, levels - 1) for key, inner in value.items()} if levels else "…"
    if isinstance(value, list):
        return [_cut(inner, levels - 1) for inner in value] if levels else "…"
    return value


def card_state(connection: Connection, row: CardRow) -> CardState:
    """A card as it stands under the programme's current version, for reading."""
    return _as_it_stands(connection, row)


def _find(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys) -> tuple[Locked, bool] | None:
    """The claim's card, held, and whether it was named by a code that has been replaced."""
    parts = codes.split_long(claim.card)
    if parts is None or parts[1] != caller.business_id:
        return None
    business_id = caller.business_id
    code_hash = keys.card_lookup(business_id, parts[0])
    locked = ledger.lock(connection, business_id, event_id=claim.id, till_id=caller.till_id, code_hash=code_hash)
    if locked is not None:
        return locked, False
    card_id = ledger.successor(connection, business_id, code_hash)
    if card_id is None:
        return None
    locked = ledger.lock_by_id(connection, business_id, event_id=claim.id, till_id=caller.till_id, card_id=card_id)
    return None if locked is None else (locked, True)


def _as_it_stands(connection: Connection, row: CardRow) -> CardState:
    # On PostgreSQL a row that was waited for is newer than what was read beside it: the card may be ahead.
    current = max(row.programme_version, row.figures.version)
    versions = ledger.versions(connection, row.business_id, row.programme_id, current)
    figures = cards.catch_up(row.figures, versions, current)
    return CardState(row, figures, versions[current], row.last_event_id, row.touched_at)


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
        stamps_today=_stamps_today(connection, state, now) if terms.daily_limit else 0,
        replaced=replaced,
        ended=not locked.card.programme_active,
        receipt_used=used is not None,
        offline_never=caller.source == "till" and locked.offline_never,
        own_card=claim.staff is not None and claim.staff == locked.belongs_to,
    )
    ask = Ask(claim.kind, claim.quantity, claim.at, claim.already_happened, claim.reason, claim.clock_ahead)
    verdict = decide(ask, state.figures, terms, scene)
    if verdict.status in ("refused", "kept"):
        verdict, why = _explain(connection, claim, verdict, state, used_at=used[1] if used else None)
        return _put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)

    stamps, rewards = (claim.quantity, 0) if claim.kind == "stamp" else (0, -claim.quantity)
    event = event_of(claim, stamps, rewards, state.figures.version, caller=caller, now=now, flag=verdict.reason)
    after = add(connection, state, event)
    waiting = ledger.append(connection, locked, event, after.figures)
    if claim.order_ref:
        receipts.take(connection, caller.business_id, claim.order_ref, event_id=event.id, at=now)
    if waiting:
        after = _void_what_waited(connection, event.id, after, caller=caller, keys=keys, now=now)
    why = why_counted(claim.kind, claim.quantity, state.figures, after.figures) | _place(caller, claim.at)
    return Result(claim.id, verdict.status, verdict.reason, why, after)


def _void(
    connection: Connection, claim: Claim, locked: Locked, state: CardState, *, caller: Caller, keys: Keys, now: int
) -> Result:
    """Undo one event exactly. A void that came before its event waits for it."""
    undone = ledger.event(connection, caller.business_id, claim.ref) if claim.ref else None
    if undone is None or undone.card_id != locked.card.id:
        why = {"code": "unknown_ref"} | _place(caller, claim.at)
        verdict = Verdict("kept", "unknown_ref")
        return _put_aside(
            connection, claim, verdict, why, state, caller=caller, keys=keys, now=now, waits_for=claim.ref
        )
    event = event_of(claim, -undone.stamps, -undone.rewards, state.figures.version, caller=caller, now=now)
    after = add(connection, state, event)
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
    why |= _place(caller, claim.at)
    if verdict.status in ("refused", "kept"):
        why["code"] = verdict.reason or ""
        return _put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)
    ledger.append(connection, locked, event._replace(flag=verdict.reason), after.figures)
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


def read_kept(aside: AsideRow, keys: Keys) -> Claim | None:
    """A kept claim, read again from its own words; None when it never was readable."""
    raw = orjson.loads(keys.unseal(aside.claim))
    kept = raw.get("claim") if isinstance(raw, dict) else None
    if kept is None:
        return None
    as_bytes = {name: bytes.fromhex(kept[name]) if kept[name] else None for name in ("id", "staff", "ref")}
    return Claim(**(kept | as_bytes | {"raw": raw["raw"]}))


def add(connection: Connection, state: CardState, event: NewEvent) -> CardState:
    """The card after this event: by adding it up, or where only the whole history can tell, by replay."""
    figures = cards.add(state.figures, event.for_rules, state.version)
    if figures is None:
        row = state.row
        lines = ledger.history(connection, row.business_id, state.last_event_id)
        events = [line.for_rules for line in lines] + [event.for_rules]
        versions = ledger.versions(connection, row.business_id, row.programme_id, state.figures.version)
        figures = cards.replay(events, versions, row.first_version, state.figures.version)
    return CardState(state.row, figures, state.version, event.id, event.received_at)


def event_of(
    claim: Claim, stamps: int, rewards: int, version: int, *, caller: Caller, now: int, flag: str | None = None
) -> NewEvent:
    """The line of the ledger that a claim becomes."""
    return NewEvent(
        id=claim.id,
        kind=claim.kind,
        stamps=stamps,
        rewards=rewards,
        happened_at=claim.at,
        received_at=now,
        version=version,
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
    )


def _stamps_today(connection: Connection, state: CardState, now: int) -> int:
    """Stamps counted on this card since midnight where the business is, those undone left out."""
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(state.row.time_zone))
    midnight = int(local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).timestamp() * 1000)
    lines = ledger.history(connection, state.row.business_id, state.last_event_id, since=midnight)
    undone = {line.ref for line in lines if line.kind == "void"}
    return sum(
        line.stamps
        for line in lines
        if line.kind == "stamp" and line.id not in undone and midnight <= line.for_rules.counted_at
    )


def _again(connection: Connection, claim: Claim, locked: Locked, *, caller: Caller, keys: Keys, now: int) -> Result:
    """The id is in the ledger: the same claim is a duplicate, another one is kept for the owner."""
    state = _as_it_stands(connection, locked.card)
    if locked.known_content != claim.content:
        return _keep(connection, claim, "id_reuse", state, caller=caller, keys=keys, now=now)
    line = ledger.event(connection, caller.business_id, claim.id)
    why = {"code": "already_counted"} | ({} if line is None else _place_of(line))
    first = "flagged" if locked.known_flag else "applied"
    return Result(claim.id, "duplicate", locked.known_flag, why, state, first)


def _earlier_answer(
    connection: Connection, claim: Claim, state: CardState | None, *, caller: Caller, keys: Keys, now: int
) -> Result | None:
    """What was answered when this claim was set aside. A refusal gives way to the news that it happened anyway."""
    id_is_taken = False
    for aside in asides.under(connection, caller.business_id, claim.id):
        if aside.content != claim.content:
            id_is_taken = id_is_taken or aside.reason != "bad_event"  # the unreadable may be said again
            continue
        if aside.status == "refused" and claim.already_happened:
            return None
        why = orjson.loads(aside.why)
        if aside.status == "taken":
            return _counted_since(claim, state)
        status: Status = "kept" if aside.status == "kept" else "refused"
        return Result(claim.id, status, aside.reason, why, state)
    return _keep(connection, claim, "id_reuse", state, caller=caller, keys=keys, now=now) if id_is_taken else None


def _counted_since(claim: Claim, state: CardState | None) -> Result:
    """It was set aside once, and has been counted since: by hand, or as a void whose event came."""
    return Result(claim.id, "duplicate", None, {"code": "already_counted"}, state, "applied")


def _without_card(connection: Connection, claim: Claim, *, caller: Caller, keys: Keys, now: int) -> Result:
    """No card has this code: a question is refused, a fact is kept."""
    earlier = _earlier_answer(connection, claim, None, caller=caller, keys=keys, now=now)
    if earlier is not None:
        return earlier
    if ledger.event(connection, caller.business_id, claim.id) is not None:
        return _keep(connection, claim, "id_reuse", None, caller=caller, keys=keys, now=now)
    why = {"code": "unknown_card"} | _place(caller, claim.at)
    verdict = Verdict("kept" if claim.already_happened or claim.kind == "void" else "refused", "unknown_card")
    return _put_aside(connection, claim, verdict, why, None, caller=caller, keys=keys, now=now)


def _keep(
    connection: Connection, claim: Claim, reason: str, state: CardState | None, *, caller: Caller, keys: Keys, now: int
) -> Result:
    why = {"code": reason} | _place(caller, claim.at)
    return _put_aside(connection, claim, Verdict("kept", reason), why, state, caller=caller, keys=keys, now=now)


def _put_aside(
    connection: Connection,
    claim: Claim,
    verdict: Verdict,
    why: dict[str, Any],
    state: CardState | None,
    *,
    caller: Caller,
    keys: Keys,
    now: int,
    waits_for: bytes | None = None,
) -> Result:
    """Keep the claim outside the ledger, word for word, once."""
    reason = verdict.reason or ""
    # Sealed, for it holds the card's code, which the database must not give away.
    body = keys.seal(orjson.dumps({"raw": claim.raw, "claim": _as_kept(claim)}))
    card_id = None if state is None else state.row.id
    row = AsideRow(claim.id, claim.content, verdict.status, reason, _json(why), body, card_id, caller.till_id, now)
    known = [aside for aside in asides.under(connection, caller.business_id, claim.id) if aside.content == row.content]
    if known and known[0].status == "taken":
        return _counted_since(claim, state)
    if not known:
        asides.keep(connection, caller.business_id, row, waits_for=waits_for)
    elif known[0].status == "refused" and verdict.status == "kept":
        asides.keep_refused(connection, caller.business_id, row)
    return Result(claim.id, verdict.status, reason, why, state)


def _as_kept(claim: Claim) -> dict[str, Any]:
    values = claim._asdict()
    del values["raw"]
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in values.items()}


def _explain(
    connection: Connection, claim: Claim, verdict: Verdict, state: CardState, *, used_at: int | None
) -> tuple[Verdict, dict[str, Any]]:
    """The data behind a refusal. A reward that was just handed over says when and where."""
    if verdict.reason == "no_reward":
        lines = ledger.history(connection, state.row.business_id, state.last_event_id, most=5)
        undone = {line.ref for line in lines if line.kind == "void"}
        taken = next((line for line in lines if line.kind == "redeem" and line.id not in undone), None)
        grown = next((line for line in lines if line.stamps > 0 and line.id not in undone), None)
        if taken is not None and (grown is None or lines.index(taken) < lines.index(grown)):
            verdict = Verdict(verdict.status, "already_redeemed", verdict.details)
            return verdict, {"code": "already_redeemed"} | verdict.details | _place_of(taken)
    why: dict[str, Any] = {"code": verdict.reason} | verdict.details
    if verdict.reason == "receipt_used" and used_at is not None:
        why |= {"order_ref": claim.order_ref, "at": moment_text(used_at)}
    return verdict, why


def why_counted(kind: str, quantity: int, before: Figures, after: Figures) -> dict[str, Any]:
    """What a counted stamp or redemption did, as data for one sentence."""
    if kind == "redeem":
        return {"code": "redeemed", "quantity": quantity, "rewards_ready": after.rewards_ready}
    if after.earned > before.earned:
        return {
            "code": "reward_earned",
            "quantity": after.earned - before.earned,
            "needed": before.round_need,
            "rewards_ready": after.rewards_ready,
        }
    return {"code": "stamped", "stamp": after.stamps, "needed": after.round_need, "quantity": quantity}


def _place(caller: Caller, at: int) -> dict[str, Any]:
    return {"at": moment_text(at), "shop": caller.shop_name, "till": caller.till_name}


def _place_of(line: EventRow) -> dict[str, Any]:
    return {"at": moment_text(line.happened_at), "shop": line.shop, "till": line.till}


def _json(why: dict[str, Any]) -> str:
    return orjson.dumps(why).decode()
