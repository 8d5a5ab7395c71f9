"""Making good: what may be offered for what went wrong, what it costs, and who may give it out of which budget."""

from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Any, Literal

from rules import vouchers
from rules.programme import BadTerms, Terms

Kind = Literal["apology", "stamps", "replacement", "percent", "amount", "money_back"]
Status = Literal["ok", "needs_owner", "over_budget"]

KINDS: tuple[Kind, ...] = ("apology", "stamps", "replacement", "percent", "amount", "money_back")
# Kind: the field it cannot do without.
NEEDS: dict[Kind, str] = {
    "stamps": "stamps",
    "replacement": "item",
    "percent": "percent",
    "amount": "amount",
    "money_back": "amount",
}
# Field: highest value.
MOST = {"stamps": 20, "percent": 100, "amount": vouchers.MOST_AMOUNT}
# What the bonus line of given stamps says, and how a void knows of it.
REASON = "goodwill"
_VOUCHERS: dict[Kind, vouchers.Kind] = {"replacement": "item", "percent": "percent", "amount": "amount"}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a business allows. Money is in the currency's smallest unit.

    monthly_budget: what all goodwill of a calendar month may cost; None: no limit. staff_per_case, staff_per_day: what
    one of the staff may give for one case, and in one day, without the owner. voucher_days: how long a voucher is good.
    """

    monthly_budget: int | None = None
    staff_per_case: int = 1000
    staff_per_day: int = 5000
    voucher_days: int = 30


# Field of a policy: lowest and highest value.
LIMITS = {
    "monthly_budget": (0, 1_000_000_000),
    "staff_per_case": (0, 100_000_000),
    "staff_per_day": (0, 100_000_000),
    "voucher_days": (1, 730),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to put something right. A field that belongs to another kind is left out.

    item: what is replaced. amount: money off next time, or back, in the smallest unit. order_ref: the till's receipt
    of money given back, which Tenth does not move. Raises BadTerms for what makes no sense together.
    """

    kind: Kind
    stamps: int = 0
    item: str = ""
    percent: int = 0
    amount: int = 0
    order_ref: str = ""

    def __post_init__(self) -> None:
        needed = NEEDS.get(self.kind)
        for name, most in MOST.items():
            value = getattr(self, name)
            if name == needed and not 1 <= value <= most:
                raise BadTerms(name, value, f"must be from 1 to {most}")
        if needed == "item" and not 0 < len(self.item.strip()) <= vouchers.WHAT_LENGTH:
            raise BadTerms("item", self.item, "must say what is replaced")
        for field in fields(self):
            value = getattr(self, field.name)
            allowed = field.name in ("kind", needed) or (field.name == "order_ref" and self.kind == "money_back")
            if value and not allowed:
                raise BadTerms(field.name, value, f"does not belong to {self.kind}")

    @property
    def voucher_kind(self) -> vouchers.Kind | None:
        """What kind of voucher it is; None when it is none."""
        return _VOUCHERS.get(self.kind)

    def cost(self, terms: Terms) -> int:
        """What it is reckoned to cost the shop, in the smallest unit, with the prices of a programme.

        Each stamp costs its share of a reward, rounded up; an item that the programme does not know costs as much as
        its reward; per cent are reckoned from the reward's price; money is what it is.
        """
        if self.kind == "stamps":
            return self.stamps * -(-terms.unit_cost // terms.stamps_needed)
        if self.kind == "replacement":
            return _item_cost(self.item, terms)
        if self.kind == "percent":
            return -(-self.percent * (terms.unit_price or terms.unit_cost) // 100)
        return self.amount

    def as_dict(self) -> dict[str, Any]:
        """The remedy as plain data, without what does not belong to its kind."""
        return {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}


@dataclass(frozen=True, slots=True)
class Purse:
    """What there is to give from. given: by whoever gives it, today; spent: by all, this month. Smallest unit."""

    policy: Policy
    given: int
    spent: int

    @property
    def left(self) -> int | None:
        """What is left of this month's budget; None when there is no limit."""
        budget = self.policy.monthly_budget
        return None if budget is None else max(0, budget - self.spent)


def verdict(cost: int, purse: Purse, *, by_owner: bool) -> Status:
    """May this be given now? The budget binds the owner too, who can raise it; the limits of the staff do not.

    over_budget comes first: what cannot be paid for should not be promised while somebody waits for the owner.
    """
    if not cost:
        return "ok"
    if purse.left is not None and cost > purse.left:
        return "over_budget"
    policy = purse.policy
    if not by_owner and (cost > policy.staff_per_case or purse.given + cost > policy.staff_per_day):
        return "needs_owner"
    return "ok"


def suggestions(severity: int, wish: Kind | None, policy: Policy, terms: Terms, *, on_card: bool) -> list[Remedy]:
    """What may be offered, the first first. severity: 1 (a small thing) to 3 (a ruined day); on_card: is there a card?

    What the customer wishes for comes first where one of the staff may give it for one case, and right behind the
    first otherwise: then the owner can still say yes.
    """
    listed = [remedy for remedy in _usual(severity, terms) if on_card or remedy.kind != "stamps"]
    wished = [remedy for remedy in listed if remedy.kind == wish]
    others = [remedy for remedy in listed if remedy.kind != wish]
    if wished and wished[0].cost(terms) > policy.staff_per_case and others[0].cost(terms) <= policy.staff_per_case:
        return [others[0], *wished, *others[1:]]
    return wished + others


def month(now: int, zone: tzinfo) -> tuple[int, int]:
    """From when to when the calendar month of this moment lasts, by the clock on the shop's wall; ms since 1970."""
    there = datetime.fromtimestamp(now / 1000, zone)
    first = datetime(there.year, there.month, 1, tzinfo=zone)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return int(first.timestamp() * 1000), int(following.timestamp() * 1000)


def midnight(now: int, zone: tzinfo) -> int:
    """When the day of this moment began, by the clock on the shop's wall; ms since 1970."""
    there = datetime.fromtimestamp(now / 1000, zone)
    return int(datetime(there.year, there.month, there.day, tzinfo=zone).timestamp() * 1000)


def _usual(severity: int, terms: Terms) -> list[Remedy]:
    """Every kind of remedy for this severity, the usual one first."""
    item, price = Remedy("replacement", item=terms.reward), max(1, terms.unit_price or terms.unit_cost)
    apology, back = Remedy("apology"), Remedy("money_back", amount=price)
    some = {
        1: (Remedy("stamps", stamps=1), Remedy("percent", percent=10), Remedy("amount", amount=-(-price // 4))),
        2: (Remedy("stamps", stamps=2), Remedy("percent", percent=20), Remedy("amount", amount=-(-price // 2))),
        3: (Remedy("stamps", stamps=4), Remedy("percent", percent=50), Remedy("amount", amount=price)),
    }[severity]
    if severity == 1:
        return [apology, *some, item, back]
    return [item, *some, back, apology] if severity == 2 else [item, back, *some[::-1], apology]


def _item_cost(item: str, terms: Terms) -> int:
    """What an item costs: as the programme knows it, by its name however it is typed; else as much as the reward."""
    choices = [*terms.choices, *(choice for tier in terms.tiers for choice in tier.choices)]
    known = {_folded(choice.name): choice.unit_cost for choice in choices}
    known |= {_folded(tier.reward): tier.unit_cost for tier in terms.tiers} | {_folded(terms.reward): terms.unit_cost}
    return known.get(_folded(item), terms.unit_cost) or terms.unit_price


def _folded(item: str) -> str:
    return " ".join(item.casefold().split())
