"""The three pages: static shells from the build, with the headers that keep them safe."""

import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request

from api.errors import Problem

bp = Blueprint("pages", __name__)

BUILD = Path(__file__).resolve().parents[2] / "static" / "build"


@bp.get("/")
def home() -> Any:
    """The owner's page is the front door."""
    return redirect("/console/")


@bp.get("/console/")
def console() -> Response:
    """The owner's page."""
    return _shell("console")


@bp.get("/kiosk/")
def kiosk() -> Response:
    """The till's page."""
    return _shell("kiosk")


@bp.get("/docs")
def docs() -> Response:
    """The API as a page to read."""
    return _shell("docs")


@bp.get("/join/<shop>")
@bp.get("/JOIN/<shop>")
@bp.get("/c/")
@bp.get("/c/<code>")
@bp.get("/C/<code>")
@bp.get("/v/<code>")
@bp.get("/V/<code>")
def customer(**_: str) -> Response:
    """The customer's page: an invitation, a card, all cards of this phone, a slip. It asks for what it shows."""
    return _shell("customer")


@bp.get("/kiosk/sw.js")
def kiosk_worker() -> Response:
    """The till's service worker."""
    return _file("kiosk-sw.js", "text/javascript")


@bp.get("/c/sw.js")
def customer_worker() -> Response:
    """The customer page's service worker."""
    return _file("customer-sw.js", "text/javascript")


@bp.get("/c/<code>/manifest.webmanifest")
def manifest(code: str) -> Response:
    """What makes a card installable: it opens on this card."""
    data = {
        "name": "Tenth",
        "short_name": "Tenth",
        "id": f"/c/{code}",
        "start_url": f"/c/{code}",
        "scope": "/c/",
        "display": "standalone",
        "background_color": "#f8f1e4",
        "theme_color": "#f8f1e4",
        "icons": [
            {"src": "/static/icons/icon-192.png", "sizes": "192x192", "type": "image/png"},
            {"src": "/static/icons/icon-512.png", "sizes": "512x512", "type": "image/png"},
            {"src": "/static/icons/icon-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    }
    if not code.isalnum() or len(code) > 40:
        raise Problem("not_found")
    return Response(json.dumps(data), mimetype="application/manifest+json")


def _shell(page: str) -> Response:
    return _file(f"{page}.html", "text/html")


def _file(name: str, mimetype: str) -> Response:
    folder: Path = current_app.config.get("TENTH_BUILD", BUILD)
    try:
        data = (folder / name).read_bytes()
    except FileNotFoundError:
        raise Problem("not_found", f"{name} has not been built; run `make build`.") from None
    response = Response(data, mimetype=mimetype)
    response.set_etag(hashlib.blake2b(data, digest_size=12).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)
