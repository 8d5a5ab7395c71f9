"""The door every request comes through: who asks, the CSRF proof, the limits, the body; then the answer going out.

An endpoint is declared once, with `route`; the permissions, the checks and the OpenAPI page are all made from that.
"""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Connection

from api import auth, db
from api.actions import api_keys
from api.auth import ANYONE, OWNER_COOKIE, TILL_COOKIE, Principal
from api.errors import Problem
from api.ids import now_ms, read_id
from api.keys import Keys
from api.limits import Limits
from api.live import Live
from api.routes import reading
from api.settings import Settings
from api.shapes import json_bytes
from api.store import answers

T = TypeVar("T")

DEFAULT_LIMIT = "1200/minute"
# Whoever asks without a sign-in shares their Idempotency-Keys with all the world, so those must not be guessable.
SHORTEST_OPEN_KEY = 16
KEY_USE_EVERY_MS = 3_600_000
COOKIES = (("owner", OWNER_COOKIE), ("till", TILL_COOKIE))
JSON_TYPE = ("application/json",)
JSON_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How one endpoint is declared."""

    method: str
    path: str
    who: tuple[str, ...]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: Any
    status: int
    also: dict[int, Any]
    problems: tuple[str, ...]
    limit: str | None
    raw_body: tuple[str, ...]
    produces: str
    revoked_too: bool
    once: bool
    in_turn: bool

    @property
    def shortest_key(self) -> int:
        """How long an Idempotency-Key must be."""
        return SHORTEST_OPEN_KEY if "anyone" in self.who else 1

    @property
    def codes(self) -> set[str]:
        """The code of every problem it may answer, for whatever reason."""
        codes = {"invalid", "busy", *self.problems}
        if "anyone" not in self.who or {"software", "customer"} & {*self.who}:
            codes.add("sign_in_needed")
        if self.needs_csrf and "anyone" not in self.who:
            codes.add("csrf_missing")
        if "<" in self.path:
            codes.add("unknown_card" if "<code>" in self.path and "/cards/" in self.path else "not_found")
        if self.body is not None:
            codes |= {"malformed_json", "json_needed"}
        if self.raw_body:
            codes.add("image_needed")
        if self.body is not None or self.raw_body or self.once:
            codes.add("too_large")
        if self.once:
            codes.add("idempotency_key_reused")
        if self.limit is not None:
            codes.add("slow_down")
        return codes

    @property
    def needs_csrf(self) -> bool:
        """Does it change something for somebody who comes with a cookie?"""
        return self.method != "GET" and bool({"owner", "till"} & {*self.who})


@dataclass(slots=True)
class Asked:
    """One request, read and checked: who asks, the body, the query, and the moment it came."""

    who: Principal
    now: int
    keys: Keys  # carried along, for an action runs in the writer's thread, where there is no app
    settings: Settings
    endpoint: Endpoint
    environ: dict[str, Any]
    body: Any = None
    query: Any = None
    once_key: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)  # whole Set-Cookie values

    @property
    def business_id(self) -> int:
        """The business of whoever asks."""
        return self.who.business_id

    def hold(self, limit: str, name: str) -> None:
        """Count one more request of this caller against a limit of its own. Raises Problem slow_down."""
        _limits().hold(limit, name, _client(self.who), self.headers)

    @property
    def live(self) -> Live:
        """Whoever watches a card: to be woken once a change is on disk."""
        found: Live = current_app.extensions["tenth.live"]
        return found

    def forget_tills(self) -> None:
        """Look tills up again from now on: one was paired, renamed or revoked."""
        current_app.extensions["tenth.tills"].forget()

    def write(self, action: Callable[[Connection], Any], *, business_id: int | None = None) -> Any:
        """Run an action that returns the answer's data; with an Idempotency-Key, once for ever.

        business_id: where the answer is remembered when whoever asks belongs to no business.
        """
        if self.once_key is None:
            return db.write(action)
        remembered = self._remembered(self.once_key, business_id)
        return db.write(answers.once(action, remembered, status=self.endpoint.status))

    def _remembered(self, key: str, business_id: int | None) -> answers.Asked:
        who = f"{self.who.kind}:{self.who.id.hex()}"
        plain = hashlib.sha256(
            f"{request.method} {request.full_path}\n".encode() + reading.whole_body(self.environ)
        ).hexdigest()
        digest = self.keys.lookup("request", 0, plain)  # keyed, or else whoever has the database could try every PIN
        return answers.Asked(
            self.who.business_id if business_id is None else business_id, who, key, digest, self.now, self.keys
        )


def route(
    bp: Blueprint,
    method: str,
    path: str,
    *,
    who: tuple[str, ...],
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: Any = None,
    status: int = 200,
    also: dict[int, Any] | None = None,
    problems: tuple[str, ...] = (),
    limit: str | None = DEFAULT_LIMIT,
    raw_body: tuple[str, ...] = (),
    produces: str = "application/json",
    revoked_too: bool = False,
    once: bool | None = None,
    in_turn: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare an endpoint.

    who: the kinds of principal that may call it. body, query: pydantic models. answer: the model (or type) of the
    answer's data, for OpenAPI and for the tests. also: further statuses that are no problems. limit: like "20/minute",
    per caller. raw_body: content types taken instead of JSON. revoked_too: a revoked till may still call it.
    once: it honours Idempotency-Key (its view must use `asked.write`); every POST does unless it says False.
    in_turn: short and asked all day, so it takes turns with its like and has the short way in (see express).
    """
    endpoint = Endpoint(
        method, path, who, body, query, answer, status, also or {}, problems, limit, raw_body,
        produces, revoked_too, method == "POST" if once is None else once, in_turn,
    )  # fmt: skip

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        def answer_to(environ: dict[str, Any], app: Flask, path_values: dict[str, str]) -> Response:
            # The environment and the app themselves: at every stamp, looking through Flask's proxies adds up.
            parts = app.extensions
            who = _principal(endpoint, environ, parts)
            asked = Asked(who, now_ms(), parts["tenth.keys"], parts["tenth.settings"], endpoint, environ)
            if limit is not None:
                _limits().hold(limit, view.__name__, _client(asked.who), asked.headers)
            try:
                _read(asked, endpoint, environ)
                with db.in_turn() if in_turn else nullcontext():
                    return _respond(view(asked, **path_values), endpoint, asked, check=app.testing)
            except Problem as problem:
                if app.testing and problem.code not in endpoint.codes:
                    raise AssertionError(f"{method} {path} does not declare {problem.code}") from problem
                problem.headers = asked.headers | problem.headers
                raise

        @wraps(view)
        def enter(**path_values: str) -> Response:
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
            return answer_to(request.environ, app, path_values)

        enter.answer_to = answer_to  # type: ignore[attr-defined]
        enter.endpoint = endpoint  # type: ignore[attr-defined]
        bp.add_url_rule(path, endpoint=f"{view.__name__}", view_func=enter, methods=[method])
        return enter

    return declare


def path_id(text: str) -> bytes:
    """An id in a path. Raises Problem not_found when it is none: no such thing can exist."""
    try:
        return read_id(text)
    except ValueError:
        raise Problem("not_found") from None


def _principal(endpoint: Endpoint, environ: dict[str, Any], parts: dict[str, Any]) -> Principal:
    """Who asks, among those this endpoint is for. Raises Problem sign_in_needed, forbidden or csrf_missing."""
    who = endpoint.who
    keys: Keys = parts["tenth.keys"]
    authorization = environ.get("HTTP_AUTHORIZATION")
    if authorization and ("software" in who or "customer" in who):
        # Another scheme than Bearer is somebody else's: a proxy that asks for a password sends its own along.
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return _by_bearer(endpoint, keys, secret.strip())
    missing_proof = False
    cookies = environ.get("HTTP_COOKIE", "")
    for kind, name in COOKIES if cookies else ():
        cookie = _cookie(cookies, name) if kind in who else None
        if not cookie:
            continue
        found = _by_cookie(kind, keys, cookie, parts["tenth.tills"])
        if found is None or (found.revoked and not endpoint.revoked_too):
            continue
        proof = environ.get("HTTP_X_CSRF_TOKEN", "")
        if endpoint.needs_csrf and not hmac.compare_digest(proof.encode(), found.csrf.encode()):
            missing_proof = True
            continue
        return found
    if "anyone" in who:
        return ANYONE
    raise Problem("csrf_missing" if missing_proof else "sign_in_needed")


def _cookie(header: str, name: str) -> str | None:
    """One of our own cookies, whose values need no unquoting."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return None


def _by_cookie(kind: str, keys: Keys, cookie: str, tills: auth.Tills) -> Principal | None:
    if kind == "till":
        known = tills.known(cookie)
        if known is not None:
            return known
        with db.reading() as connection:
            return tills.find(connection, keys, cookie)
    with db.reading() as connection:
        return auth.owner_by_cookie(connection, keys, cookie, now_ms())


def _by_bearer(endpoint: Endpoint, keys: Keys, secret: str) -> Principal:
    if "software" in endpoint.who:
        with db.reading() as connection:
            found = auth.software_by_key(connection, keys, secret)
        if found is not None:
            _note_use(found, now_ms())
            return found
    if "customer" in endpoint.who and request.view_args and "code" in request.view_args:
        with db.reading() as connection:
            customer = auth.customer_by_key(connection, keys, request.view_args["code"], secret)
        if customer is not None:
            return customer
    raise Problem("sign_in_needed", headers={"WWW-Authenticate": "Bearer"})


def _note_use(software: Principal, now: int) -> None:
    """Note now and then that a key is in use, for the owner who wonders whether it may go."""
    last = software.row.last_used_at
    if last is None or now - last > KEY_USE_EVERY_MS:
        with suppress(db.Busy):  # the next request notes it
            db.write(lambda connection: api_keys.used(connection, software.business_id, software.id, now=now))


def _client(who: Principal) -> str:
    return who.id.hex() if who.id else request.remote_addr or ""


def _limits() -> Limits:
    found: Limits = current_app.extensions["tenth.limits"]
    return found


def _read(asked: Asked, endpoint: Endpoint, environ: dict[str, Any]) -> None:
    """Check the Idempotency-Key, the query and the body, in that order."""
    if endpoint.once:
        asked.once_key = reading.once_key(endpoint.shortest_key)
    if endpoint.query is not None:
        asked.query = reading.query(endpoint.query)
    elif environ.get("QUERY_STRING"):
        reading.refuse_query()
    if endpoint.body is not None:
        reading.check_type(environ, JSON_TYPE)
        asked.body = reading.body(endpoint.body, environ)
    elif endpoint.raw_body:
        reading.check_type(environ, endpoint.raw_body)


def _respond(data: Any, endpoint: Endpoint, asked: Asked, *, check: bool) -> Response:
    """The answer; in tests also checked against what the endpoint declares."""
    if isinstance(data, answers.Kept):
        response = Response(data.body, data.status, mimetype="application/json")
        if data.again:
            response.headers["Idempotency-Replayed"] = "true"
    elif isinstance(data, Response):
        response = data
    elif endpoint.status == 204:
        response = Response(status=204)
    else:
        status = endpoint.status
        if isinstance(data, tuple):
            data, status = data
        if check and endpoint.answer is not None and status == endpoint.status:
            TypeAdapter(endpoint.answer).validate_json(json_bytes(data))
        response = Response(json_bytes(data), status, headers=JSON_HEADERS)
    for name, value in asked.headers.items():
        response.headers[name] = value
    for cookie in asked.cookies:
        response.headers.add("Set-Cookie", cookie)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
