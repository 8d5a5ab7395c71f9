"""What tills and other software saw: one way in, one claim or a thousand."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from flask import Blueprint, current_app
from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Connection

from api import db
from api.actions import events as actions
from api.actions import gaps, tills
from api.actions.callers import Caller
from api.actions.claims import Claim, Result
from api.actions.put_aside import keep_unreadable
from api.errors import Problem
from api.ids import moment_text, read_id
from api.live import Live
from api.metrics import Metrics
from api.routes.door import Asked, route
from api.routes.faces import ResultFace, result_face
from api.shapes import FIVE_IS_FIVE, MOST_EXACT, Code, Id, Moment, Shape
from api.store import asides, ledger, service
from rules.decide import clock_ahead
from rules.programme import HIGHEST_KEY, LIMITS, REWARD_LENGTH
from rules.sequence import forgotten, missing

bp = Blueprint("events", __name__, url_prefix="/api/v1")

MOST_EVENTS = 1000
# A till is marked as seen at most this often, so that stamps do not write twice.
SEEN_EVERY_MS = 60_000

# What tills write is taken as it is; but NUL no database keeps as text, and nothing but blanks says nothing.
_SAID = r"^[^\x00]*[^\s\x00][^\x00]*$"
OrderRef = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_SAID)]
Sequence = Annotated[int, Field(ge=1, le=MOST_EXACT), FIVE_IS_FIVE]
Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=REWARD_LENGTH, pattern=_SAID)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_SAID)]


# The most one visit can come to: as many stamps, at as much money each, as there can be.
MOST_AMOUNT = LIMITS["max_per_visit"][1] * LIMITS["spend_per_stamp"][1]


def _only_in(kind: str, *names: str) -> dict[str, Any]:
    return {
        "if": {"properties": {"kind": {"not": {"const": kind}}}, "required": ["kind"]},
        "then": {"properties": {name: {"type": "null"} for name in names}},
    }


class ClaimIn(Shape):
    """One claim: what happened, or may it?

    amount: what was paid, in the smallest unit, instead of a quantity of stamps, where a card counts money. tier: which
    of the smaller rewards is handed over. item: what was picked for a reward, or bought with a stamp.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"kind": {"const": "void"}}, "required": ["kind"]},
            "then": {"properties": {"ref": {"type": "string"}, "item": {"type": "null"}}, "required": ["ref"]},
            "else": {"properties": {"ref": {"type": "null"}}},
            "allOf": [_only_in("stamp", "amount"), _only_in("redeem", "tier")],
        }
    )
    id: Id
    kind: Literal["stamp", "redeem", "void"]
    card: Code
    quantity: int = Field(default=1, ge=1, le=20)
    happened_at: Moment
    already_happened: bool = False
    staff: Id | None = None
    order_ref: OrderRef | None = None
    ref: Id | None = None
    reason: Reason | None = None
    amount: int | None = Field(default=None, ge=1, le=MOST_AMOUNT)
    tier: int | None = Field(default=None, ge=1, le=HIGHEST_KEY)
    item: Item | None = None

    @model_validator(mode="after")
    def _void_names_its_event(self) -> "ClaimIn":
        if (self.kind == "void") != (self.ref is not None):
            raise PydanticCustomError("ref", "ref names the event a void undoes, and stands in a void alone")
        if self.amount is not None and self.kind != "stamp":
            raise PydanticCustomError("amount", "amount stands in a stamp alone")
        if self.kind != "redeem" and self.tier is not None:
            raise PydanticCustomError("tier", "tier stands in a redemption alone")
        if self.kind == "void" and self.item is not None:
            raise PydanticCustomError("item", "item stands in a stamp or a redemption")
        return self


class TillClaimIn(ClaimIn):
    """A till's claim. sequence: its number among all that this till has seen, one more for each."""

    sequence: Sequence | None = None


class SyncIn(Shape):
    """What a till sends: everything it has seen since it was last answered, oldest first.

    after: every number up to this one has had its answer. withheld: numbers below the batch's highest that still wait
    at the till and are not in this batch. Without `after` nothing is said about numbers, as when a till sends again.
    """

    sent_at: Moment
    events: list[Any] = Field(
        max_length=MOST_EVENTS, description="Each a TillClaimIn; one that cannot be read is kept for the owner."
    )
    after: int | None = Field(default=None, ge=0, le=MOST_EXACT)
    withheld: list[Sequence] = Field(default=[], max_length=MOST_EVENTS)


class SyncOut(Shape):
    """One result for each event, in the same order."""

    results: list[ResultFace]
    server_time: Moment
    epoch: str


@route(
    bp,
    "POST",
    "/sync",
    who=("till",),
    body=SyncIn,
    answer=SyncOut,
    limit=None,
    in_turn=True,
    revoked_too=True,
    once=False,
)
def sync(asked: Asked) -> Any:
    """Take in what a till saw: each event is applied, recognised, flagged, refused or kept; none is dropped."""
    body, caller, numbers = asked.body, asked.who.caller, sequence_numbers(asked.body.events)
    counted = None if body.after is None else max((body.after, *numbers, *body.withheld))
    if counted is not None:
        _look_for_gaps(asked, numbers, counted)
    answer = take_in(asked, caller, clock_ahead(body.sent_at, asked.now))
    if numbers and (body.after is None or min(numbers) <= body.after):
        db.write(lambda connection: gaps.came_after_all(connection, numbers, caller=caller, now=asked.now))
    till_seen(asked, counted=counted, ahead=body.sent_at - asked.now)
    return answer


@route(
    bp,
    "POST",
    "/events",
    who=("software",),
    body=ClaimIn,
    answer=ResultFace,
    also={202: ResultFace},
    problems=("refused",),
    limit=None,
    once=False,
)
def record_event(asked: Asked) -> Any:
    """Take in one event from other software: 200 counted, 202 kept for the owner, 409 refused."""
    claim = _claim(asked.body, asked.body.model_dump(mode="json"))
    result = db.write(
        lambda connection: actions.record(connection, claim, caller=asked.who.caller, keys=asked.keys, now=asked.now)
    )
    _tell([result])
    face = result_face(result, asked.keys, asked.settings)
    if result.status == "refused":
        raise Problem("refused", reason=result.reason, why=result.why, card=face["card"])
    return face, 202 if result.status == "kept" else 200


def take_in(asked: Asked, caller: Caller, ahead: int) -> dict[str, Any]:
    """Take in a till's events, by whomever they come; ahead: how many milliseconds its clock was ahead of ours."""
    epoch = server_epoch()
    jobs = [_job(raw, asked, caller, ahead) for raw in asked.body.events]
    results = [db.write(jobs[0])] if len(jobs) == 1 else db.write_each(jobs)
    _tell(results)
    keys, settings = asked.keys, asked.settings
    return {
        "results": [result_face(result, keys, settings) for result in results],
        "server_time": moment_text(asked.now),
        "epoch": epoch,
    }


def sequence_numbers(events: list[Any]) -> list[int]:
    """The numbers a till gave to these, also to those that nobody can read."""
    found = [raw.get("sequence") for raw in events if type(raw) is dict]
    return [number for number in found if type(number) is int and 0 < number <= MOST_EXACT]


def _look_for_gaps(asked: Asked, numbers: list[int], counted: int) -> None:
    """Note what this till has numbered and will not come; before the batch is answered, for then nobody knows it."""
    body, caller = asked.body, asked.who.caller
    known = asked.who.row.last_sequence
    found = missing(body.after, numbers, body.withheld)
    lost = forgotten(body.after, numbers, body.withheld, known)
    if lost and not _has_come_before(asked):
        found += lost
    if found:
        db.write(lambda connection: gaps.note(connection, found, counted=counted, caller=caller, now=asked.now))
        asked.forget_tills()


def _has_come_before(asked: Asked) -> bool:
    """Is anything in this batch known? Then it was long under way, and sent again since: the till has not forgotten."""
    business_id, ids = asked.business_id, [_readable_id(raw) for raw in asked.body.events]
    with db.reading() as connection:
        return any(
            ledger.event(connection, business_id, id) or asides.under(connection, business_id, id) for id in ids if id
        )


def _job(raw: Any, asked: Asked, caller: Caller, ahead: int) -> Callable[[Connection], Result]:
    """The action for one event of a batch; one that cannot be read is kept, so it spoils no other."""
    keys, now = asked.keys, asked.now
    try:
        claim = _claim(TillClaimIn.model_validate(raw), raw, ahead)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)[0]
        problem = f"{'/'.join(map(str, found['loc']))}: {found['msg']}"
        event_id = _readable_id(raw)
        return lambda connection: keep_unreadable(
            connection, raw, event_id=event_id, caller=caller, problem=problem, keys=keys, now=now
        )
    return lambda connection: actions.record(connection, claim, caller=caller, keys=keys, now=now)


def _claim(body: ClaimIn, raw: Any, ahead: int = 0) -> Claim:
    return Claim(
        body.id, body.kind, body.card, body.quantity, body.happened_at, body.already_happened, body.staff,
        body.order_ref, body.ref, body.reason, raw, ahead, body.tier, body.item, body.amount,
    )  # fmt: skip


def _readable_id(raw: Any) -> bytes | None:
    try:
        return read_id(raw.get("id")) if isinstance(raw, dict) else None
    except ValueError:
        return None


def _tell(results: list[Result]) -> None:
    """Wake the phones that watch these cards: what they will read is on disk. And count what became of each event."""
    metrics: Metrics = current_app.extensions["tenth.metrics"]
    metrics.events([result.status for result in results])
    live: Live = current_app.extensions["tenth.live"]
    for result in results:
        if result.card is not None and result.status in ("applied", "flagged"):
            live.changed(result.card.row.id)


def server_epoch() -> str:
    """The id the database has had since it was made or restored: a till that sees another one sends again.

    Read once: nothing is restored while a service runs.
    """
    parts = current_app.extensions
    if "tenth.epoch" not in parts:
        with db.reading() as connection:
            parts["tenth.epoch"] = service.epoch(connection)
    found: str = parts["tenth.epoch"]
    return found


def till_seen(asked: Asked, *, counted: int | None = None, ahead: int | None = None) -> None:
    """Note now and then that this till was heard from, and look it up anew next time.

    counted, ahead: its highest number and how many milliseconds its clock is ahead, when it said so. A request that
    says neither leaves the first chance to one that does.
    """
    row, who = asked.who.row, asked.who.caller
    every = SEEN_EVERY_MS if ahead is not None else 2 * SEEN_EVERY_MS
    is_first = counted is not None and row.last_sequence is None
    if is_first or row.last_seen_at is None or asked.now - row.last_seen_at > every:
        with suppress(db.Busy):  # the next request notes it
            db.write(lambda c: tills.seen(c, caller=who, now=asked.now, counted=counted, ahead=ahead))
        asked.forget_tills()
