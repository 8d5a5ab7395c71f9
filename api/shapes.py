"""What JSON looks like coming in: strict types, no unknown keys; and how it is written going out."""

from typing import Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from api.ids import id_text, moment_text, read_id, read_moment

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
# Text people type: trimmed, never empty, no control characters.
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=_PRINTABLE)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=_PRINTABLE)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[ -~]*$")]


class Shape(BaseModel):
    """The parent of every body: types as they stand, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def json_bytes(data: Any) -> bytes:
    """Data as JSON; ids are written as UUIDs."""
    return orjson.dumps(data, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes) and len(value) == 16:
        return id_text(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no place in JSON")
