"""Who runs the loyalty programme, its logo, its owners and their sign-ins."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from api.db import db
from api.tables.columns import belongs_to, blob, hash_, id_, moment, number, text


class Business(db.Model):
    """A business: every other row belongs to one. logo_version goes up with each logo; below zero there is none now.

    offline_…: what its tills may hand out with no network. watch_…: how many visits of a card, or by one of the staff,
    look odd. quiet_…: minutes after midnight between which nobody should be at work.
    """

    __tablename__ = "businesses"
    id = number(primary_key=True, autoincrement=False)
    name = text()
    currency = text()
    time_zone = text()
    language = text()
    lock_after_seconds = number(server_default="120")
    logo_version = number(server_default="0")
    offline_redeem = text(server_default="limited")
    offline_per_card = number(server_default="1")
    offline_per_till = number(server_default="3")
    offline_hours = number(server_default="24")
    watch_card_hour = number(server_default="3")
    watch_card_day = number(server_default="8")
    watch_staff_hour = number(server_default="120")
    quiet_from = number(server_default="1380")
    quiet_until = number(server_default="300")
    created_at = moment()


class Logo(db.Model):
    """A business's logo, as we encoded it ourselves."""

    __tablename__ = "logos"
    business_id = number(primary_key=True, autoincrement=False)
    webp = blob()
    png = blob()
    updated_at = moment()
    __table_args__ = (belongs_to("businesses"),)


class Owner(db.Model):
    """Someone who may see and change everything of a business."""

    __tablename__ = "owners"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    email = text()
    password_hash = text()
    failed_tries = number(server_default="0")
    locked_until = moment(nullable=True)
    created_at = moment()
    __table_args__ = (
        belongs_to("businesses"),
        UniqueConstraint("business_id", "email"),
        Index(None, "email"),
    )


class Session(db.Model):
    """An owner's sign-in on one browser; only the hash of its secret."""

    __tablename__ = "sessions"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    owner_id = id_()
    secret_hash = hash_()
    created_at = moment()
    expires_at = moment()
    ended_at = moment(nullable=True)
    __table_args__ = (belongs_to("owners", "owner_id"), UniqueConstraint("business_id", "secret_hash"))


class SetUpLink(db.Model):
    """A one-time link that makes a business and its first owner; it belongs to no business yet."""

    __tablename__ = "set_up_links"
    id = id_(primary_key=True)
    secret_hash = hash_(unique=True)
    created_at = moment()
    expires_at = moment()
    used_at = moment(nullable=True)
    business_id = number(nullable=True)


class Answer(db.Model):
    """What was answered to a request with an Idempotency-Key: the same request again gets the same answer, for ever."""

    __tablename__ = "answers"
    business_id = number(primary_key=True, autoincrement=False)
    caller = text(primary_key=True)
    key = text(primary_key=True)
    request_hash = hash_()
    status = number()
    body = blob()
    created_at = moment()
    __table_args__ = (CheckConstraint("length(key) <= 200", name="key_length"),)
