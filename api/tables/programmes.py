"""Programmes and every version of what they promised."""

from sqlalchemy import CheckConstraint, true

from api.db import db
from api.tables.columns import belongs_to, flag, id_, moment, text
from api.tables.columns import number as integer


class Programme(db.Model):
    """A programme: one kind of card."""

    __tablename__ = "programmes"
    business_id = integer(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    version = integer()
    active = flag(server_default=true())
    created_at = moment()
    __table_args__ = (belongs_to("businesses"),)


class ProgrammeVersion(db.Model):
    """One version of a programme's terms; never changed once made. choices, tiers: as JSON, NULL without any."""

    __tablename__ = "programme_versions"
    business_id = integer(primary_key=True, autoincrement=False)
    programme_id = id_(primary_key=True)
    number = integer(primary_key=True, autoincrement=False)
    stamps_needed = integer()
    reward = text()
    max_per_visit = integer()
    welcome_stamps = integer()
    cooldown_seconds = integer()
    daily_limit = integer()
    unit_cost = integer()
    unit_price = integer()
    stamps_expire_days = integer()
    rewards_expire_days = integer()
    stamp_for = text(server_default="item")
    spend_per_stamp = integer(server_default="0")
    birthday_stamps = integer(server_default="0")
    choices = text(nullable=True)
    tiers = text(nullable=True)
    policy = text()
    author = text()
    note = text()
    created_at = moment()
    __table_args__ = (
        belongs_to("programmes", "programme_id"),
        CheckConstraint("policy IN ('better', 'finish')", name="policy"),
        CheckConstraint("stamps_needed BETWEEN 2 AND 50", name="stamps_needed"),
        CheckConstraint("max_per_visit BETWEEN 1 AND 20", name="max_per_visit"),
    )


class ScheduledVersion(db.Model):
    """Terms that will come into force. state: waiting, done, withdrawn or stale (the programme was changed meanwhile).

    terms: as JSON. number: the version it became.
    """

    __tablename__ = "scheduled_versions"
    business_id = integer(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    programme_id = id_()
    starts_at = moment()
    expected_version = integer()
    policy = text()
    terms = text()
    author = text()
    note = text()
    made_at = moment()
    state = text()
    settled_at = moment(nullable=True)
    number = integer(nullable=True)
    __table_args__ = (
        belongs_to("programmes", "programme_id"),
        CheckConstraint("state IN ('waiting', 'done', 'withdrawn', 'stale')", name="state"),
    )
