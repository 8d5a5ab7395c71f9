"""Personal data, apart from the ledger, so that a customer can be forgotten and the counts stay."""

from api.db import db
from api.tables.columns import belongs_to, flag, id_, moment, number, text


class Customer(db.Model):
    """A name or an address somebody chose to leave with a card. search: all of it, folded, to find the card by."""

    __tablename__ = "customers"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text(server_default="")
    phone = text(server_default="")
    email = text(server_default="")
    language = text(server_default="")
    search = text(server_default="")
    created_at = moment()
    updated_at = moment()
    __table_args__ = (belongs_to("businesses"),)


class Birthday(db.Model):
    """The day of somebody's birthday, without the year, as long as they agree that it is kept."""

    __tablename__ = "birthdays"
    business_id = number(primary_key=True, autoincrement=False)
    customer_id = id_(primary_key=True)
    month = number()
    day = number()
    __table_args__ = (belongs_to("customers", "customer_id"),)


class Consent(db.Model):
    """One yes or no, with the words it was given to; appended, so what was agreed when can be shown."""

    __tablename__ = "consents"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    customer_id = id_()
    kind = text()
    granted = flag()
    wording = text()
    at = moment()
    __table_args__ = (belongs_to("businesses"),)
