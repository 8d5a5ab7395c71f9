"""When stamps and rewards run out, for programmes whose owner switched that on.

Both are counted from the card's last stamp, so one visit renews everything a customer holds.
"""

from dataclasses import dataclass

from rules.card import Figures
from rules.programme import Terms

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Expiry:
    """When the stamps of the round in progress and the waiting rewards run out (ms since 1970; None: never)."""

    stamps_at: int | None = None
    rewards_at: int | None = None


def expiry(figures: Figures, terms: Terms) -> Expiry:
    """When what a card holds runs out, if no further stamp comes."""
    if figures.last_stamp_at is None:
        return Expiry()
    stamps_at = rewards_at = None
    if terms.stamps_expire_days and figures.stamps:
        stamps_at = figures.last_stamp_at + terms.stamps_expire_days * DAY_MS
    if terms.rewards_expire_days and figures.rewards_ready:
        rewards_at = figures.last_stamp_at + terms.rewards_expire_days * DAY_MS
    return Expiry(stamps_at, rewards_at)
