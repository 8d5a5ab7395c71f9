"""Bugs that somebody could write, each one small: what the state machine of machine.py must notice.

A bug is a function, a piece of its source, and what stands there instead. While it is planted the function's code is
replaced, for everyone who has imported it.
"""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from api.actions import cards as card_actions
from api.actions import events, put_aside, standing
from api.store import ledger
from rules import card, decide, expiry


@dataclass(frozen=True)
class Bug:
    """A bug's name says what goes wrong."""

    name: str
    function: Callable[..., Any]
    right: str
    wrong: str


BUGS = [
    Bug("an event sent twice counts twice", events.record, "locked.known_content is not None", "False"),
    Bug(
        "another claim under a used id passes for a repeat",
        events._again,
        "locked.known_content != claim.content",
        "False",
    ),
    Bug(
        "an id that was set aside can be used again",
        put_aside.earlier_answer,
        "if id_is_taken else None",
        "if False else None",
    ),
    Bug("a void takes one stamp, whatever it undoes", events.event_of, "-undone.stamps,", "-min(undone.stamps, 1),"),
    Bug(
        "one event is undone twice",
        events._void,
        "ledger.is_voided(connection, caller.business_id, undone.id)",
        "False",
    ),
    Bug("a till undoes what another did", events._void, "undone.till_id == caller.till_id", "True"),
    Bug("a void before its event is forgotten", events._count, "if waiting:", "if False:"),
    Bug(
        "a void that waits undoes another card's event",
        events._void_what_waited,
        "aside.card_id != state.row.id or ",
        "",
    ),
    Bug(
        "only the first void that waits is looked at",
        events._void_what_waited,
        "(caller.till_id, None):\n            continue",
        "(caller.till_id, None):\n            break",
    ),
    Bug(
        "one reward is redeemed as two",
        decide._redeem_objection,
        "ready < ask.quantity",
        "ready < 1",
    ),
    Bug(
        "stamps beyond a full round are dropped",
        card._fill,
        "start + need, next_need, earned + 1",
        "figures.total, next_need, earned + 1",
    ),
    Bug(
        "a stamp beyond the total fills no round",
        card._fill,
        "figures.total >= start + need",
        "figures.total > start + need",
    ),
    Bug(
        "a change of programme is not entered",
        standing.card_state,
        "max(row.programme_version, row.figures.version)",
        "row.figures.version",
    ),
    Bug("the old promise is lost in a change", card._kept, "min(now.need, new.need)", "new.need"),
    Bug(
        "a replay forgets that rounds finish under the old promise",
        card._Rounds.enter,
        "kept = _kept(here.round, version)",
        'kept = _kept(here.round, Version(version.number, version.terms, "better"))',
    ),
    Bug("an undone visit still holds the cooldown", card.replay, "and event.id not in voided", ""),
    Bug("what cannot be counted is dropped", put_aside.put_aside, "if not known:", "if False:"),
    Bug(
        "what was refused and happened all the same stays refused",
        put_aside.put_aside,
        "elif known[0].status",
        "elif False and known[0].status",
    ),
    Bug(
        "a refusal stands even when it happened anyway",
        put_aside.earlier_answer,
        'aside.status == "refused" and claim.already_happened',
        "False",
    ),
    Bug("an undone receipt is never free again", events._void, "if undone.order_ref:", "if False:"),
    Bug(
        "a receipt counts as often as it is shown", events._count, "receipt_used=used is not None", "receipt_used=False"
    ),
    Bug(
        "a till of another business is let in",
        events._find,
        "parts[1] != caller.business_id:\n        return None\n    business_id = caller.business_id",
        "False:\n        return None\n    business_id = parts[1]",
    ),
    Bug("a lost card's code still works", events._find, "(locked, True)", "(locked, False)"),
    Bug("a revoked till still counts", events.record, "if locked.till_revoked:", "if False:"),
    Bug(
        "an event goes out without its notice",
        ledger.append,
        "if locked.watched:",
        'if locked.watched and event.kind != "void":',
    ),
    Bug("the daily limit counts what was undone", events._units_today, "and line.id not in undone", ""),
    Bug(
        "a card's events are no longer chained",
        ledger.append,
        "card.last_event_id, *event[1:]",
        "None, *event[1:]",
    ),
    Bug("expiry takes a stamp too many", card_actions.expire, "-figures.stamps", "-figures.stamps - 1"),
    Bug(
        "a tier is redeemed from the main reward",
        events.event_of,
        "tier = claim.tier if claim.tier is not None and _items(state, claim.tier) else None",
        "tier = None",
    ),
    Bug(
        "a void gives a tier's reward back as a main one",
        events.event_of,
        "tier, item = undone.tier,",
        "tier, item = None,",
    ),
    Bug("a tier on the stamp itself is not earned", card.Figures.times_earned, "tier.at <= self", "tier.at < self"),
    Bug(
        "a tier that is earned once is earned again",
        card.Figures.times_earned,
        "min(times, 1) if tier.once",
        "times if tier.once",
    ),
    Bug(
        "a tier of a round that is over is forgotten",
        card._after_rounds,
        "tier.reached + (tier.at > 0)",
        "tier.reached",
    ),
    Bug("a tier of the old promise is lost in a change", card._kept, "(*now.tiers, *new.tiers)", "new.tiers"),
    Bug("a tier is lost when its stamps run out", card_actions.expire, "0 < kept.at <= figures.progress", "False"),
    Bug(
        "what is left over of an amount is dropped",
        events.event_of,
        "amount = claim.amount",
        "amount = claim.amount // state.figures.unit * state.figures.unit",
    ),
    Bug("a void of an amount takes whole stamps", events.event_of, "-undone.amount", "money(state, -undone.stamps)"),
    Bug(
        "a card that counts money takes stamps",
        decide._nonsense,
        "(ask.amount is not None) == (terms.spend_per_stamp > 0)",
        "True",
    ),
    Bug("rewards never run out", expiry.expiry, "terms.rewards_expire_days and figures.rewards_ready", "False"),
]


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    """While this lasts, the bug is in the code. Fails when the right piece does not stand there once."""
    function, module = bug.function, inspect.getmodule(bug.function)
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(bug.right) == 1, f"{bug.name}: {bug.right!r} must stand once in {function.__qualname__}"
    place: dict[str, Any] = {}
    exec(compile(source.replace(bug.right, bug.wrong), str(module), "exec"), vars(module), place)
    right = function.__code__
    function.__code__ = place[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = right
