"""What customers chose to leave with their cards, and what they agreed to."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, insert, null, select, update

from api.db import Statement
from api.tables.cards import Card
from api.tables.people import Consent, Customer


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A person; what they did not say is empty. search: all of it, folded, to find the card by."""

    id: bytes
    name: str
    phone: str
    email: str
    language: str
    search: str


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One yes or no, and the words it was given to."""

    kind: str
    granted: bool
    wording: str
    at: int


_B = bindparam("business_id")
_CARD, _CUSTOMER = bindparam("card_id"), bindparam("customer_id")
_OF_CARD = Statement(
    select(Customer.id, Customer.name, Customer.phone, Customer.email, Customer.language, Customer.search)
    .join(Card, and_(Card.business_id == Customer.business_id, Card.customer_id == Customer.id))
    .where(Card.business_id == _B, Card.id == _CARD)
)
_CONSENTS = Statement(
    select(Consent.kind, Consent.granted, Consent.wording, Consent.at)
    .where(Consent.business_id == _B, Consent.customer_id == _CUSTOMER)
    .order_by(Consent.at.desc(), Consent.id.desc())
)
_AT = bindparam("at")
_said = {name: bindparam(f"new_{name}") for name in ("name", "phone", "email", "language", "search")}
_ADD = Statement(insert(Customer).values(business_id=_B, id=_CUSTOMER, created_at=_AT, updated_at=_AT, **_said))
_SAVE = Statement(
    update(Customer).where(Customer.business_id == _B, Customer.id == _CUSTOMER).values(updated_at=_AT, **_said)
)
_NAME_CARD = Statement(update(Card).where(Card.business_id == _B, Card.id == _CARD).values(customer_id=_CUSTOMER))
_UNNAME = Statement(
    update(Card).where(Card.business_id == _B, Card.customer_id == _CUSTOMER).values(customer_id=null())
)
_ADD_CONSENT = Statement(
    insert(Consent).values(
        {n: bindparam(n) for n in ("business_id", "id", "customer_id", "kind", "granted", "wording", "at")}
    )
)
_FORGET_CONSENTS = Statement(delete(Consent).where(Consent.business_id == _B, Consent.customer_id == _CUSTOMER))
_FORGET = Statement(delete(Customer).where(Customer.business_id == _B, Customer.id == _CUSTOMER))


def of_card(connection: Connection, business_id: int, card_id: bytes) -> CustomerRow | None:
    """Who has left something with this card."""
    row = _OF_CARD.one(connection, business_id=business_id, card_id=card_id)
    return None if row is None else CustomerRow(*row)


def consents(connection: Connection, business_id: int, customer_id: bytes) -> list[ConsentRow]:
    """What a customer said yes or no to, newest first."""
    rows = _CONSENTS.all(connection, business_id=business_id, customer_id=customer_id)
    return [ConsentRow(row[0], bool(row[1]), row[2], row[3]) for row in rows]


def add(connection: Connection, business_id: int, card_id: bytes, row: CustomerRow, *, at: int) -> None:
    """Write a new customer and put their name to the card."""
    _ADD.run(connection, business_id=business_id, customer_id=row.id, at=at, **_values(row))
    _NAME_CARD.run(connection, business_id=business_id, card_id=card_id, customer_id=row.id)


def save(connection: Connection, business_id: int, row: CustomerRow, *, at: int) -> None:
    """Replace all that a customer has said about themselves."""
    _SAVE.run(connection, business_id=business_id, customer_id=row.id, at=at, **_values(row))


def add_consent(connection: Connection, business_id: int, customer_id: bytes, id: bytes, row: ConsentRow) -> None:
    """Append one yes or no."""
    _ADD_CONSENT.run(
        connection,
        business_id=business_id,
        customer_id=customer_id,
        id=id,
        kind=row.kind,
        granted=row.granted,
        wording=row.wording,
        at=row.at,
    )


def forget(connection: Connection, business_id: int, customer_id: bytes) -> None:
    """Delete a person and all they said; their cards stay, without a name."""
    _UNNAME.run(connection, business_id=business_id, customer_id=customer_id)
    _FORGET_CONSENTS.run(connection, business_id=business_id, customer_id=customer_id)
    _FORGET.run(connection, business_id=business_id, customer_id=customer_id)


def _values(row: CustomerRow) -> dict[str, str]:
    return {
        "new_name": row.name,
        "new_phone": row.phone,
        "new_email": row.email,
        "new_language": row.language,
        "new_search": row.search,
    }
