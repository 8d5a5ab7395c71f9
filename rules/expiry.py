"""When stamps and rewards run out, for programmes whose owner switched that on, and when the customer is told.

Both are counted from the card's last stamp, so one visit renews everything a customer holds.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from rules.card import Figures
from rules.programme import Terms

DAY_MS = 86_400_000
# Time enough to come by once more; of a shorter period, its second half.
WARNED_DAYS = 30


class Expiry(NamedTuple):
    """When the stamps of the round in progress and the waiting rewards run out (ms since 1970; None: never)."""

    stamps_at: int | None = None
    rewards_at: int | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """What will run out soon, how many, and when (ms since 1970)."""

    what: Literal["stamps", "rewards"]
    n: int
    at: int


def expiry(figures: Figures, terms: Terms) -> Expiry:
    """When what a card holds runs out, if no further stamp comes."""
    if figures.last_stamp_at is None:
        return Expiry()
    stamps_at = rewards_at = None
    if terms.stamps_expire_days and figures.progress:
        stamps_at = figures.last_stamp_at + terms.stamps_expire_days * DAY_MS
    if terms.rewards_expire_days and figures.rewards_ready:
        rewards_at = figures.last_stamp_at + terms.rewards_expire_days * DAY_MS
    return Expiry(stamps_at, rewards_at)


def warnings(figures: Figures, terms: Terms, now: int) -> list[Warned]:
    """What a customer should be told now will run out; what is due already is left to run out."""
    due = expiry(figures, terms)
    found: list[Warned] = []
    if due.stamps_at is not None and figures.stamps and _is_near(due.stamps_at, terms.stamps_expire_days, now):
        found.append(Warned("stamps", figures.stamps, due.stamps_at))
    if due.rewards_at is not None and _is_near(due.rewards_at, terms.rewards_expire_days, now):
        found.append(Warned("rewards", figures.rewards_ready, due.rewards_at))
    return found


def _is_near(at: int, days: int, now: int) -> bool:
    return at - min(WARNED_DAYS * DAY_MS, days * DAY_MS // 2) <= now < at
