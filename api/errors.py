"""What can be wrong with a request: one code each, answered as problem+json (RFC 9457) naming the value."""

from typing import Any

from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from api.db import Busy
from api.shapes import json_bytes

# code: (status, title in English for developers). Pages translate the code.
CODES: dict[str, tuple[int, str]] = {
    "malformed_json": (400, "The body is not JSON."),
    "bad_request": (400, "The request cannot be read."),
    "sign_in_needed": (401, "This needs a sign-in."),
    "csrf_missing": (403, "The X-CSRF-Token header does not fit the cookie."),
    "forbidden": (403, "Whoever asks may not do this."),
    "sign_on_needed": (403, "Nobody has signed on at this till."),
    "wrong_password": (403, "No owner has this e-mail and password."),
    "wrong_pin": (403, "The PIN is not right."),
    "not_found": (404, "There is nothing here."),
    "unknown_card": (404, "No card has this code."),
    "unknown_pairing_code": (404, "No pairing code is like this."),
    "no_customer": (404, "Nobody has left a name with this card."),
    "method_not_allowed": (405, "This address does not take this method."),
    "conflict": (409, "This does not fit what is there."),
    "refused": (409, "The programme does not allow this now."),
    "below_zero": (409, "That is more than the card has."),
    "version_moved": (409, "The programme was changed meanwhile."),
    "pairing_code_used": (409, "This pairing code has been used."),
    "pairing_code_expired": (409, "This pairing code has run out."),
    "set_up_link_used": (409, "This set-up link has been used or has run out."),
    "already_settled": (409, "This has been settled already."),
    "case_open": (409, "This card has told of something just now, and it is being looked at."),
    "over_budget": (409, "This month's budget has not that much left."),
    "no_card": (409, "There is no card to put stamps on."),
    "voucher_used": (409, "This voucher has been used."),
    "voucher_expired": (409, "This voucher has run out."),
    "voucher_withdrawn": (409, "This voucher was taken back."),
    "voucher_not_for_this_card": (409, "This voucher is on another card."),
    "already_voided": (409, "This event has been undone already."),
    "not_voidable": (409, "This event cannot be undone."),
    "nothing_yet": (409, "Nothing has happened on this programme's cards yet."),
    "nothing_owed": (409, "This card owes nothing."),
    "unknown_tier": (409, "The programme has no tier with this key."),
    "stamp_for_is_fixed": (409, "Whether a programme's cards count stamps or money cannot change."),
    "tier_is_taken": (409, "This key stood for another reward in an earlier version."),
    "no_longer_waiting": (409, "This scheduled version waits no more."),
    "unknown_ref": (409, "The event that this would undo is not in the ledger."),
    "unreadable": (409, "This claim cannot be read, so it cannot be counted."),
    "idempotency_key_reused": (409, "This Idempotency-Key was used for another request."),
    "card_replaced": (410, "This card was replaced by a new one."),
    "too_large": (413, "The body is too large."),
    "json_needed": (415, "The body must be application/json."),
    "image_needed": (415, "The body must be a PNG, JPEG or WebP picture."),
    "invalid": (422, "Something in the request is not right."),
    "bad_image": (422, "The picture cannot be used."),
    "too_many_pixels": (422, "The picture has too many pixels."),
    "slow_down": (429, "Too many requests; wait a moment."),
    "locked_out": (429, "Too many wrong tries; wait."),
    "internal": (500, "Something broke; it has been noted."),
    "busy": (503, "This cannot be written now; try again shortly."),
    "not_ready": (503, "The service cannot do its work yet."),
    "too_many_streams": (503, "Too many pages are listening; ask again by polling."),
}


class Problem(Exception):
    """A request that cannot be answered as asked. extra: members of the answer beside the standard ones."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        pointer: str | None = None,
        value: Any = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        self.code = code
        self.status, self.title = CODES[code]
        self.detail = detail or self.title
        self.headers = headers or {}
        self.extra = extra
        if pointer is not None:
            self.extra |= {"pointer": pointer}
        if pointer is not None or value is not None:
            self.extra |= {"value": value}
        super().__init__(f"{code}: {self.detail}")

    def response(self) -> Response:
        """The answer."""
        body = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        response = Response(json_bytes(body | self.extra), self.status, mimetype="application/problem+json")
        response.headers.extend(self.headers)
        response.headers["Cache-Control"] = "no-store"
        return response


def register(app: Flask) -> None:
    """Every way a request can fail answers in the one shape."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """What went wrong, as an answer. What nobody foresaw is noted in the log, and says nothing to whoever asked."""
    if isinstance(error, Problem):
        return error.response()
    if isinstance(error, Busy):
        current_app.logger.error("database busy: %s", error)
        return Problem("busy", headers={"Retry-After": "1"}).response()
    if isinstance(error, HTTPException):
        return _http(error)
    current_app.logger.exception("unexpected %s", type(error).__name__)
    return Problem("internal").response()


def _http(error: HTTPException) -> Response:
    """What Flask itself refused."""
    codes = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "json_needed"}
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()  # type: ignore[return-value]
    problem = Problem(codes.get(status, "bad_request" if status < 500 else "internal"))
    if status == 405:
        problem.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return problem.response()
