"""May this happen? One verdict for each claim, from the card's figures and the programme's terms."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rules.card import Figures
from rules.programme import Terms

Status = Literal["applied", "duplicate", "flagged", "refused", "kept"]
OVERRIDABLE = ("too_soon", "daily_limit")
# A till clock this far from ours is wrong; less is network and rounding.
SKEW_MS = 5 * 60 * 1000


def clock_ahead(sent_at: int, now: int) -> int:
    """How many milliseconds a till's clock is ahead of ours, negative when behind; 0 while it is right enough."""
    ahead = sent_at - now
    return ahead if abs(ahead) > SKEW_MS else 0


class Ask(NamedTuple):
    """What a till or another program says happened, or asks to let happen.

    kind: stamp, redeem or void. quantity: stamps or rewards. happened_at: milliseconds since 1970, put right where its
    clock was clock_ahead milliseconds off. already_happened: a fact, so never refused. A reason on a stamp overrides
    what may be overridden. amount: what was paid, in the smallest unit, where a card counts money. tier, item: which
    reward is handed over (None: the main one), and what was picked for it (None: what the reward is called).
    """

    kind: str
    quantity: int
    happened_at: int
    already_happened: bool
    reason: str | None = None
    clock_ahead: int = 0
    amount: int | None = None
    tier: int | None = None
    item: str | None = None


class Scene(NamedTuple):
    """What there is to know beside the card's figures; times in milliseconds since 1970.

    units_today: stamps (or money) counted on this card since the shop's midnight; only needed where there is a limit.
    offline_never: a till hands out no reward while it cannot ask. own_card: it belongs to whoever works the till.
    items: what can be handed over for the reward that is asked for; only needed where one is named.
    """

    now: int
    units_today: int = 0
    replaced: bool = False
    ended: bool = False
    receipt_used: bool = False
    offline_never: bool = False
    own_card: bool = False
    items: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a claim, the code that says why, and the figures behind the code."""

    status: Status
    reason: str | None = None
    details: dict[str, int] = field(default_factory=dict)


APPLIED = Verdict("applied")


def decide(ask: Ask, figures: Figures, terms: Terms, scene: Scene) -> Verdict:
    """The verdict on a stamp or a redemption."""
    if scene.receipt_used:  # one receipt counts once: even a fact is set aside rather than counted again
        return Verdict("kept" if ask.already_happened else "refused", "receipt_used")
    nonsense = _nonsense(ask, figures, terms)
    if nonsense:  # nobody can say what it would add: a person has to look
        return Verdict("kept" if ask.already_happened else "refused", nonsense)
    objection = _stamp_objection(ask, figures, terms, scene) if ask.kind == "stamp" else None
    if ask.kind == "redeem":
        objection = _redeem_objection(ask, figures, scene)
    if objection is None:
        return APPLIED
    reason, details = objection
    if ask.already_happened or (ask.reason and reason in OVERRIDABLE):
        return Verdict("flagged", reason, details)
    if reason == "clock_skew":  # their clock is wrong, not the visit
        return Verdict("flagged", reason, details)
    return Verdict("refused", "no_reward" if reason == "overdrawn" else reason, details)


def decide_void(
    kind: str,
    *,
    voided: bool,
    same_till: bool,
    already_happened: bool,
    before: Figures,
    after: Figures,
    clock_ahead: int = 0,
) -> Verdict:
    """The verdict on undoing one event of this kind; before, after: the card's figures without and with the undoing.

    same_till: who asks is who did it, or may undo anything of this business.
    """
    if voided:
        return Verdict("kept" if already_happened else "refused", "already_voided")
    if kind == "void" or kind == "expire" or not same_till:
        return Verdict("kept" if already_happened else "refused", "not_voidable")
    if after.stamps_owed > before.stamps_owed or after.rewards_owed > before.rewards_owed:
        return Verdict("flagged", "overdrawn")
    if clock_ahead:
        return Verdict("flagged", "clock_skew", _off(clock_ahead))
    return APPLIED


Objection = tuple[str, dict[str, int]] | None


def _nonsense(ask: Ask, figures: Figures, terms: Terms) -> str | None:
    """Why a claim cannot be counted on this card at all."""
    if ask.kind == "stamp":
        if (ask.amount is not None) == (terms.spend_per_stamp > 0):
            return None
        return "no_amount_counted" if terms.spend_per_stamp == 0 else "amount_needed"
    is_known = ask.tier is None or terms.tier(ask.tier) or ask.tier in {tier.key for tier in figures.tiers}
    return None if is_known else "unknown_reward"


def _stamp_objection(ask: Ask, figures: Figures, terms: Terms, scene: Scene) -> Objection:
    if scene.own_card:
        return "own_card", {}
    if scene.replaced:
        return "card_replaced", {}
    if scene.ended:
        return "programme_ended", {}
    units, unit = (ask.quantity, 1) if ask.amount is None else (ask.amount, terms.unit)
    if units > terms.most_per_visit * unit:
        return "visit_limit", {"limit": terms.most_per_visit}
    if terms.cooldown_seconds and figures.last_stamp_at is not None:
        ready_at = figures.last_stamp_at + terms.cooldown_seconds * 1000
        moment = min(ask.happened_at, scene.now) if ask.already_happened else scene.now
        if figures.last_stamp_at <= moment < ready_at:
            left = -((moment - ready_at) // 1000)
            return "too_soon", {"seconds_left": left, "cooldown_seconds": terms.cooldown_seconds}
    if terms.daily_limit and scene.units_today + units > terms.daily_limit * unit:
        return "daily_limit", {"limit": terms.daily_limit}
    return _skew(ask, scene)


def _redeem_objection(ask: Ask, figures: Figures, scene: Scene) -> Objection:
    if scene.replaced and not ask.already_happened:
        return "card_replaced", {}
    ready = figures.balance(ask.tier)
    if ready < ask.quantity:
        return "overdrawn", {"stamps": figures.stamps, "needed": figures.needed, "rewards_ready": max(0, ready)}
    if ask.item is not None and ask.item not in scene.items:
        return "unknown_item", {}
    if scene.own_card:
        return "own_card", {}
    if scene.replaced:
        return "card_replaced", {}
    if scene.offline_never and ask.already_happened:
        return "offline_never", {}
    return _skew(ask, scene)


def _skew(ask: Ask, scene: Scene) -> Objection:
    ahead = ask.clock_ahead or ask.happened_at - scene.now
    return ("clock_skew", _off(ahead)) if ask.clock_ahead or ahead > SKEW_MS else None


def _off(milliseconds: int) -> dict[str, int]:
    return {"seconds_ahead": round(milliseconds / 1000)}
