"""The cookies of owners and tills: the secret, which no script can read, and beside it the proof a page sends back."""

from flask import request
from werkzeug.http import dump_cookie

from api.actions import sessions
from api.auth import OWNER_COOKIE, TILL_COOKIE
from api.routes.door import Asked

_DAY = 86_400
_NAMES = {"owner": OWNER_COOKIE, "till": TILL_COOKIE}
# A till stays paired until it is revoked. Browsers cut this to about a year, so GET /till gives the cookie anew.
_SECONDS = {"owner": sessions.DAYS * _DAY, "till": 3650 * _DAY}


def give(asked: Asked, kind: str, secret_hash: bytes, secret: str) -> None:
    """Sign this browser in as an owner or a till."""
    _set(asked, _NAMES[kind], secret, _SECONDS[kind], hidden=True)
    _set(asked, f"{_NAMES[kind]}-csrf", asked.keys.csrf(secret_hash), _SECONDS[kind], hidden=False)


def renew_till(asked: Asked) -> None:
    """Give a till the cookies it came with once more, so that they do not run out."""
    give(asked, "till", asked.who.secret_hash, request.cookies[TILL_COOKIE])


def take(asked: Asked, kind: str) -> None:
    """Let this browser forget its sign-in."""
    _set(asked, _NAMES[kind], "", 0, hidden=True)
    _set(asked, f"{_NAMES[kind]}-csrf", "", 0, hidden=False)


def _set(asked: Asked, name: str, value: str, seconds: int, *, hidden: bool) -> None:
    # Strict is enough, also for whoever comes from a link in a mail: the pages are the same for all, and what they
    # then ask for comes from our own page.
    cookie = dump_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=hidden, samesite="Strict")
    asked.cookies.append(cookie)
