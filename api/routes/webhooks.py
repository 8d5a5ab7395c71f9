"""Webhooks: the addresses that are told of every event, what was sent there, and what a message looks like."""

from typing import Annotated, Any, Literal

from flask import Blueprint
from pydantic import Field, StringConstraints

from api import db
from api.actions import webhooks as actions
from api.actions.standing import CardState
from api.errors import Problem
from api.ids import moment_text
from api.keys import Keys
from api.outside.webhooks import secret_text
from api.routes.door import Asked, path_id, route
from api.routes.faces import CardFace, Line, card_face, history_lines
from api.routes.paging import Page, link_next, read_cursor
from api.settings import Settings
from api.shapes import Id, Moment, Shape, json_bytes
from api.store import ledger, webhooks
from api.store.webhooks import NoticeRow, WebhookRow
from rules import card as cards

bp = Blueprint("webhooks", __name__, url_prefix="/api/v1")

Url = Annotated[
    str,
    StringConstraints(
        max_length=500, pattern=r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?][!-\"$-~]*)?$"
    ),
]
Kind = Literal["stamp", "redeem", "void", "bonus", "adjust", "expire"]
# Above every id there can be.
AFTER_ALL = b"\xff" * 16


class WebhookIn(Shape):
    """An address, https:// unless the service may send into its own network; and which kinds of event, if not all."""

    url: Url
    kinds: list[Kind] = Field(default_factory=list)


class WebhookChange(Shape):
    """What to change. active: turning it on again also forgets that it failed."""

    url: Url | None = None
    kinds: list[Kind] | None = None
    active: bool | None = None


class WebhookOut(Shape):
    """A webhook. off_reason: owner, gone (it answered 410) or failing (nothing arrived for five days)."""

    id: Id
    url: str
    kinds: list[Kind]
    active: bool
    off_reason: Literal["owner", "gone", "failing"] | None
    failing_since: Moment | None
    created_at: Moment


class NewWebhook(WebhookOut):
    """A new webhook. secret: checks the signatures; shown this once."""

    secret: str


class WebhookList(Shape):
    """A business's webhooks, oldest first."""

    items: list[WebhookOut]


class Delivery(Shape):
    """One message to a webhook. error: not_public, unknown_host, bad_certificate, no_answer or unreachable."""

    id: Id
    kind: Kind | Literal["test"]
    created_at: Moment
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    answer_status: int | None
    error: str | None
    next_try_at: Moment | None
    delivered_at: Moment | None


class DeliveryList(Shape):
    """What was sent to a webhook, newest first."""

    items: list[Delivery]


class Happened(Shape):
    """What happened: the line in the card's history, and the card after it. Both are null in a test."""

    line: Line | None
    card: CardFace | None


class Message(Shape):
    """What a webhook is sent. timestamp: when it happened."""

    type: Kind | Literal["test"]
    timestamp: Moment
    data: Happened


class TestIn(Shape):
    """Nothing: a test has no choices."""


@route(bp, "GET", "/webhooks", who=("owner",), answer=WebhookList)
def list_webhooks(asked: Asked) -> Any:
    """The business's webhooks."""
    with db.reading() as connection:
        return {"items": [_face(row) for row in webhooks.webhooks(connection, asked.business_id)]}


@route(bp, "POST", "/webhooks", who=("owner",), body=WebhookIn, answer=NewWebhook, status=201, problems=("conflict",))
def make_webhook(asked: Asked) -> Any:
    """Tell an address of every event from now on. The answer holds the secret that checks the signatures."""
    body = asked.body
    _check_scheme(asked, body.url)

    def action(connection: Any) -> dict[str, Any]:
        row = actions.make(connection, asked.business_id, url=body.url, kinds=body.kinds, now=asked.now)
        secret = asked.keys.webhook_secret(asked.business_id, row.id, row.secret_number)
        return _face(row) | {"secret": secret_text(secret)}

    return asked.write(action)


@route(
    bp,
    "PATCH",
    "/webhooks/<webhook_id>",
    who=("owner",),
    body=WebhookChange,
    answer=WebhookOut,
    problems=("not_found",),
)
def change_webhook(asked: Asked, webhook_id: str) -> Any:
    """Change the address or the kinds, turn it off or on again."""
    body = asked.body
    if body.url is not None:
        _check_scheme(asked, body.url)
    row = asked.write(
        lambda connection: actions.change(
            connection, asked.business_id, path_id(webhook_id), url=body.url, kinds=body.kinds, active=body.active
        )
    )
    return _face(row)


@route(bp, "DELETE", "/webhooks/<webhook_id>", who=("owner",), status=204, problems=("not_found",))
def end_webhook(asked: Asked, webhook_id: str) -> Any:
    """Remove a webhook; what was still on its way is not sent."""
    return asked.write(
        lambda connection: actions.end(connection, asked.business_id, path_id(webhook_id), now=asked.now)
    )


@route(
    bp,
    "GET",
    "/webhooks/<webhook_id>/deliveries",
    who=("owner",),
    query=Page,
    answer=DeliveryList,
    problems=("not_found",),
)
def list_deliveries(asked: Asked, webhook_id: str) -> Any:
    """What was sent to a webhook and how it went, newest first."""
    before = read_cursor(asked, bytes)
    limit = asked.query.limit
    with db.reading() as connection:
        row = actions.find(connection, asked.business_id, path_id(webhook_id))
        found = webhooks.notices(
            connection, asked.business_id, row.id, before=before[0] if before else AFTER_ALL, most=limit + 1
        )
    if len(found) > limit:
        link_next(asked, found[limit - 1].event_id)
    return {"items": [_delivery(notice) for notice in found[:limit]]}


@route(
    bp,
    "POST",
    "/webhooks/<webhook_id>/tests",
    who=("owner",),
    body=TestIn,
    answer=Delivery,
    status=201,
    limit="20/minute",
    problems=("not_found", "conflict"),
)
def test_webhook(asked: Asked, webhook_id: str) -> Any:
    """Send a message of type test, to see whether it arrives."""
    return asked.write(
        lambda connection: _delivery(actions.test(connection, asked.business_id, path_id(webhook_id), now=asked.now))
    )


def message(business_id: int, event_id: bytes | None, at: int, keys: Keys, settings: Settings) -> bytes:
    """The body of a message: the event as a line of history and the card after it; with no event, a test.

    The same event always makes the same figures, however often and late it is sent.
    """
    if event_id is None:
        return json_bytes({"type": "test", "timestamp": moment_text(at), "data": {"line": None, "card": None}})
    with db.reading() as connection:
        event = ledger.event(connection, business_id, event_id)
        card = ledger.card_by_id(connection, business_id, event.card_id) if event else None
        if event is None or card is None:
            raise LookupError(f"no event {event_id.hex()} of business {business_id}")
        events = ledger.history(connection, business_id, event_id)  # the card's events up to this one
        versions = ledger.versions(connection, business_id, card.programme_id, card.programme_version)
    line = history_lines(card, events, versions, private=True)[0]
    figures = cards.replay([each.for_rules for each in events], versions, card.first_version, event.version)
    then = CardState(card, figures, versions[event.version], event.id, event.received_at, versions)
    face = card_face(then, keys, settings)
    return json_bytes({"type": event.kind, "timestamp": line["happened_at"], "data": {"line": line, "card": face}})


def _check_scheme(asked: Asked, url: str) -> None:
    if url.startswith("http:") and not asked.settings.webhooks_to_private:
        raise Problem("invalid", "The address must begin with https://.", pointer="/url", value=url)


def _face(row: WebhookRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": row.url,
        "kinds": row.kinds.split(),
        "active": bool(row.active),
        "off_reason": row.off_reason,
        "failing_since": _moment(row.failing_since),
        "created_at": moment_text(row.created_at),
    }


def _delivery(notice: NoticeRow) -> dict[str, Any]:
    waiting = "failed" if notice.next_try_at is None else "waiting"
    return {
        "id": notice.event_id,
        "kind": notice.kind or "test",
        "created_at": moment_text(notice.created_at),
        "status": waiting if notice.delivered_at is None else "delivered",
        "attempts": notice.tries,
        "answer_status": notice.last_status,
        "error": notice.last_error,
        "next_try_at": _moment(notice.next_try_at),
        "delivered_at": _moment(notice.delivered_at),
    }


def _moment(at: int | None) -> str | None:
    return None if at is None else moment_text(at)
