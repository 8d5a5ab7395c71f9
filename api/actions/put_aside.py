"""Claims that the ledger does not take: kept aside from it, word for word, each once."""

from typing import Any

import orjson
from sqlalchemy import Connection

from api.actions.callers import Caller
from api.actions.claims import Claim, Result, sealed
from api.actions.standing import CardState
from api.actions.why import place
from api.keys import Keys, content_hash
from api.store import asides
from api.store.asides import AsideRow
from rules.decide import Status, Verdict

# How deep a kept claim may be nested; what lies deeper can only be nonsense.
MOST_LEVELS = 100


def put_aside(
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
    body = sealed(claim, keys)
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


def keep(
    connection: Connection, claim: Claim, reason: str, state: CardState | None, *, caller: Caller, keys: Keys, now: int
) -> Result:
    """Keep the claim for the owner, for this reason."""
    why = {"code": reason} | place(caller, claim.at)
    return put_aside(connection, claim, Verdict("kept", reason), why, state, caller=caller, keys=keys, now=now)


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


def earlier_answer(
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
    return keep(connection, claim, "id_reuse", state, caller=caller, keys=keys, now=now) if id_is_taken else None


def _counted_since(claim: Claim, state: CardState | None) -> Result:
    """It was set aside once, and has been counted since: by hand, or as a void whose event came."""
    return Result(claim.id, "duplicate", None, {"code": "already_counted"}, state, "applied")


def _json(why: dict[str, Any]) -> str:
    return orjson.dumps(why).decode()
