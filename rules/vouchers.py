"""A voucher: what it is good for, whether it still is, and whether it may be used now."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

from rules.programme import BadTerms

Kind = Literal["item", "percent", "amount"]
State = Literal["ready", "used", "expired", "withdrawn"]
Objection = Literal["voucher_used", "voucher_expired", "voucher_withdrawn", "voucher_not_for_this_card"]

WHAT_LENGTH = 80
MOST_AMOUNT = 100_000_000
_OBJECTIONS: dict[State, Objection] = {
    "used": "voucher_used",
    "withdrawn": "voucher_withdrawn",
    "expired": "voucher_expired",
}


@dataclass(frozen=True, slots=True)
class Voucher:
    """What is given: an item for nothing, so many per cent or so much money off; and for how long.

    what: the item; with the other kinds what they are off, or nothing for any bill. amount and cost are in the
    currency's smallest unit; cost: what it is reckoned to cost the shop. Moments are in milliseconds since 1970.
    Raises BadTerms for what makes no sense together.
    """

    kind: Kind
    what: str
    percent: int
    amount: int
    cost: int
    expires_at: int
    withdrawn_at: int | None = None
    used_at: int | None = None

    def __post_init__(self) -> None:
        if len(self.what) > WHAT_LENGTH or (self.kind == "item" and not self.what.strip()):
            raise BadTerms("what", self.what, f"must say what is given, in at most {WHAT_LENGTH} letters")
        _check("percent", self.percent, 100, is_meant=self.kind == "percent")
        _check("amount", self.amount, MOST_AMOUNT, is_meant=self.kind == "amount")
        if self.cost < 0:
            raise BadTerms("cost", self.cost, "must not be below zero")

    def state(self, now: int) -> State:
        """Where it stands at this moment."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.used_at is not None:
            return "used"
        return "ready" if now < self.expires_at else "expired"

    def objection(self, now: int, *, is_for_this_card: bool) -> Objection | None:
        """Why it may not be used at this moment; None when it may."""
        if not is_for_this_card:
            return "voucher_not_for_this_card"
        return _OBJECTIONS.get(self.state(now))

    def costs_at(self, now: int) -> int:
        """What of its cost still weighs on the budget: nothing once it was withdrawn or ran out unused."""
        return self.cost if self.state(now) in ("ready", "used") else 0


def expires_at(given_at: int, days: int, zone: tzinfo) -> int:
    """The midnight, by the clock on the shop's wall, after so many whole days: the last day counts to its end."""
    day = datetime.fromtimestamp(given_at / 1000, zone).date() + timedelta(days=days + 1)
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def _check(name: str, value: int, most: int, *, is_meant: bool) -> None:
    if is_meant and not 1 <= value <= most:
        raise BadTerms(name, value, f"must be from 1 to {most}")
    if not is_meant and value:
        raise BadTerms(name, value, "does not belong to this kind of voucher")
