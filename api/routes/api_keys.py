"""Keys for other software."""

from typing import Any

from flask import Blueprint

from api import db
from api.actions import api_keys as actions
from api.ids import moment_text
from api.routes.door import Asked, path_id, route
from api.shapes import Id, Moment, Name, Shape
from api.store import api_keys

bp = Blueprint("api_keys", __name__, url_prefix="/api/v1")


class ApiKeyIn(Shape):
    """What the key is for."""

    name: Name


class NewApiKey(Shape):
    """A new key; the key itself is shown this once."""

    id: Id
    name: str
    key: str


class ApiKeyOut(Shape):
    """A key that works. last_used_at is noted about once an hour."""

    id: Id
    name: str
    created_at: Moment
    last_used_at: Moment | None


class ApiKeyList(Shape):
    """A business's keys, oldest first."""

    items: list[ApiKeyOut]


@route(bp, "GET", "/api-keys", who=("owner",), answer=ApiKeyList)
def list_api_keys(asked: Asked) -> Any:
    """The business's keys."""
    with db.reading() as connection:
        return {
            "items": [
                {
                    "id": row.id,
                    "name": row.name,
                    "created_at": moment_text(row.created_at),
                    "last_used_at": None if row.last_used_at is None else moment_text(row.last_used_at),
                }
                for row in api_keys.api_keys(connection, asked.business_id)
            ]
        }


@route(bp, "POST", "/api-keys", who=("owner",), body=ApiKeyIn, answer=NewApiKey, status=201)
def make_api_key(asked: Asked) -> Any:
    """Make a key for other software."""
    name = asked.body.name

    def action(connection: Any) -> dict[str, Any]:
        key_id, key = actions.make(connection, asked.business_id, name=name, keys=asked.keys, now=asked.now)
        return {"id": key_id, "name": name, "key": key}

    return asked.write(action)


@route(bp, "DELETE", "/api-keys/<key_id>", who=("owner",), status=204, problems=("not_found",))
def end_api_key(asked: Asked, key_id: str) -> Any:
    """Let a key work no more."""
    asked.write(lambda connection: actions.end(connection, asked.business_id, path_id(key_id), now=asked.now))
