"""Cards with their cached figures, and the codes that have died."""

from sqlalchemy import Index, UniqueConstraint

from api.db import db
from api.tables.columns import belongs_to, hash_, id_, moment, number, text, units


class Card(db.Model):
    """A card. From `version` to `tiers` the figures of its events added up: a cache that replay can remake.

    unit: what a stamp is worth where the card counts money. tiers: the sums of each tier as JSON, see store.ledger.

    The code is derived from id and code_number by a key outside the database; here are only hashes to look it up by.
    """

    __tablename__ = "cards"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    programme_id = id_()
    shop_id = id_(nullable=True)
    customer_id = id_(nullable=True)
    code_number = number(server_default="0")
    code_hash = hash_()
    short_number = number(server_default="0")
    short_hash = hash_()
    key_hash = hash_()
    first_version = number()
    version = number()
    round_need = units()
    total = units(server_default="0")
    earned = number(server_default="0")
    rewards = number(server_default="0")
    round_start = units(server_default="0")
    anchor = units(server_default="0")
    last_stamp_at = moment(nullable=True)
    unit = number(nullable=True)
    tiers = text(nullable=True)
    last_event_id = id_(nullable=True)
    created_at = moment()
    touched_at = moment()
    __table_args__ = (
        belongs_to("programmes", "programme_id"),
        belongs_to("shops", "shop_id"),
        belongs_to("customers", "customer_id"),
        UniqueConstraint("business_id", "code_hash"),
        UniqueConstraint("business_id", "short_hash"),
        Index("ix_cards_customer", "business_id", "customer_id"),
    )


class DeadCode(db.Model):
    """A card code that was replaced; whoever still shows it is told so."""

    __tablename__ = "dead_codes"
    business_id = number(primary_key=True, autoincrement=False)
    code_hash = hash_(primary_key=True)
    card_id = id_()
    reason = text(server_default="")
    author = text(server_default="")
    at = moment()
    __table_args__ = (belongs_to("cards", "card_id"),)
