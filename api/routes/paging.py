"""Lists a page at a time: an opaque cursor says where the next page begins, the Link header names it."""

import base64
import binascii
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import request
from pydantic import Field

from api.errors import Problem
from api.routes.door import Asked
from api.shapes import Shape


class Page(Shape):
    """Which page of a list: at most so many items, from where the last page ended."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=300, json_schema_extra={"format": "cursor"})


def read_cursor(asked: Asked, *kinds: type) -> list[Any] | None:
    """Where this page begins, as values of these kinds; None for the first page.

    Raises Problem invalid for a cursor that no earlier page of this list has given.
    """
    text = asked.query.cursor
    if text is None:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError(text)
        return [_read(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, binascii.Error):
        raise Problem("invalid", "No page of this list begins there.", pointer="?cursor", value=text) from None


def link_next(asked: Asked, *values: Any) -> None:
    """Name the next page, which begins behind these values, in the Link header."""
    plain = [value.hex() if isinstance(value, bytes) else value for value in values]
    cursor = base64.urlsafe_b64encode(orjson.dumps(plain)).rstrip(b"=").decode()
    query = urlencode(request.args.to_dict() | {"cursor": cursor})
    asked.headers["Link"] = f'<{request.path}?{query}>; rel="next"'


def _read(value: Any, kind: type) -> Any:
    if kind is bytes and isinstance(value, str) and len(value) <= 64:
        return bytes.fromhex(value)
    if kind is int and type(value) is int and abs(value) < 1 << 53:
        return value
    if kind is str and isinstance(value, str):
        return value
    raise ValueError(value)
