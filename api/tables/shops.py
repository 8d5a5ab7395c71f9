"""Places, their tills and what is missing from them, the codes that pair a till, and the staff who sign on."""

from sqlalchemy import UniqueConstraint, true

from api.db import db
from api.tables.columns import belongs_to, flag, hash_, id_, long_number, moment, number, text


class Shop(db.Model):
    """A place where cards are stamped; join_code stands on its poster."""

    __tablename__ = "shops"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    join_code = text()
    created_at = moment()
    __table_args__ = (belongs_to("businesses"), UniqueConstraint("business_id", "join_code"))


class Till(db.Model):
    """A paired device at a counter; only the hash of its secret.

    last_sequence: the highest number it has given to something it saw, as last noted; clock_ahead_ms: how far its clock
    was ahead of ours then.
    """

    __tablename__ = "tills"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    shop_id = id_()
    name = text()
    secret_hash = hash_()
    staff_id = id_(nullable=True)
    paired_at = moment()
    last_seen_at = moment(nullable=True)
    revoked_at = moment(nullable=True)
    last_sequence = long_number(nullable=True)
    clock_ahead_ms = long_number(nullable=True)
    __table_args__ = (
        belongs_to("shops", "shop_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("business_id", "secret_hash"),
    )


class Gap(db.Model):
    """What a till has numbered and nobody has received: from `first` to `last`, or everything after it.

    closed_by: the owner who has seen it, or nobody, once all of it has come after all.
    """

    __tablename__ = "gaps"
    business_id = number(primary_key=True, autoincrement=False)
    till_id = id_(primary_key=True)
    first = long_number(primary_key=True, autoincrement=False)
    last = long_number(nullable=True)
    noticed_at = moment()
    closed_at = moment(nullable=True)
    closed_by = text(nullable=True)
    __table_args__ = (belongs_to("tills", "till_id"),)


class PairingCode(db.Model):
    """A one-use code that turns a device into a till."""

    __tablename__ = "pairing_codes"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    shop_id = id_()
    till_name = text()
    code_hash = hash_()
    expires_at = moment()
    used_at = moment(nullable=True)
    __table_args__ = (belongs_to("shops", "shop_id"), UniqueConstraint("business_id", "code_hash"))


class Staff(db.Model):
    """Someone who works a till and signs on with a PIN."""

    __tablename__ = "staff"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    pin_hash = text()
    active = flag(server_default=true())
    failed_tries = number(server_default="0")
    locked_until = moment(nullable=True)
    created_at = moment()
    __table_args__ = (belongs_to("businesses"),)


class OwnCard(db.Model):
    """A card that belongs to one of the staff, who cannot stamp it themselves."""

    __tablename__ = "own_cards"
    business_id = number(primary_key=True, autoincrement=False)
    card_id = id_(primary_key=True)
    staff_id = id_()
    __table_args__ = (belongs_to("cards", "card_id"), belongs_to("staff", "staff_id"))
