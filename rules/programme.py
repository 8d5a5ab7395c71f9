"""What a programme promises: its terms, the limits they must keep, and its versions."""

from dataclasses import dataclass, fields
from typing import Literal

Policy = Literal["better", "finish"]

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
}
REWARD_LENGTH = 80


class BadTerms(ValueError):
    """Terms that cannot be promised; says which field, which value and why."""

    def __init__(self, field: str, value: object, message: str) -> None:
        super().__init__(f"{field} = {value!r}: {message}")
        self.field = field
        self.value = value
        self.message = message


@dataclass(frozen=True, slots=True)
class Terms:
    """The promise on the card, and the limits behind it.

    Money is in the currency's smallest unit, times are in seconds and days; zero switches a limit off.
    Raises BadTerms for a value outside LIMITS, an empty reward, or as many welcome stamps as a reward needs.
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

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise BadTerms(name, value, f"must be from {low} to {high}")
        if not 0 < len(self.reward.strip()) <= REWARD_LENGTH:
            raise BadTerms("reward", self.reward, f"must have 1 to {REWARD_LENGTH} letters")
        if self.welcome_stamps >= self.stamps_needed:
            raise BadTerms("welcome_stamps", self.welcome_stamps, "must be fewer than the stamps needed")

    def as_dict(self) -> dict[str, int | str]:
        """The terms as plain data, field by field."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a programme. `policy` says what its start means for cards in the middle of a round."""

    number: int
    terms: Terms
    policy: Policy = "better"
