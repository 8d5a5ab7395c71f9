"""The ledger, the receipts it has counted, and the claims set aside from it."""

from sqlalchemy import CheckConstraint, Index

from api.db import db
from api.tables.columns import belongs_to, blob, hash_, id_, long_number, moment, number, text

KINDS = ("stamp", "redeem", "void", "bonus", "adjust", "expire")


class Event(db.Model):
    """One fact. `stamps` and `rewards` are what it adds to its card; `previous_id` is the card's event before it.

    author: whose hand it was where that was no till. content: a hash of what was claimed, so that the same id with
    other content is noticed. tier: whose `rewards` (NULL: the main ones). item: what was picked. amount: what it adds
    in money on a card that counts money; `stamps` are then the whole stamps that came of it.
    """

    __tablename__ = "events"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    card_id = id_()
    previous_id = id_(nullable=True)
    kind = text()
    stamps = number()
    rewards = number()
    happened_at = moment()
    received_at = moment()
    version = number()
    shop_id = id_(nullable=True)
    till_id = id_(nullable=True)
    staff_id = id_(nullable=True)
    ref = id_(nullable=True)
    order_ref = text(nullable=True)
    reason = text(nullable=True)
    author = text(nullable=True)
    flag = text(nullable=True)
    source = text()
    content = hash_()
    tier = number(nullable=True)
    item = text(nullable=True)
    amount = long_number(nullable=True)
    __table_args__ = (
        belongs_to("cards", "card_id"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("(kind = 'void') = (ref IS NOT NULL)", name="void_names_its_event"),
        # One void per event, whatever else goes wrong.
        Index(
            "uq_events_void",
            "business_id",
            "ref",
            unique=True,
            sqlite_where=db.text("kind = 'void'"),
            postgresql_where=db.text("kind = 'void'"),
        ),
        # For the owner's list; it holds flagged lines alone, so a stamp pays nothing for it.
        Index(
            "ix_events_flagged",
            "business_id",
            "received_at",
            "id",
            sqlite_where=db.text("flag IS NOT NULL"),
            postgresql_where=db.text("flag IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )


class Receipt(db.Model):
    """A receipt and the event it was counted for; voiding the event frees it."""

    __tablename__ = "receipts"
    business_id = number(primary_key=True, autoincrement=False)
    order_ref = text(primary_key=True)
    event_id = id_()
    at = moment()


class Aside(db.Model):
    """A claim that is not in the ledger: kept for the owner, or refused when asked. Nothing a till sends is dropped.

    claim: word for word, and therefore sealed with the server key, for it names its card by the code.
    """

    __tablename__ = "asides"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    content = hash_(primary_key=True)
    status = text()
    reason = text()
    why = text()
    claim = blob()
    waits_for = id_(nullable=True)
    card_id = id_(nullable=True)
    till_id = id_(nullable=True)
    received_at = moment()
    __table_args__ = (
        CheckConstraint("status IN ('kept', 'refused', 'taken')", name="status"),
        Index(
            "ix_asides_waits_for",
            "business_id",
            "waits_for",
            sqlite_where=db.text("waits_for IS NOT NULL"),
            postgresql_where=db.text("waits_for IS NOT NULL"),
        ),
    )
