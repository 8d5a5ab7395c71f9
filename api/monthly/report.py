"""What a monthly report is made from, and how it says it: in the owner's language, with what stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api import written
from api.words import say
from insight.at_risk import AtRisk
from insight.figures import Figure
from insight.monthly import Month, Span
from insight.replay import WhatIf
from insight.visits import DAY_MS

# Of fewer than this a share says more about chance than about the shop; the console says so too.
FEWEST = 20
# Those who stayed away for longer are hardly to be won back: where the console's page begins as well.
GONE_DAYS = 90


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign that ran in the month, and what it gave in it. cost: in the smallest unit."""

    name: str
    gifts: int
    stamps: int
    rewards: int
    cost: int


@dataclass(frozen=True, slots=True)
class Report:
    """All that is in a report. this: None while nobody had a card. others: the month before, and the year before.

    slipping: of cards that came in the last 90 days; None where too few customers ever came back to tell. what_if: of
    each programme that can tell, by its name. made_on: where the shop is.
    """

    business: str
    logo: bytes | None
    currency: str
    zone: str
    language: str
    made_on: date
    span: Span
    this: Month | None
    others: Sequence[Month]
    slipping: AtRisk | None
    what_if: Sequence[tuple[str, WhatIf]]
    campaigns: Sequence[CampaignLine]

    @property
    def until(self) -> str:
        """The last day it tells of."""
        return self.day_of(self.span.until - 1)

    def words(self, key: str, **params: object) -> str:
        """A sentence of the report."""
        return say(self.language, f"print.report.{key}", **params)

    def insight(self, key: str, **params: object) -> str:
        """A sentence the console says too."""
        return say(self.language, f"insight.{key}", **params)

    def money(self, minor: float) -> str:
        """An amount in the smallest unit."""
        return written.money(self.language, minor, self.currency)

    def day_of(self, at: int) -> str:
        """The day of a moment (ms)."""
        return written.day(self.language, written.local_day(at, self.zone))

    def month(self, of: Span) -> str:
        """Its name."""
        return written.month(self.language, of.first)

    def behind(self, counted: str, n: int, since: int, until: int) -> str:
        """What something was reckoned from: so many "cards", "rewards" or "visits", and when (ms; up to `until`)."""
        return self.insight(f"n_{counted}", n=n, **{"from": self.day_of(since), "to": self.day_of(until - 1)})


def too_young(found: Figure | None, days: int) -> bool:
    """Is a share within so many days of which nobody has been watched for as long?"""
    return found is not None and found.until - found.since < days * DAY_MS


def unknown(report: Report, of: str, found: Figure | None, days: int) -> str | None:
    """Why a share cannot be said yet, in a sentence; None where it can. days: what it takes to happen."""
    if found is not None and too_young(found, days):
        return report.words("too_young", n=days)
    if found is not None and found.n >= FEWEST:
        return None
    missing = "redemption.missing" if of == "redemption" else "fewer_than"
    return report.insight(missing, n=found.n if found else 0, fewest=FEWEST)


def count(found: Any) -> int:
    """A figure that counts something; nothing where there is none."""
    return 0 if found is None else int(found.value)
