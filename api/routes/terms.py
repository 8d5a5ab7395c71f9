"""How the terms of a programme look in JSON, made from rules.programme so that the two cannot differ."""

import dataclasses
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from api.errors import Problem
from api.shapes import Name, Shape
from rules.programme import (
    HIGHEST_KEY,
    LIMITS,
    MOST_CHOICES,
    MOST_TIERS,
    REWARD_LENGTH,
    BadTerms,
    Terms,
    read_terms,
)

Reward = Annotated[Name, Field(max_length=REWARD_LENGTH)]
Policy = Literal["better", "finish"]
# What came with tiers: a program that does not know of these need not name them.
NEWER = ("stamp_for", "spend_per_stamp", "birthday_stamps", "choices", "tiers")


def _money(name: str) -> Any:
    low, high = LIMITS[name]
    return Field(default=0, ge=low, le=high)


class ChoiceFace(Shape):
    """A further item that may be picked for a reward. Money is in the currency's smallest unit."""

    name: Reward
    unit_cost: int = _money("unit_cost")
    unit_price: int = _money("unit_price")


class TierFace(Shape):
    """A smaller reward on the way: earned at so many stamps of a round. key: stands for this reward for ever."""

    key: int = Field(ge=1, le=HIGHEST_KEY)
    at: int = Field(ge=1, le=LIMITS["stamps_needed"][1] - 1)
    reward: Reward
    unit_cost: int = _money("unit_cost")
    unit_price: int = _money("unit_price")
    once: bool = Field(default=False, description="A card earns it once, for ever.")
    choices: list[ChoiceFace] = Field(default=[], max_length=MOST_CHOICES)


_KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "reward": (Reward, {}),
    "stamp_for": (Literal["visit", "item", "spend"], {}),
    "choices": (list[ChoiceFace], {"max_length": MOST_CHOICES}),
    "tiers": (list[TierFace], {"max_length": MOST_TIERS}),
} | {name: (int, {"ge": low, "le": high}) for name, (low, high) in LIMITS.items()}
_SAID = {
    "welcome_stamps": "The head start of a new card: two given on a card of twelve.",
    "spend_per_stamp": "So much money makes a stamp, what is left over counts on; 0: a card counts stamps.",
    "birthday_stamps": "Given once a year to who told their birthday.",
    "choices": "What may be picked instead of the main reward.",
    "tiers": "Smaller rewards on the way to the main one.",
}


def _terms_shape(name: str, doc: str, defaults: dict[str, Any]) -> Any:
    """A shape with the fields and limits of Terms."""
    shown: dict[str, Any] = {}
    for field in dataclasses.fields(Terms):
        kind, limits = _KINDS[field.name]
        default = defaults.get(field.name, ...)
        if default is None:
            kind = kind | None
        default = list(default) if isinstance(default, tuple) else default
        shown[field.name] = (kind, Field(default=default, description=_SAID.get(field.name), **limits))
    return create_model(name, __base__=Shape, __doc__=doc, __module__=__name__, **shown)


_USUAL = {field.name: field.default for field in dataclasses.fields(Terms) if field.default is not dataclasses.MISSING}
FirstTerms: Any = _terms_shape("FirstTerms", "What a new programme promises; what is left out is usual.", _USUAL)
TermsFace: Any = _terms_shape("Terms", "What a programme promises; zero switches a limit off.", {})
ChangedTerms: Any = _terms_shape(
    "ChangedTerms",
    "What a programme will promise; what may be left out stays as it is.",
    dict.fromkeys(NEWER),
)


def read(body: Any, before: Terms | None = None) -> Terms:
    """The terms of a body; before: those it changes. Raises Problem invalid for what cannot be promised together."""
    plain = body.model_dump(exclude_none=True)
    try:
        return read_terms(plain if before is None else before.as_dict() | plain)
    except BadTerms as error:
        pointer = f"/terms/{error.field}"
        errors = [{"pointer": pointer, "code": "bad_terms", "message": error.message, "value": error.value}]
        raise Problem("invalid", f"{pointer}: {error.message}", errors=errors) from None
