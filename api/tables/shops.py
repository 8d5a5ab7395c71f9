"""Places, their tills, the codes that pair a till, and the staff who sign on."""

from sqlalchemy import UniqueConstraint, true

from api.db import db
from api.tables.columns import belongs_to, flag, hash_, id_, moment, number, text


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
    """A paired device at a counter; only the hash of its secret."""

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
    __table_args__ = (
        belongs_to("shops", "shop_id"),
        belongs_to("staff", "staff_id"),
        UniqueConstraint("business_id", "secret_hash"),
    )


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
