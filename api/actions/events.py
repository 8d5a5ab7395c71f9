"""Taking in what tills and other software saw: one claim, one verdict, one line in the ledger or aside from it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from api.actions import gifts
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
from rules.programme import Version, find_tier, items

# How deep a kept claim may be nested; what lies deeper can only be nonsense.
MOST_LEVELS = 100
# The years 1 to 9999: beyond them no moment can be written down, whatever a broken clock says.
EARLIEST_MS, LATEST_MS = -62_135_596_800_000, 253_402_300_799_999


class Claim(NamedTuple):
    """What somebody says happened, or asks to let happen. card: a code; happened_at: ms since 1970, by their clock.

    raw: the claim as it came, kept word for word when it has to be set aside. clock_ahead: how many milliseconds their
    clock was ahead of ours, 0 while it was right enough. tier, item: which reward is handed over, and what was picked
    for it; with a stamp, what was bought. amount: what was paid, in the smallest unit, instead of a quantity of stamps.
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
    tier: int | None = None
    item: str | None = None
    amount: int | None = None

    @property
    def at(self) -> int:
        """When it happened by our clock, ms since 1970."""
        return min(max(EARLIEST_MS, self.happened_at - self.clock_ahead), LATEST_MS)

    @property
    def content(self) -> bytes:
        """What makes it the same claim: all but whether it is asked or told."""
        newer: tuple[object, ...] = (self.tier, self.item, self.amount)
        if newer == (None, None, None):
            newer = ()  # the hash as it was before there were any of these: what is sent again must be known
        return content_hash(
            self.kind, codes.fold(self.card), self.quantity, self.happened_at, self.order_ref, self.ref, self.reason,
            *newer,
        )  # fmt: skip


class CardState(NamedTuple):
    """A card as it stands: its row as it was read, its figures now, the version it is under, and its last event.

    versions: every version of its programme up to that one.
    """

    row: CardRow
    figures: Figures
    version: Version
    last_event_id: bytes | None
    touched_at: int
    versions: Mapping[int, Version]


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


def _as_it_stands(connection: Connection, row: CardRow) -> CardState:
    # On PostgreSQL a row that was waited for is newer than what was read beside it: the card may be ahead.
    current = max(row.programme_version, row.figures.version)
    versions = ledger.versions(connection, row.business_id, row.programme_id, current)
    figures = cards.catch_up(row.figures, versions, current)
    return CardState(row, figures, versions[current], row.last_event_id, row.touched_at, versions)


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
        return _put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)

    event, after = add(connection, state, event_of(claim, state, caller=caller, now=now, flag=verdict.reason))
    waiting = ledger.append(connection, locked, event, after.figures)
    after, given = with_gifts(connection, locked, state, after, event)
    if claim.order_ref:
        receipts.take(connection, caller.business_id, claim.order_ref, event_id=event.id, at=now)
    if waiting:
        after = _void_what_waited(connection, event.id, after, caller=caller, keys=keys, now=now)
    why = why_counted(event, state.figures, after.figures, after.versions) | _place(caller, claim.at) | given
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
    why |= _place(caller, claim.at)
    if verdict.status in ("refused", "kept"):
        why["code"] = verdict.reason or ""
        return _put_aside(connection, claim, verdict, why, state, caller=caller, keys=keys, now=now)
    ledger.append(connection, locked, event._replace(flag=verdict.reason), after.figures)
    after = without_gifts(connection, locked, after, undone, event)
    if undone.order_ref:
        receipts.free(connection, caller.business_id, undone.order_ref)
    return Result(claim.id, verdict.status, verdict.reason, why, after)


def with_gifts(
    connection: Connection, locked: Locked, before: CardState, after: CardState, stamp: NewEvent
) -> tuple[CardState, dict[str, Any]]:
    """The card with what campaigns add to a stamp that was just appended, and that as a part of its why."""
    if stamp.kind != "stamp" or not locked.in_campaign:
        return after, {}
    terms, last_visit_at = before.version.terms, before.figures.last_stamp_at
    lines = gifts.add_to(connection, card=locked.card, last_visit_at=last_visit_at, stamp=stamp, terms=terms)
    for line in lines:
        after = _append_beside(connection, locked, after, line._replace(amount=money(after, line.stamps)))
    return after, {"gifts": [gifts.why(line) for line in lines]} if lines else {}


def without_gifts(
    connection: Connection, locked: Locked, after: CardState, undone: EventRow, void: NewEvent
) -> CardState:
    """The card without what campaigns had added to the stamp whose void was just appended."""
    for line in gifts.take_from(connection, card=locked.card, undone=undone, void=void):
        after = _append_beside(connection, locked, after, line)
    return after


def _append_beside(connection: Connection, locked: Locked, before: CardState, line: NewEvent) -> CardState:
    """Append a line of the house behind the one that was just appended to this card."""
    line, after = add(connection, before, line)
    if line.kind == "void":
        verdict = decide_void(
            "bonus", voided=False, same_till=True, already_happened=True, before=before.figures, after=after.figures
        )
        line = line._replace(flag=verdict.reason)
    card = locked.card._replace(last_event_id=before.last_event_id)
    ledger.append(connection, locked._replace(card=card), line, after.figures)
    return after


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


def add(connection: Connection, state: CardState, event: NewEvent) -> tuple[NewEvent, CardState]:
    """The card after this event, by adding it up or where only the whole history can tell, by replay; and the event.

    One that counts money then says the whole stamps that came of it.
    """
    figures = cards.add(state.figures, event.for_rules, state.version)
    if figures is None:
        row = state.row
        lines = ledger.history(connection, row.business_id, state.last_event_id)
        events = [line.for_rules for line in lines] + [event.for_rules]
        versions = ledger.versions(connection, row.business_id, row.programme_id, state.figures.version)
        figures = cards.replay(events, versions, row.first_version, state.figures.version)
    if event.amount is not None:
        event = event._replace(stamps=cards.stamps_gained(state.figures, figures, state.version.terms))
    return event, CardState(state.row, figures, state.version, event.id, event.received_at, state.versions)


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


def money(state: CardState, stamps: int) -> int | None:
    """What so many stamps come to on a card that counts money; None on one that counts stamps."""
    return stamps * state.figures.unit if state.version.terms.spend_per_stamp else None


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
        redeemed = (line for line in lines if line.kind == "redeem" and line.tier == claim.tier)
        taken = next((line for line in redeemed if line.id not in undone), None)
        grown = next((line for line in lines if line.for_rules.units > 0 and line.id not in undone), None)
        if taken is not None and (grown is None or lines.index(taken) < lines.index(grown)):
            verdict = Verdict(verdict.status, "already_redeemed", verdict.details)
            return verdict, {"code": "already_redeemed"} | verdict.details | _place_of(taken)
    why: dict[str, Any] = {"code": verdict.reason} | verdict.details
    if verdict.reason == "receipt_used" and used_at is not None:
        why |= {"order_ref": claim.order_ref, "at": moment_text(used_at)}
    return verdict, why


def why_counted(
    line: NewEvent | EventRow, before: Figures, after: Figures, versions: Mapping[int, Version]
) -> dict[str, Any]:
    """What a counted stamp or redemption did, as data for one sentence."""
    if line.kind == "redeem":
        why = {"code": "redeemed", "quantity": abs(line.rewards), "rewards_ready": after.rewards_ready}
        if line.tier is None and line.item is None:
            return why
        return why | {"code": "redeemed_item", "reward": line.item or reward_name(line.tier, versions, line.version)}
    if after.earned > before.earned:
        return {
            "code": "reward_earned",
            "quantity": after.earned - before.earned,
            "needed": before.needed,
            "rewards_ready": after.rewards_ready,
        }
    stands = {"stamp": after.stamps, "needed": after.needed, "quantity": abs(line.stamps)}
    earned = _tiers_earned(before, after)
    if earned:
        names = [reward_name(key, versions, line.version) for key in earned]
        return stands | {"code": "tier_earned", "reward": ", ".join(names), "rewards_ready": after.rewards_ready}
    if line.amount is not None and not line.stamps:
        return stands | {"code": "counted_towards"}
    return stands | {"code": "stamped"}


def reward_name(tier: int | None, versions: Mapping[int, Version], number: int) -> str:
    """What the main reward or a tier is called in this version, or in the last one that had it."""
    found = versions[number].terms if tier is None else find_tier(versions, tier, number)
    return "" if found is None else found.reward


def _tiers_earned(before: Figures, after: Figures) -> list[int]:
    """The tiers a card has earned between two standings."""
    if not after.tiers:
        return []
    had = {tier.key: before.times_earned(tier) for tier in before.tiers}
    return [tier.key for tier in after.tiers if after.times_earned(tier) > had.get(tier.key, 0)]


def _place(caller: Caller, at: int) -> dict[str, Any]:
    return {"at": moment_text(at), "shop": caller.shop_name, "till": caller.till_name}


def _place_of(line: EventRow) -> dict[str, Any]:
    return {"at": moment_text(line.happened_at), "shop": line.shop, "till": line.till}


def _json(why: dict[str, Any]) -> str:
    return orjson.dumps(why).decode()
