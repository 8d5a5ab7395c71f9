"""What JSON looks like coming in: strict types, no unknown keys; and how it is written going out."""

from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.ids import id_text, moment_text, read_id, read_moment
from api.words import languages


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("time_zone", "must be a time zone like Europe/Warsaw") from None
    return name


def _is_language(code: str) -> str:
    if code not in languages():
        raise PydanticCustomError("language", "must be one of {known}", {"known": ", ".join(languages())})
    return code


Id = Annotated[
    bytes,
    BeforeValidator(read_id),
    PlainSerializer(id_text),
    WithJsonSchema({"type": "string", "format": "uuid"}),
]
Moment = Annotated[
    int,
    BeforeValidator(read_moment),
    PlainSerializer(moment_text),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
# Text people type: trimmed, never empty, no control characters. The pattern says so in the schema.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=_PRINTABLE)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_PRINTABLE)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[ -~]*$")]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, max_length=200, pattern=r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$"
    ),
]
Password = Annotated[str, StringConstraints(min_length=10, max_length=200)]
Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,8}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
TimeZone = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60),
    AfterValidator(_is_zone),
    WithJsonSchema({"type": "string", "format": "time-zone", "examples": ["Europe/Warsaw"]}),
]
Language = Annotated[str, AfterValidator(_is_language), WithJsonSchema({"type": "string", "enum": list(languages())})]


# Above this not every whole number can be told apart, as JSON numbers are read.
MOST_EXACT = 2**53


def _five(value: Any) -> Any:
    """JSON knows one kind of number: 5.0 is as whole as 5, and some programs write it so."""
    is_whole = type(value) is float and value.is_integer() and abs(value) < MOST_EXACT
    return int(value) if is_whole else value


# For whole numbers within a list; those that stand by themselves Shape reads as well.
FIVE_IS_FIVE = BeforeValidator(_five)


class Shape(BaseModel):
    """The parent of every body: types as they stand, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _five_is_five(cls, data: Any) -> Any:
        if type(data) is dict:
            for name, value in data.items():
                if type(value) is float:
                    data = data | {name: _five(value)}
        return data


def json_bytes(data: Any) -> bytes:
    """Data as JSON; ids are written as UUIDs."""
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes) and len(value) == 16:
        return id_text(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no place in JSON")
