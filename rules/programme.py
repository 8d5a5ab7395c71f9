"""What a programme promises: its terms, the limits they must keep, its versions, and what two of them differ in."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Policy = Literal["better", "finish"]
# What a stamp is given for: one a visit, one for each item bought, or one for so much money spent.
StampFor = Literal["visit", "item", "spend"]

# Field: lowest and highest value. Zero means "off" where zero is allowed.
LIMITS = {
    "stamps_needed": (2, 50),
    "max_per_visit": (1, 20),
    "welcome_stamps": (0, 49),
    "cooldown_seconds": (0, 86_400),
    "daily_limit": (0, 100),
    "unit_cost": (0, 100_000_000),
    "unit_price": (0, 100_000_000),
    "stamps_expire_days": (0, 3_650),
    "rewards_expire_days": (0, 3_650),
    "spend_per_stamp": (0, 10_000_000),
    "birthday_stamps": (0, 49),
}
REWARD_LENGTH = 80
MOST_TIERS = 4
MOST_CHOICES = 6
HIGHEST_KEY = 99


class BadTerms(ValueError):
    """Terms that cannot be promised; says which field, which value and why."""

    def __init__(self, field: str, value: object, message: str) -> None:
        super().__init__(f"{field} = {value!r}: {message}")
        self.field = field
        self.value = value
        self.message = message


@dataclass(frozen=True, slots=True)
class Choice:
    """A further item that a customer may pick for a reward. Money is in the currency's smallest unit."""

    name: str
    unit_cost: int = 0
    unit_price: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """A smaller reward on the way to the main one, earned when a round passes `at` stamps.

    key: names this reward in every version of the programme. once: a card earns it once, for ever. choices: what may be
    picked instead. Money is in the currency's smallest unit.
    """

    key: int
    at: int
    reward: str
    unit_cost: int = 0
    unit_price: int = 0
    once: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The promise on the card, and the limits behind it.

    Money is in the currency's smallest unit, times are in seconds and days; zero switches a limit off. With
    spend_per_stamp a card counts money: so much makes a stamp, and what is left over counts on. welcome_stamps is the
    head start of a new card. choices: what may be picked instead of the main reward.
    Raises BadTerms for a value outside LIMITS, an empty reward, as many welcome stamps as a reward needs, tiers that
    do not lie below the goal, or what a stamp is for when it does not fit spend_per_stamp.
    """

    stamps_needed: int
    reward: str
    max_per_visit: int = 6
    welcome_stamps: int = 0
    cooldown_seconds: int = 0
    daily_limit: int = 0
    unit_cost: int = 0
    unit_price: int = 0
    stamps_expire_days: int = 0
    rewards_expire_days: int = 0
    stamp_for: StampFor = "item"
    spend_per_stamp: int = 0
    birthday_stamps: int = 0
    choices: tuple[Choice, ...] = ()
    tiers: tuple[Tier, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            _check_range(name, getattr(self, name), low, high)
        _check_reward("reward", self.reward)
        if self.welcome_stamps >= self.stamps_needed:
            raise BadTerms("welcome_stamps", self.welcome_stamps, "must be fewer than the stamps needed")
        if (self.stamp_for == "spend") != (self.spend_per_stamp > 0):
            raise BadTerms("stamp_for", self.stamp_for, "must be spend when there is a spend_per_stamp, and only then")
        if self.choices:
            _check_choices("choices", self.choices, self.reward)
        if self.tiers:
            _check_tiers(self.tiers, self.stamps_needed)

    @property
    def unit(self) -> int:
        """What a stamp is worth in what the card counts: money where it counts money, else 1."""
        return self.spend_per_stamp or 1

    @property
    def goal(self) -> int:
        """What fills a round, in what the card counts."""
        return self.stamps_needed * (self.spend_per_stamp or 1)

    @property
    def most_per_visit(self) -> int:
        """The most stamps one visit can bring."""
        return 1 if self.stamp_for == "visit" else self.max_per_visit

    def tier(self, key: int) -> Tier | None:
        """The tier with this key."""
        return next((tier for tier in self.tiers if tier.key == key), None)

    def as_dict(self) -> dict[str, Any]:
        """The terms as plain data, field by field."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        tiers = [asdict(tier) | {"choices": [asdict(choice) for choice in tier.choices]} for tier in self.tiers]
        return plain | {"choices": [asdict(choice) for choice in self.choices], "tiers": tiers}


def read_terms(plain: Mapping[str, Any]) -> Terms:
    """Terms from plain data, as `Terms.as_dict` gives it. Raises BadTerms."""
    tiers = [Tier(**tier | {"choices": _read_choices(tier.get("choices", ()))}) for tier in plain.get("tiers") or ()]
    return Terms(**{**plain, "choices": _read_choices(plain.get("choices") or ()), "tiers": tuple(tiers)})


def _read_choices(plain: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**choice) for choice in plain)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a programme. `policy` says what its start means for cards in the middle of a round."""

    number: int
    terms: Terms
    policy: Policy = "better"


def find_tier(versions: Mapping[int, Version], key: int, upto: int) -> Tier | None:
    """A tier as the latest version up to this one tells it that still has it."""
    for number in range(upto, 0, -1):
        tier = versions[number].terms.tier(key) if number in versions else None
        if tier is not None:
            return tier
    return None


def items(reward: Terms | Tier) -> dict[str, int]:
    """What can be handed over for a main reward or a tier: each item and its cost in the smallest unit."""
    return {reward.reward: reward.unit_cost} | {choice.name: choice.unit_cost for choice in reward.choices}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why terms cannot follow the versions before them: a code, and the field that does not fit."""

    code: Literal["stamp_for_is_fixed", "tier_is_taken"]
    field: str
    value: object


def misfit(terms: Terms, earlier: Iterable[Terms]) -> Misfit | None:
    """Why these terms cannot follow those; None when they can.

    A card's sums are of stamps or of money, never of both; and a tier's key is what its sums are kept under, so it
    stands for one reward, earned once or often, for ever.
    """
    for before in earlier:
        if (before.spend_per_stamp > 0) != (terms.spend_per_stamp > 0):
            return Misfit("stamp_for_is_fixed", "stamp_for", terms.stamp_for)
        for place, tier in enumerate(terms.tiers):
            known = before.tier(tier.key)
            if known is not None and (known.reward, known.once) != (tier.reward, tier.once):
                return Misfit("tier_is_taken", f"tiers/{place}/key", tier.key)
    return None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions have otherwise; a tier's are named tiers/<key>/<field>. None: it was not there."""

    field: str
    before: object
    after: object


def differences(before: Terms, after: Terms) -> list[Difference]:
    """Field by field what differs between two terms, in the order in which terms are told."""
    old, new = _flat(before), _flat(after)
    names = dict.fromkeys([*old, *new])
    return [Difference(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _flat(terms: Terms) -> dict[str, object]:
    plain = terms.as_dict()
    tiers = plain.pop("tiers")
    for tier in sorted(tiers, key=lambda tier: int(tier["key"])):
        plain |= {f"tiers/{tier['key']}/{name}": value for name, value in tier.items() if name != "key"}
    return plain


def _check_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise BadTerms(name, value, f"must be from {low} to {high}")


def _check_reward(name: str, reward: str) -> None:
    if not 0 < len(reward.strip()) <= REWARD_LENGTH:
        raise BadTerms(name, reward, f"must have 1 to {REWARD_LENGTH} letters")


def _check_tiers(tiers: tuple[Tier, ...], stamps_needed: int) -> None:
    if len(tiers) > MOST_TIERS:
        raise BadTerms("tiers", len(tiers), f"must be at most {MOST_TIERS}")
    for place, tier in enumerate(tiers):
        name = f"tiers/{place}"
        _check_range(f"{name}/key", tier.key, 1, HIGHEST_KEY)
        _check_range(f"{name}/at", tier.at, 1, stamps_needed - 1)
        _check_reward(f"{name}/reward", tier.reward)
        for money in ("unit_cost", "unit_price"):
            _check_range(f"{name}/{money}", getattr(tier, money), *LIMITS[money])
        _check_choices(f"{name}/choices", tier.choices, tier.reward)
        if tier.key in {other.key for other in tiers[:place]}:
            raise BadTerms(f"{name}/key", tier.key, "must be another one for each tier")


def _check_choices(name: str, choices: tuple[Choice, ...], reward: str) -> None:
    if len(choices) > MOST_CHOICES:
        raise BadTerms(name, len(choices), f"must be at most {MOST_CHOICES}")
    taken = [reward]
    for place, choice in enumerate(choices):
        _check_reward(f"{name}/{place}/name", choice.name)
        for money in ("unit_cost", "unit_price"):
            _check_range(f"{name}/{place}/{money}", getattr(choice, money), *LIMITS[money])
        if choice.name in taken:
            raise BadTerms(f"{name}/{place}/name", choice.name, "must be another one for each choice")
        taken.append(choice.name)
