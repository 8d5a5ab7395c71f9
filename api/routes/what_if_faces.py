"""How other terms are told in JSON: a programme's ledger under every threshold, and what was assumed."""

from typing import Any

import numpy as np
from pydantic import Field

from api.ids import moment_text
from api.shapes import Moment, Shape
from insight.replay import WhatIf


class Assumptions(Shape):
    """What is assumed: how many more visits there would be, and stamps given at the start instead of those given."""

    extra_visits: float = Field(default=0.0, ge=0, le=0.3)
    welcome_stamps: int | None = Field(default=None, ge=0, le=49)


class Threshold(Shape):
    """What so many stamps for the main reward would have come to. more, fewer: cards with more or fewer rewards.

    issued: main rewards; tiers_issued: those of each tier, none where it does not lie below; cost: of them all.
    """

    stamps_needed: int
    issued: float
    tiers_issued: list[float]
    cost: int
    more: int
    fewer: int
    margin: int
    needed_lift: float | None


class TierToday(Shape):
    """A smaller reward on the way. It stays where it is while the number of stamps for the main one changes."""

    reward: str
    at: int
    once: bool
    issued_today: int


class WhatIfFace(Shape):
    """A programme's ledger under every threshold; the assumptions stand beside what came of them.

    spend_per_stamp: what a stamp is worth where cards count money, else 0; it stays as it is.
    """

    since: Moment
    until: Moment
    stamps_needed: int
    unit_cost: int
    unit_price: int
    spend_per_stamp: int
    extra_visits: float
    welcome_stamps: int | None
    cards: int
    stamps: int
    issued_today: int
    cost_today: int
    tiers: list[TierToday]
    thresholds: list[Threshold]


def what_if_face(found: WhatIf) -> dict[str, Any]:
    """A programme under every threshold."""
    tiers_issued = np.array([each.issued for each in found.tiers]).T.reshape(len(found.thresholds), len(found.tiers))
    columns = (
        found.thresholds, found.issued, tiers_issued, found.cost, found.more, found.fewer, found.margin,
        found.needed_lift,
    )  # fmt: skip
    return {
        "since": moment_text(found.since),
        "until": moment_text(found.until),
        "stamps_needed": found.today.stamps_needed,
        "unit_cost": found.today.unit_cost,
        "unit_price": found.today.unit_price,
        "spend_per_stamp": found.today.spend_per_stamp,
        "extra_visits": found.extra_visits,
        "welcome_stamps": found.welcome_stamps,
        "cards": found.cards,
        "stamps": found.stamps,
        "issued_today": found.issued_today,
        "cost_today": found.cost_today,
        "tiers": [
            {
                "reward": each.reward.name,
                "at": each.reward.at,
                "once": each.reward.once,
                "issued_today": each.issued_today,
            }
            for each in found.tiers
        ],
        "thresholds": [
            {
                "stamps_needed": needed,
                "issued": issued,
                "tiers_issued": tiers,
                "cost": round(cost),
                "more": more,
                "fewer": fewer,
                "margin": round(margin),
                "needed_lift": None if np.isnan(lift) else lift,
            }
            for needed, issued, tiers, cost, more, fewer, margin, lift in zip(
                *(each.tolist() for each in columns), strict=True
            )
        ],
    }
