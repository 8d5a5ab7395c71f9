"""What a campaign gives, for which visits, and what that costs."""

from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from typing import Literal

from rules.programme import BadTerms

Kind = Literal["hours", "item", "come_back", "first"]
Per = Literal["visit", "stamp"]
State = Literal["planned", "running", "paused", "used_up", "ended"]

DAY_MS = 86_400_000
DAY_MINUTES = 1440
ITEM_LENGTH = 80
# Field: lowest and highest value.
LIMITS = {
    "stamps": (0, 20),
    "rewards": (0, 1),
    "from_minute": (0, DAY_MINUTES - 1),
    "until_minute": (1, DAY_MINUTES),
    "quiet_days": (0, 730),
    "first_cards": (0, 100_000),
    "hold_out": (0, 50),
}
# Kind: the fields it cannot do without, and those it may have besides.
FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "hours": ({"weekdays"}, {"from_minute", "until_minute", "per"}),
    "item": ({"item"}, {"per"}),
    "come_back": ({"quiet_days"}, {"rewards"}),
    "first": ({"first_cards"}, {"rewards"}),
}
ALL_KINDS = {"kind", "stamps", "hold_out"}


@dataclass(frozen=True, slots=True)
class Gift:
    """What comes on top of one visit: extra stamps, or a reward."""

    stamps: int
    rewards: int

    def cost(self, *, unit_cost: int, stamps_needed: int) -> int:
        """What it may cost the shop, in the smallest unit: each stamp its share of a reward, rounded up."""
        return self.stamps * -(-unit_cost // stamps_needed) + self.rewards * unit_cost


@dataclass(frozen=True, slots=True)
class Visit:
    """A stamp that counts, as a campaign sees it; moments in milliseconds since 1970.

    last_visit_at: the card's latest visit before it. item: what was bought, if the till said so. had_one: this card
    has had this campaign's gift before.
    """

    at: int
    stamps: int
    last_visit_at: int | None = None
    item: str | None = None
    had_one: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is given beyond the programme, and for what.

    hours: visits on these weekdays (ISO 8601: Monday is 1) between these minutes after midnight, which may go on past
    it. item: visits with this item. come_back: the next visit of a card that has been quiet for so many days.
    first: one visit of each of the first so many cards. per: the stamps come once a visit, or for each of its stamps.
    hold_out: how many per cent of cards go without. Raises BadTerms for what makes no sense together.
    """

    kind: Kind
    stamps: int = 0
    rewards: int = 0
    per: Per = "visit"
    weekdays: tuple[int, ...] = ()
    from_minute: int = 0
    until_minute: int = DAY_MINUTES
    item: str = ""
    quiet_days: int = 0
    first_cards: int = 0
    hold_out: int = 10

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadTerms(name, value, f"must be from {low} to {high}")
        if len({*self.weekdays}) < len(self.weekdays) or not {*self.weekdays} <= {*range(1, 8)}:
            raise BadTerms("weekdays", self.weekdays, "must be days from 1 (Monday) to 7, each once")
        if len(self.item) > ITEM_LENGTH:
            raise BadTerms("item", self.item, f"must have at most {ITEM_LENGTH} letters")
        self._check_kind()
        if bool(self.stamps) == bool(self.rewards):
            raise BadTerms("stamps", self.stamps, "a gift is either stamps or a reward")
        if self.from_minute == self.until_minute:
            raise BadTerms("until_minute", self.until_minute, "must be another time than the beginning")

    def _check_kind(self) -> None:
        needed, allowed = FIELDS[self.kind]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in needed and not value:
                raise BadTerms(field.name, value, f"is needed for {self.kind}")
            if field.name not in ALL_KINDS | needed | allowed and value != field.default:
                raise BadTerms(field.name, value, f"does not belong to {self.kind}")

    @property
    def once_a_card(self) -> bool:
        """Does a card get it only once?"""
        return self.kind in ("come_back", "first")

    @property
    def all_day(self) -> bool:
        """Does it give at any hour of its days?"""
        return self.from_minute == 0 and self.until_minute == DAY_MINUTES

    @property
    def least(self) -> Gift:
        """The smallest gift it makes."""
        return Gift(self.stamps, self.rewards)

    def gift(self, visit: Visit, zone: tzinfo) -> Gift | None:
        """What this visit gets, in a shop in this zone, if the campaign runs; None when it is not meant."""
        times = visit.stamps if self.per == "stamp" else 1
        return Gift(self.stamps * times, self.rewards) if times > 0 and self._means(visit, zone) else None

    def is_used_up(self, *, budget: int, spent: int, gifts: int, least: int) -> bool:
        """Is there nothing left to give? least: what the smallest gift costs; a budget of 0 has no end."""
        return bool(budget and spent + least > budget) or bool(self.first_cards and gifts >= self.first_cards)

    def is_away(self, last_visit_at: int | None, now: int) -> bool:
        """Has the card been quiet for long enough to be asked back? One that never came is nobody to come back."""
        return last_visit_at is not None and now - last_visit_at >= self.quiet_days * DAY_MS

    def _means(self, visit: Visit, zone: tzinfo) -> bool:
        if self.kind == "hours":
            return self._is_open(datetime.fromtimestamp(visit.at / 1000, zone))
        if self.kind == "item":
            return visit.item is not None and _folded(visit.item) == _folded(self.item)
        if visit.had_one:
            return False
        return self.kind == "first" or self.is_away(visit.last_visit_at, visit.at)

    def _is_open(self, there: datetime) -> bool:
        """By the clock on the shop's wall: an hour that comes twice counts twice, one that is skipped not at all."""
        day, minute = there.isoweekday(), there.hour * 60 + there.minute
        if self.from_minute < self.until_minute:
            return day in self.weekdays and self.from_minute <= minute < self.until_minute
        day_before = (day - 2) % 7 + 1
        return (day in self.weekdays and minute >= self.from_minute) or (
            day_before in self.weekdays and minute < self.until_minute
        )


def state(*, starts_at: int, ends_at: int | None, halted: Literal["paused", "used_up"] | None, now: int) -> State:
    """Where a campaign stands; moments in milliseconds since 1970. halted: why it gives nothing for the time being."""
    if ends_at is not None and ends_at <= now:
        return "ended"
    if halted:
        return halted
    return "planned" if starts_at > now else "running"


def _folded(item: str) -> str:
    """An item however it is typed."""
    return " ".join(item.casefold().split())
