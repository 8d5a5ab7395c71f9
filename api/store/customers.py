"""What customers chose to leave with their cards, and what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, delete, insert, literal_column, null, select, update

from api.db import Statement
from api.tables.businesses import Business
from api.tables.cards import Card
from api.tables.people import Birthday, Consent, Customer
from api.tables.programmes import Programme, ProgrammeVersion
from rules.birthday import DAYS_LATE


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A person; what they did not say is empty. search: all of it, folded, to find the card by.

    birthday: month and day.
    """

    id: bytes
    name: str
    phone: str
    email: str
    language: str
    search: str
    birthday: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One yes or no, and the words it was given to."""

    kind: str
    granted: bool
    wording: str
    at: int


@dataclass(frozen=True, slots=True)
class BornRow:
    """A card whose programme gives birthday stamps, the birthday of whoever has it, and the zone they live by."""

    business_id: int
    card_id: bytes
    month: int
    day: int
    time_zone: str


_B = bindparam("business_id")
_CARD, _CUSTOMER = bindparam("card_id"), bindparam("customer_id")
_OF_CARD = Statement(
    select(
        Customer.id, Customer.name, Customer.phone, Customer.email, Customer.language, Customer.search,
        Birthday.month, Birthday.day,
    )
    .join(Card, and_(Card.business_id == Customer.business_id, Card.customer_id == Customer.id))
    .outerjoin(Birthday, and_(Birthday.business_id == Customer.business_id, Birthday.customer_id == Customer.id))
    .where(Card.business_id == _B, Card.id == _CARD)
)  # fmt: skip
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
_FORGET_BIRTHDAY = Statement(delete(Birthday).where(Birthday.business_id == _B, Birthday.customer_id == _CUSTOMER))
_ADD_BIRTHDAY = Statement(
    insert(Birthday).values(business_id=_B, customer_id=_CUSTOMER, month=bindparam("month"), day=bindparam("day"))
)
# The days one may be late, today, one more on either side for the time zones, and 29 February.
_DAYS = DAYS_LATE + 4
_BORN = Statement(
    select(Birthday.business_id, Card.id, Birthday.month, Birthday.day, Business.time_zone)
    .select_from(Birthday)
    .join(Business, Business.id == Birthday.business_id)
    .join(Card, and_(Card.business_id == Birthday.business_id, Card.customer_id == Birthday.customer_id))
    .join(Programme, and_(Programme.business_id == Card.business_id, Programme.id == Card.programme_id))
    .join(
        ProgrammeVersion,
        and_(
            ProgrammeVersion.business_id == Card.business_id,
            ProgrammeVersion.programme_id == Card.programme_id,
            ProgrammeVersion.number == Programme.version,
        ),
    )
    .where(
        ProgrammeVersion.birthday_stamps > literal_column("0"),
        (Birthday.month * literal_column("100") + Birthday.day).in_([bindparam(f"day{n}") for n in range(_DAYS)]),
    )
)
_FORGET = Statement(delete(Customer).where(Customer.business_id == _B, Customer.id == _CUSTOMER))


def of_card(connection: Connection, business_id: int, card_id: bytes) -> CustomerRow | None:
    """Who has left something with this card."""
    row = _OF_CARD.one(connection, business_id=business_id, card_id=card_id)
    return None if row is None else CustomerRow(*row[:6], None if row[6] is None else (row[6], row[7]))


def consents(connection: Connection, business_id: int, customer_id: bytes) -> list[ConsentRow]:
    """What a customer said yes or no to, newest first."""
    rows = _CONSENTS.all(connection, business_id=business_id, customer_id=customer_id)
    return [ConsentRow(row[0], bool(row[1]), row[2], row[3]) for row in rows]


def add(connection: Connection, business_id: int, card_id: bytes, row: CustomerRow, *, at: int) -> None:
    """Write a new customer and put their name to the card."""
    _ADD.run(connection, business_id=business_id, customer_id=row.id, at=at, **_values(row))
    _set_birthday(connection, business_id, row)
    _NAME_CARD.run(connection, business_id=business_id, card_id=card_id, customer_id=row.id)


def save(connection: Connection, business_id: int, row: CustomerRow, *, at: int) -> None:
    """Replace all that a customer has said about themselves."""
    _SAVE.run(connection, business_id=business_id, customer_id=row.id, at=at, **_values(row))
    _FORGET_BIRTHDAY.run(connection, business_id=business_id, customer_id=row.id)
    _set_birthday(connection, business_id, row)


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


def born_on(connection: Connection, days: Sequence[tuple[int, int]]) -> list[BornRow]:
    """Cards of people born on these days (month and day), of every business; where it is 28 February, the 29th too."""
    wanted = [month * 100 + day for month, day in days]
    if 228 in wanted and 229 not in wanted:
        wanted.append(229)
    wanted += wanted[:1] * (_DAYS - len(wanted))
    rows = _BORN.all(connection, **{f"day{n}": day for n, day in enumerate(wanted)})
    return [BornRow(*row) for row in rows]


def forget(connection: Connection, business_id: int, customer_id: bytes) -> None:
    """Delete a person and all they said; their cards stay, without a name."""
    _UNNAME.run(connection, business_id=business_id, customer_id=customer_id)
    _FORGET_CONSENTS.run(connection, business_id=business_id, customer_id=customer_id)
    _FORGET_BIRTHDAY.run(connection, business_id=business_id, customer_id=customer_id)
    _FORGET.run(connection, business_id=business_id, customer_id=customer_id)


def _set_birthday(connection: Connection, business_id: int, row: CustomerRow) -> None:
    if row.birthday is not None:
        month, day = row.birthday
        _ADD_BIRTHDAY.run(connection, business_id=business_id, customer_id=row.id, month=month, day=day)


def _values(row: CustomerRow) -> dict[str, str]:
    return {
        "new_name": row.name,
        "new_phone": row.phone,
        "new_email": row.email,
        "new_language": row.language,
        "new_search": row.search,
    }
