"""Other software: its keys, its webhooks, and the notices on their way to them."""

from sqlalchemy import Index, UniqueConstraint, true

from api.db import db
from api.tables.columns import belongs_to, flag, hash_, id_, moment, number, text


class ApiKey(db.Model):
    """A key for other software; only its hash."""

    __tablename__ = "api_keys"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    secret_hash = hash_()
    created_at = moment()
    last_used_at = moment(nullable=True)
    ended_at = moment(nullable=True)
    __table_args__ = (belongs_to("businesses"), UniqueConstraint("business_id", "secret_hash"))


class Webhook(db.Model):
    """An address that is told of events. Its signing secret is made from the server key and secret_number.

    kinds: the kinds of event it wants, with blanks between; empty for all. rest_until: nothing is sent there before,
    because it is being served or has just failed. off_reason: why it is no longer active.
    """

    __tablename__ = "webhooks"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    url = text()
    kinds = text(server_default="")
    secret_number = number(server_default="0")
    active = flag(server_default=true())
    off_reason = text(nullable=True)
    failing_since = moment(nullable=True)
    rest_until = moment(nullable=True)
    created_at = moment()
    ended_at = moment(nullable=True)
    __table_args__ = (belongs_to("businesses"),)


class Notice(db.Model):
    """One event on its way to one webhook, written in the event's own transaction; with no such event, a test."""

    __tablename__ = "notices"
    business_id = number(primary_key=True, autoincrement=False)
    event_id = id_(primary_key=True)
    webhook_id = id_(primary_key=True)
    created_at = moment()
    tries = number(server_default="0")
    next_try_at = moment(nullable=True)
    delivered_at = moment(nullable=True)
    last_status = number(nullable=True)
    last_error = text(nullable=True)
    __table_args__ = (
        belongs_to("webhooks", "webhook_id"),
        Index(
            "ix_notices_next_try",
            "business_id",
            "webhook_id",
            "next_try_at",
            sqlite_where=db.text("next_try_at IS NOT NULL"),
            postgresql_where=db.text("next_try_at IS NOT NULL"),
        ),
    )
