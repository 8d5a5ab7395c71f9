"""Webhooks: who is told, what is due, and how each try went."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.store import webhooks
from api.store.webhooks import NoticeRow, WebhookRow

MOST_WEBHOOKS = 20
# How many notices one sending takes along: few enough to be done well before the hold below runs out.
MOST_AT_ONCE = 20
HOLD_MS = 3 * 60_000
# Between the tries of one notice, in seconds: at once again, then ever more patiently, three days in all.
WAITS = (5, 300, 1800, 7200, 5 * 3600, 10 * 3600, 14 * 3600, 16 * 3600, 24 * 3600)
# An address at which nothing has arrived for so long is turned off.
GIVE_UP_MS = 5 * 86_400_000
# How long nothing is sent to an address that has just failed: a tenth of how long it has been failing, within bounds.
LEAST_REST_MS, MOST_REST_MS = 5_000, 300_000
GONE = 410


@dataclass(frozen=True, slots=True)
class Taken:
    """A webhook held for sending, and what is to be sent to it, in this order."""

    business_id: int
    webhook: WebhookRow
    notices: list[NoticeRow]


@dataclass(frozen=True, slots=True)
class Tried:
    """How one try went: the HTTP status that came back, or what went wrong instead."""

    event_id: bytes
    tries: int
    status: int | None
    error: str | None

    @property
    def arrived(self) -> bool:
        """Did the other side take it?"""
        return self.status is not None and 200 <= self.status < 300


def make(connection: Connection, business_id: int, *, url: str, kinds: Sequence[str], now: int) -> WebhookRow:
    """A new webhook. Raises Problem conflict when there are too many."""
    if len(webhooks.webhooks(connection, business_id)) >= MOST_WEBHOOKS:
        raise Problem("conflict", f"A business has at most {MOST_WEBHOOKS} webhooks.")
    id = new_id(now)
    webhooks.add(connection, business_id, id=id, url=url, kinds=" ".join(kinds), created_at=now)
    return find(connection, business_id, id)


def find(connection: Connection, business_id: int, webhook_id: bytes) -> WebhookRow:
    """One webhook. Raises Problem not_found."""
    row = webhooks.webhook(connection, business_id, webhook_id)
    if row is None:
        raise Problem("not_found")
    return row


def change(
    connection: Connection,
    business_id: int,
    webhook_id: bytes,
    *,
    url: str | None,
    kinds: Sequence[str] | None,
    active: bool | None,
) -> WebhookRow:
    """Change what is given; turning it on again forgets its failures. Raises Problem not_found."""
    row = find(connection, business_id, webhook_id)
    new_kinds = row.kinds if kinds is None else " ".join(kinds)
    webhooks.change(connection, business_id, webhook_id, url=url or row.url, kinds=new_kinds)
    if active is False:
        webhooks.turn_off(connection, business_id, webhook_id, "owner")
    elif active:
        webhooks.turn_on(connection, business_id, webhook_id)
    return find(connection, business_id, webhook_id)


def end(connection: Connection, business_id: int, webhook_id: bytes, *, now: int) -> None:
    """Send nothing more there. Raises Problem not_found."""
    find(connection, business_id, webhook_id)
    webhooks.end(connection, business_id, webhook_id, now)


def test(connection: Connection, business_id: int, webhook_id: bytes, *, now: int) -> NoticeRow:
    """Send a notice of nothing. Raises Problem not_found, or conflict when the webhook is off."""
    if not find(connection, business_id, webhook_id).active:
        raise Problem("conflict", "This webhook is off.")
    id = new_id(now)
    webhooks.add_test(connection, business_id, webhook_id, id=id, now=now)
    return NoticeRow(id, None, now, 0, now, None, None, None)


def take(connection: Connection, business_id: int, webhook_id: bytes, *, now: int) -> Taken | None:
    """Hold a webhook and what is due there, so that one message at a time goes to it. None when somebody else does."""
    if not webhooks.hold(connection, business_id, webhook_id, now=now, until=now + HOLD_MS):
        return None
    row = webhooks.webhook(connection, business_id, webhook_id)
    if row is None:
        return None
    return Taken(business_id, row, webhooks.due(connection, business_id, webhook_id, now=now, most=MOST_AT_ONCE))


def settle(connection: Connection, taken: Taken, tries: Sequence[Tried], *, now: int, jitter: float) -> None:
    """Write down how the tries went; the last one may have failed. jitter: 0.8 to 1.2, so that not all come at once."""
    business_id, row = taken.business_id, taken.webhook
    for each in tries:
        webhooks.tried(
            connection,
            business_id,
            row.id,
            each.event_id,
            again_at=None if each.arrived else next_try(each.tries, now=now, jitter=jitter),
            arrived_at=now if each.arrived else None,
            status=each.status,
            error=each.error,
        )
    failed = bool(tries) and not tries[-1].arrived
    if not failed:
        webhooks.let_go(connection, business_id, row.id, failing_since=None, until=None)
        return
    since = now if row.failing_since is None or len(tries) > 1 else row.failing_since
    if tries[-1].status == GONE:
        webhooks.turn_off(connection, business_id, row.id, "gone")
    elif now - since >= GIVE_UP_MS:
        webhooks.turn_off(connection, business_id, row.id, "failing")
    else:
        rest = min(MOST_REST_MS, max(LEAST_REST_MS, (now - since) // 10))
        webhooks.let_go(connection, business_id, row.id, failing_since=since, until=now + rest)


def next_try(tries: int, *, now: int, jitter: float) -> int | None:
    """When a notice that failed so many times is tried again; None when it has been tried enough."""
    return now + int(WAITS[tries - 1] * 1000 * jitter) if tries <= len(WAITS) else None
