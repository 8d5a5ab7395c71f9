"""How a card, a line of its history and a result look in JSON."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.actions.cards import why_house
from api.actions.events import CardState, Result, why_counted
from api.ids import id_text, moment_text
from api.keys import Keys
from api.settings import Settings
from api.shapes import Id, Moment, Shape
from api.store.ledger import CardRow, EventRow
from rules import card as cards
from rules.expiry import expiry
from rules.programme import Version


class BusinessFace(Shape):
    """What a customer sees of a business."""

    name: str
    language: str
    time_zone: str
    logo: str | None


class ProgrammeFace(Shape):
    """What a customer sees of a programme."""

    id: Id
    name: str
    reward: str
    stamps_needed: int


class CardFace(Shape):
    """A card's public face: its progress, and no personal data."""

    code: str
    url: str
    short_code: str
    business: BusinessFace
    programme: ProgrammeFace
    stamps: int = Field(ge=0)
    needed: int = Field(ge=2, le=50)
    next_needed: int = Field(ge=2, le=50)
    rewards_ready: int = Field(ge=0)
    stamps_owed: int = Field(ge=0)
    rewards_owed: int = Field(ge=0)
    replaced: bool
    stamps_expire_at: Moment | None
    rewards_expire_at: Moment | None
    last_event_at: Moment | None
    created_at: Moment


class Why(Shape):
    """Data for one sentence: a code, and what the sentence names."""

    model_config = ConfigDict(extra="allow")
    code: str


class ResultFace(Shape):
    """What became of a claim."""

    id: Id
    status: Literal["applied", "duplicate", "flagged", "refused", "kept"]
    reason: str | None
    first: Literal["applied", "flagged"] | None = None
    why: Why
    card: CardFace | None


class Line(Shape):
    """One line of a card's history."""

    id: Id
    kind: str
    stamps: int
    rewards: int
    happened_at: Moment
    received_at: Moment
    shop: str | None
    till: str | None
    staff: str | None
    programme_version: int
    ref: Id | None
    voided: bool
    order_ref: str | None
    reason: str | None
    author: str | None
    flag: str | None
    source: str
    why: Why


def show_code(short_code: str) -> str:
    """A short code as people read it, in two groups of four."""
    return f"{short_code[:4]}-{short_code[4:]}"


def logo_url(business_id: int, logo_version: int) -> str | None:
    """Where a business's logo is."""
    return f"/api/v1/businesses/{business_id}/logo.webp?v={logo_version}" if logo_version > 0 else None


def card_face(state: CardState, keys: Keys, settings: Settings, *, replaced: bool = False) -> dict[str, Any]:
    """A card's public face."""
    row, figures, terms = state.row, state.figures, state.version.terms
    code = keys.card_code(row.business_id, row.id, row.code_number)
    runs_out = expiry(figures, terms)
    return {
        "code": code,
        "url": f"{settings.public_url}/c/{code}",
        "short_code": show_code(keys.short_code(row.business_id, row.id, row.short_number)),
        "business": {
            "name": row.business_name,
            "language": row.language,
            "time_zone": row.time_zone,
            "logo": logo_url(row.business_id, row.logo_version),
        },
        "programme": {
            "id": id_text(row.programme_id),
            "name": row.programme_name,
            "reward": terms.reward,
            "stamps_needed": terms.stamps_needed,
        },
        "stamps": figures.stamps,
        "needed": figures.round_need,
        "next_needed": terms.stamps_needed,
        "rewards_ready": figures.rewards_ready,
        "stamps_owed": figures.stamps_owed,
        "rewards_owed": figures.rewards_owed,
        "replaced": replaced,
        "stamps_expire_at": _moment(runs_out.stamps_at),
        "rewards_expire_at": _moment(runs_out.rewards_at),
        "last_event_at": moment_text(state.touched_at) if state.last_event_id else None,
        "created_at": moment_text(row.created_at),
    }


def result_face(result: Result, keys: Keys, settings: Settings) -> dict[str, Any]:
    """What became of a claim."""
    face: dict[str, Any] = {
        "id": id_text(result.id),
        "status": result.status,
        "reason": result.reason,
        "why": result.why,
        "card": None if result.card is None else card_face(result.card, keys, settings),
    }
    if result.first is not None:
        face["first"] = result.first
    return face


def history_lines(row: CardRow, events: list[EventRow], versions: dict[int, Version], *, private: bool) -> list[Any]:
    """A card's history, newest first, each line with its why. private: with staff names and receipts.

    events: the whole card, newest first.
    """
    undone = {line.ref for line in events if line.kind == "void"}
    by_id = {line.id: line for line in events}
    lines, seen = [], []
    figures = cards.blank(versions[row.first_version])
    for line in reversed(events):
        seen.append(line.for_rules)
        before = cards.catch_up(figures, versions, line.version)
        after = cards.add(before, line.for_rules, versions[line.version])
        if after is None:
            after = cards.replay(seen, versions, row.first_version, line.version)
        lines.append(_line(line, before, after, by_id, voided=line.id in undone, private=private))
        figures = after
    return lines[::-1]


def _line(
    line: EventRow,
    before: cards.Figures,
    after: cards.Figures,
    by_id: dict[bytes, EventRow],
    *,
    voided: bool,
    private: bool,
) -> dict[str, Any]:
    staff = line.staff if private else None
    why = _why(line, before, after, by_id)
    why |= {"at": moment_text(line.happened_at), "shop": line.shop, "till": line.till, "staff": staff}
    return {
        "id": id_text(line.id),
        "kind": line.kind,
        "stamps": line.stamps,
        "rewards": line.rewards,
        "happened_at": moment_text(line.happened_at),
        "received_at": moment_text(line.received_at),
        "shop": line.shop,
        "till": line.till,
        "staff": staff,
        "programme_version": line.version,
        "ref": None if line.ref is None else id_text(line.ref),
        "voided": voided,
        "order_ref": line.order_ref if private else None,
        "reason": line.reason if private else None,
        "author": line.author if private else None,
        "flag": line.flag if private else None,
        "source": line.source,
        "why": why,
    }


def _why(line: EventRow, before: cards.Figures, after: cards.Figures, by_id: dict[bytes, EventRow]) -> dict[str, Any]:
    if line.kind in ("stamp", "redeem"):
        return why_counted(line.kind, abs(line.stamps or line.rewards), before, after)
    if line.kind == "void":
        undone = by_id.get(line.ref or b"")
        return {
            "code": "voided",
            "kind": undone.kind if undone else "stamp",
            "quantity": abs(line.stamps or line.rewards),
        }
    return why_house(line.kind, line.stamps, line.rewards, line.reason)


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
