"""The service about itself: is it alive, is it ready, what does it count, what does its API look like."""

import hashlib
import ipaddress
from functools import cache
from pathlib import Path
from typing import Any, Literal

import orjson
from flask import Blueprint, Response, current_app, request

from api import db, metrics, openapi
from api.db import Busy
from api.errors import Problem
from api.routes.door import Asked, route
from api.routes.webhooks import Message
from api.shapes import Shape
from api.store import health

bp = Blueprint("service", __name__)

ANYONE = ("anyone",)
MESSAGES = {"event": (Message, "Something has happened on a card, or a test was asked for.")}
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


class Well(Shape):
    """All is well."""

    status: Literal["ok"]


@route(bp, "GET", "/healthz", who=ANYONE, answer=Well, limit=None)
def alive(asked: Asked) -> Any:
    """The process answers. It asks nobody else, so a slow database is no reason to restart it."""
    return {"status": "ok"}


@route(bp, "GET", "/readyz", who=ANYONE, answer=Well, limit=None, problems=("not_ready",))
def ready(asked: Asked) -> Any:
    """The service can do its work: the database answers and is at this version's migration."""
    try:
        with db.reading() as connection:
            found = health.version(connection)
    except Busy:
        raise Problem("not_ready", "The database does not answer.", headers={"Retry-After": "5"}) from None
    if found != _newest_migration():
        detail = f"The database is at migration {found}; run `flask migrate`."
        raise Problem("not_ready", detail, headers={"Retry-After": "5"})
    return {"status": "ok"}


@route(bp, "GET", "/metrics", who=ANYONE, produces="text/plain", limit=None, problems=("forbidden",))
def show_metrics(asked: Asked) -> Any:
    """What the service counts, for Prometheus. Only this machine may ask, unless TENTH_METRICS is on."""
    if not asked.settings.metrics_for_all and not _from_this_machine():
        raise Problem("forbidden", "Metrics are for this machine alone; TENTH_METRICS=on opens them.")
    parts = current_app.extensions
    with db.reading() as connection:
        gauges = {
            "live_streams": ("Phones that watch a card.", parts["tenth.live"].count),
            "writes_waiting": ("Writes waiting for the database.", db.database().waiting),
            "events_kept": ("Events set aside for an owner's look.", health.kept_count(connection)),
            "notices_waiting": ("Webhook notices on their way.", health.notices_waiting(connection)),
        }
    return Response(parts["tenth.metrics"].text(gauges), content_type=metrics.TYPE)


@route(bp, "GET", "/openapi.json", who=ANYONE, also={304: None}, limit="60/minute")
def describe(asked: Asked) -> Any:
    """This description of the API (OpenAPI 3.1); the readable page is at /docs."""
    parts = current_app.extensions
    if "tenth.openapi" not in parts:
        body = orjson.dumps(openapi.document(current_app, MESSAGES))
        parts["tenth.openapi"] = (body, hashlib.blake2b(body, digest_size=12).hexdigest())
    body, etag = parts["tenth.openapi"]
    response = Response(body, mimetype="application/json")
    response.set_etag(etag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _from_this_machine() -> bool:
    """Does the one who asks sit on this machine, with nobody in between? A proxy asks for others."""
    if request.headers.get("Forwarded") or request.headers.get("X-Forwarded-For"):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@cache
def _newest_migration() -> str:
    """The number of the last migration file."""
    return max(path.name.split("_")[0] for path in MIGRATIONS.glob("[0-9]*.py"))
