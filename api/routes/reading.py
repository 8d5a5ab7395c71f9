"""What a request says, read and checked: its JSON, its query, its Idempotency-Key; and every way it can be wrong."""

import io
import re
from typing import Any

import orjson
from flask import request
from pydantic import BaseModel, ValidationError

from api.errors import Problem

MOST_BYTES = 1024 * 1024
# Fields whose value no error repeats.
SECRETS = {"password", "pin", "token"}


def whole_body(environ: dict[str, Any]) -> bytes:
    """The body as it came. Raises Problem too_large."""
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal() and int(length) <= MOST_BYTES:  # the usual case, read without Flask's stream around a stream
        data: bytes = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(data)  # it may be read again
        return data
    data = request.get_data()
    # Of a body that came without its length no more than this is read, so it may be only the beginning.
    if len(data) >= MOST_BYTES > (request.content_length or 0):
        raise Problem("too_large", limit=MOST_BYTES)
    return data


def once_key(shortest: int) -> str | None:
    """The Idempotency-Key, if there is one. Raises Problem invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not shortest <= len(key) <= 200 or not key.isprintable()):
        detail = f"Idempotency-Key must have {shortest} to 200 printable characters."
        raise Problem("invalid", detail, pointer="Idempotency-Key", value=key[:200])
    return key


def check_type(environ: dict[str, Any], types: tuple[str, ...]) -> None:
    """Raises Problem json_needed or image_needed when the body is of none of these types."""
    given = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if given not in types:
        raise Problem("image_needed" if types[0].startswith("image/") else "json_needed", value=given)


def body(model: type[BaseModel], environ: dict[str, Any]) -> BaseModel:
    """The body as this model. Raises Problem malformed_json or invalid."""
    try:
        raw = orjson.loads(_mended(whole_body(environ)))
    except orjson.JSONDecodeError as error:
        raise Problem("malformed_json", str(error)) from None
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _invalid(error, "") from None


# A page that cuts a text at so many characters may cut an emoji in two; JSON then carries half of it. That is no
# reason to refuse what a till has seen: the half becomes the sign for an unreadable character.
_ESCAPED_EMOJI = re.compile(
    rb"(?<!\\)(?P<backslashes>(?:\\\\)*)"
    rb"(?:(?P<whole>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def _mended(data: bytes) -> bytes:
    if b"\\ud" not in data and b"\\uD" not in data:
        return data
    return _ESCAPED_EMOJI.sub(lambda found: found["backslashes"] + (found["whole"] or rb"\ufffd"), data)


def query(model: type[BaseModel]) -> BaseModel:
    """The query as this model. Raises Problem invalid, also for a parameter given twice."""
    for name in request.args:
        if len(request.args.getlist(name)) > 1:
            raise Problem("invalid", f"{name} is given twice.", pointer=f"?{name}", value=request.args.getlist(name))
    try:
        return model.model_validate_strings(request.args.to_dict(), strict=False)
    except ValidationError as error:
        raise _invalid(error, "?") from None


def refuse_query() -> None:
    """Raises Problem invalid for the first parameter of a query where there should be none."""
    name = next(iter(request.args), "")
    detail = f"There is no query parameter {name!r} here."
    raise Problem("invalid", detail, pointer=f"?{name}", value=request.args.get(name))


def _invalid(error: ValidationError, root: str) -> Problem:
    """What pydantic found, each with a JSON pointer to the value (in a query: ?name)."""
    errors = [
        {
            "pointer": root + "/".join(map(_pointed, found["loc"] if root else ("", *found["loc"]))),
            "code": found["type"],
            "message": found["msg"],
            "value": None if SECRETS.intersection(found["loc"]) else _short(found.get("input")),
        }
        for found in error.errors(include_url=False, include_context=False)
    ]
    return Problem("invalid", f"{errors[0]['pointer']}: {errors[0]['message']}", errors=errors)


def _pointed(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")


def _short(value: Any) -> Any:
    """A value as an error may repeat it: not the whole of a large body, and never a secret."""
    if isinstance(value, str):
        return value[:200]
    return value if isinstance(value, int | float | bool | type(None)) else f"({type(value).__name__})"
