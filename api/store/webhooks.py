"""Webhooks and the notices on their way to them."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, exists, insert, literal_column, null, or_, select, update

from api.db import Statement
from api.tables.events import Event
from api.tables.integrations import Notice, Webhook


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """An address that is told of events. kinds: with blanks between, empty for all."""

    id: bytes
    url: str
    kinds: str
    secret_number: int
    active: bool
    off_reason: str | None
    failing_since: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One message to one webhook. kind: the event's; None for a test."""

    event_id: bytes
    kind: str | None
    created_at: int
    tries: int
    next_try_at: int | None
    delivered_at: int | None
    last_status: int | None
    last_error: str | None


_B = bindparam("business_id")
_W = bindparam("webhook_id")
_own = and_(Webhook.business_id == _B, Webhook.id == _W)
_columns = (
    Webhook.id, Webhook.url, Webhook.kinds, Webhook.secret_number, Webhook.active, Webhook.off_reason,
    Webhook.failing_since, Webhook.created_at,
)  # fmt: skip
_LIST = Statement(select(*_columns).where(Webhook.business_id == _B, Webhook.ended_at.is_(None)).order_by(Webhook.id))
_ONE = Statement(select(*_columns).where(_own, Webhook.ended_at.is_(None)))
_ADD = Statement(
    insert(Webhook).values({name: bindparam(name) for name in ("business_id", "id", "url", "kinds", "created_at")})
)
_CHANGE = Statement(update(Webhook).where(_own).values(url=bindparam("new_url"), kinds=bindparam("new_kinds")))
_TURN_ON = Statement(
    update(Webhook).where(_own).values(active=True, off_reason=null(), failing_since=null(), rest_until=null())
)
_TURN_OFF = Statement(update(Webhook).where(_own).values(active=False, off_reason=bindparam("why"), rest_until=null()))
_END = Statement(update(Webhook).where(_own).values(active=False, url="", ended_at=bindparam("at")))
_GIVE_UP = Statement(
    update(Notice)
    .where(Notice.business_id == _B, Notice.webhook_id == _W, Notice.next_try_at.is_not(None))
    .values(next_try_at=null())
)


def webhooks(connection: Connection, business_id: int) -> list[WebhookRow]:
    """A business's webhooks, oldest first."""
    return [WebhookRow(*row) for row in _LIST.all(connection, business_id=business_id)]


def webhook(connection: Connection, business_id: int, webhook_id: bytes) -> WebhookRow | None:
    """One webhook of this business."""
    row = _ONE.one(connection, business_id=business_id, webhook_id=webhook_id)
    return None if row is None else WebhookRow(*row)


def add(connection: Connection, business_id: int, *, id: bytes, url: str, kinds: str, created_at: int) -> None:
    """Write a new webhook."""
    _ADD.run(connection, business_id=business_id, id=id, url=url, kinds=kinds, created_at=created_at)


def change(connection: Connection, business_id: int, webhook_id: bytes, *, url: str, kinds: str) -> None:
    """Send to another address, or of other kinds."""
    _CHANGE.run(connection, business_id=business_id, webhook_id=webhook_id, new_url=url, new_kinds=kinds)


def turn_on(connection: Connection, business_id: int, webhook_id: bytes) -> None:
    """Send there from now on."""
    _TURN_ON.run(connection, business_id=business_id, webhook_id=webhook_id)


def turn_off(connection: Connection, business_id: int, webhook_id: bytes, why: str) -> None:
    """Send there no more, nor what was still on its way."""
    _TURN_OFF.run(connection, business_id=business_id, webhook_id=webhook_id, why=why)
    _GIVE_UP.run(connection, business_id=business_id, webhook_id=webhook_id)


def end(connection: Connection, business_id: int, webhook_id: bytes, at: int) -> None:
    """Remove it. The row stays, so that an event that is just being written still finds it; its address does not."""
    _END.run(connection, business_id=business_id, webhook_id=webhook_id, at=at)
    _GIVE_UP.run(connection, business_id=business_id, webhook_id=webhook_id)


_notice = and_(Notice.business_id == _B, Notice.event_id == bindparam("event_id"), Notice.webhook_id == _W)
_notices = (
    select(
        Notice.event_id,
        Event.kind,
        Notice.created_at,
        Notice.tries,
        Notice.next_try_at,
        Notice.delivered_at,
        Notice.last_status,
        Notice.last_error,
    )
    .outerjoin(Event, and_(Event.business_id == Notice.business_id, Event.id == Notice.event_id))
    .where(Notice.business_id == _B, Notice.webhook_id == _W)
    .limit(bindparam("most"))
)
_NOTICES = Statement(_notices.where(Notice.event_id < bindparam("before")).order_by(Notice.event_id.desc()))
_DUE = Statement(_notices.where(Notice.next_try_at <= bindparam("now")).order_by(Notice.next_try_at, Notice.event_id))
_TEST = Statement(
    insert(Notice).values(
        {name: bindparam(name) for name in ("business_id", "event_id", "webhook_id", "created_at", "next_try_at")}
    )
)
_waits = exists().where(
    Notice.business_id == Webhook.business_id, Notice.webhook_id == Webhook.id, Notice.next_try_at <= bindparam("now")
)
_rested = or_(Webhook.rest_until.is_(None), Webhook.rest_until <= bindparam("now"))
_NEXT = Statement(select(Webhook.business_id, Webhook.id).where(Webhook.active, _rested, _waits).limit(1))
_HOLD = Statement(update(Webhook).where(_own, Webhook.active, _rested).values(rest_until=bindparam("until")))
_DONE = Statement(
    update(Webhook).where(_own).values(failing_since=bindparam("new_failing_since"), rest_until=bindparam("until"))
)
_TRIED = Statement(
    update(Notice)
    .where(_notice, Notice.next_try_at.is_not(None))
    .values(
        tries=Notice.tries + literal_column("1"),
        next_try_at=bindparam("again_at"),
        delivered_at=bindparam("arrived_at"),
        last_status=bindparam("status"),
        last_error=bindparam("error"),
    )
)


def notices(
    connection: Connection, business_id: int, webhook_id: bytes, *, before: bytes, most: int
) -> list[NoticeRow]:
    """What was or will be sent to a webhook, newest first."""
    rows = _NOTICES.all(connection, business_id=business_id, webhook_id=webhook_id, before=before, most=most)
    return [NoticeRow(*row) for row in rows]


def due(connection: Connection, business_id: int, webhook_id: bytes, *, now: int, most: int) -> list[NoticeRow]:
    """What is to be sent to a webhook now, in the order it became due."""
    rows = _DUE.all(connection, business_id=business_id, webhook_id=webhook_id, now=now, most=most)
    return [NoticeRow(*row) for row in rows]


def add_test(connection: Connection, business_id: int, webhook_id: bytes, *, id: bytes, now: int) -> None:
    """Write a notice of nothing, to see whether it arrives."""
    _TEST.run(connection, business_id=business_id, event_id=id, webhook_id=webhook_id, created_at=now, next_try_at=now)


def next_due(connection: Connection, now: int) -> tuple[int, bytes] | None:
    """A webhook of any business that something waits for."""
    row = _NEXT.one(connection, now=now)
    return None if row is None else (row[0], row[1])


def hold(connection: Connection, business_id: int, webhook_id: bytes, *, now: int, until: int) -> bool:
    """Let nobody else send there until then. False when somebody else does, or it is off."""
    return _HOLD.run(connection, business_id=business_id, webhook_id=webhook_id, now=now, until=until) == 1


def let_go(
    connection: Connection, business_id: int, webhook_id: bytes, *, failing_since: int | None, until: int | None
) -> None:
    """Sending there has ended for now; it rests until then."""
    _DONE.run(connection, business_id=business_id, webhook_id=webhook_id, new_failing_since=failing_since, until=until)


def tried(
    connection: Connection,
    business_id: int,
    webhook_id: bytes,
    event_id: bytes,
    *,
    again_at: int | None,
    arrived_at: int | None,
    status: int | None,
    error: str | None,
) -> None:
    """Note how one try went."""
    _TRIED.run(
        connection, business_id=business_id, webhook_id=webhook_id, event_id=event_id, again_at=again_at,
        arrived_at=arrived_at, status=status, error=error,
    )  # fmt: skip
