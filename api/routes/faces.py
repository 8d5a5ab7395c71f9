"""How a card, a line of its history and a result look in JSON."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.actions.cards import why_house
from api.actions.claims import Result
from api.actions.standing import CardState
from api.actions.why import why_counted
from api.ids import id_text, moment_text
from api.keys import Keys
from api.routes.voucher_faces import VoucherFace
from api.settings import Settings
from api.shapes import Id, Moment, Shape
from api.store.ledger import CardRow, EventRow
from rules import card as cards
from rules.expiry import expiry, warnings
from rules.programme import Version, find_tier


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


class MainReward(Shape):
    """The main reward, where there are others or a choice. ready: how many can be handed over; choices: or instead."""

    reward: str
    ready: int = Field(ge=0)
    choices: list[str]


class TierOnCard(Shape):
    """A tier as it stands on a card.

    at: the stamp that earns it in this round; null when this round is without it. earned: how often this card has.
    """

    key: int
    at: int | None = Field(ge=1)
    reward: str
    ready: int = Field(ge=0)
    once: bool
    earned: int = Field(ge=0)
    choices: list[str]


class Expiring(Shape):
    """What runs out soon, how many, and when."""

    what: Literal["stamps", "rewards"]
    n: int = Field(ge=1)
    at: Moment


class CardFace(Shape):
    """A card's public face: its progress, and no personal data.

    rewards_ready: of all kinds. reward and tiers: only where a programme has tiers or a choice. remainder: money beyond
    the last whole stamp, only where so much money (spend_per_stamp) makes a stamp. birthday_stamps: only where some are
    given. expiring: only when something is. vouchers: those ready now, only where there are some. currency: with either
    kind of money.
    """

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
    reward: MainReward | None = None
    tiers: list[TierOnCard] | None = None
    remainder: int | None = Field(default=None, ge=0)
    spend_per_stamp: int | None = Field(default=None, ge=1)
    currency: str | None = None
    birthday_stamps: int | None = Field(default=None, ge=1)
    expiring: list[Expiring] | None = None
    vouchers: list[VoucherFace] | None = None


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
    """One line of a card's history. tier: whose rewards, null for the main ones; item: what was picked.

    amount: in money on a card that counts money, where `stamps` are the whole stamps that came of it.
    """

    id: Id
    kind: str
    stamps: int
    rewards: int
    tier: int | None
    item: str | None
    amount: int | None
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


def card_face(
    state: CardState, keys: Keys, settings: Settings, *, replaced: bool = False, now: int | None = None
) -> dict[str, Any]:
    """A card's public face; now: warn of what runs out soon."""
    row, figures, terms = state.row, state.figures, state.version.terms
    code = keys.card_code(row.business_id, row.id, row.code_number)
    runs_out = expiry(figures, terms)
    face = {
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
        "needed": figures.needed,
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
    if figures.tiers or terms.choices:
        face["reward"] = {
            "reward": terms.reward,
            "ready": max(0, figures.balance(None)),
            "choices": [choice.name for choice in terms.choices],
        }
    if figures.tiers:
        face["tiers"] = _tiers(state)
    if terms.spend_per_stamp:
        face |= {"remainder": figures.remainder, "spend_per_stamp": figures.unit, "currency": row.currency}
    if terms.birthday_stamps:
        face["birthday_stamps"] = terms.birthday_stamps
    if now is not None and (runs_out.stamps_at or runs_out.rewards_at):
        soon = [{"what": each.what, "n": each.n, "at": moment_text(each.at)} for each in warnings(figures, terms, now)]
        face |= {"expiring": soon} if soon else {}
    return face


def _tiers(state: CardState) -> list[dict[str, Any]]:
    """The tiers of a card, those that come first in its round first."""
    figures = state.figures
    faces = []
    for sums in sorted(figures.tiers, key=lambda tier: (tier.at == 0, tier.at, tier.key)):
        tier = find_tier(state.versions, sums.key, figures.version)
        faces.append(
            {
                "key": sums.key,
                "at": -(-sums.at // figures.unit) or None,
                "reward": tier.reward if tier else "",
                "ready": max(0, figures.balance(sums.key)),
                "once": sums.once,
                "earned": figures.times_earned(sums),
                "choices": [choice.name for choice in tier.choices] if tier else [],
            }
        )
    return faces


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
        why = _why(line, before, after, by_id, versions)
        lines.append(_line(line, why, voided=line.id in undone, private=private))
        figures = after
    return lines[::-1]


def _line(line: EventRow, why: dict[str, Any], *, voided: bool, private: bool) -> dict[str, Any]:
    staff = line.staff if private else None
    why |= {"at": moment_text(line.happened_at), "shop": line.shop, "till": line.till, "staff": staff}
    return {
        "id": id_text(line.id),
        "kind": line.kind,
        "stamps": line.stamps,
        "rewards": line.rewards,
        "tier": line.tier,
        "item": line.item,
        "amount": line.amount,
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


def _why(
    line: EventRow,
    before: cards.Figures,
    after: cards.Figures,
    by_id: dict[bytes, EventRow],
    versions: dict[int, Version],
) -> dict[str, Any]:
    if line.kind in ("stamp", "redeem"):
        return why_counted(line, before, after, versions)
    if line.kind == "void":
        undone = by_id.get(line.ref or b"")
        return {
            "code": "voided",
            "kind": undone.kind if undone else "stamp",
            "quantity": abs(line.stamps or line.rewards),
        }
    return why_house(line, versions)


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
