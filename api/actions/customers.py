"""What a customer leaves with a card: written down, replaced, forgotten; and how it is folded to be found again."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import Connection

from api.ids import new_id
from api.store import customers, ledger
from api.store.customers import ConsentRow, CustomerRow

_IN_A_NUMBER = frozenset("0123456789 +-()./")
# Letters that are written with a stroke, which Unicode does not take apart.
_STROKES = str.maketrans("łøđħŧ", "lodht")


@dataclass(frozen=True, slots=True)
class Person:
    """What a customer says about themselves. news: may they be sent news; wording: the words they were asked with."""

    name: str
    phone: str
    email: str
    language: str
    news: bool
    wording: str


def put(connection: Connection, business_id: int, card_id: bytes, person: Person, *, now: int) -> None:
    """Write down what a customer says instead of all they said before; a changed yes or no joins the old one."""
    ledger.lock_by_id(connection, business_id, event_id=b"", till_id=None, card_id=card_id)  # one writer at a time
    before = customers.of_card(connection, business_id, card_id)
    row = CustomerRow(
        id=before.id if before else new_id(now),
        name=person.name,
        phone=person.phone,
        email=person.email,
        language=person.language,
        search=fold(f"{person.name} {person.email} {digits(person.phone)}"),
    )
    if before is None:
        customers.add(connection, business_id, card_id, row, at=now)
    else:
        customers.save(connection, business_id, row, at=now)
    said = customers.consents(connection, business_id, row.id)
    if person.news != (said[0].granted if said else False):
        consent = ConsentRow("news", person.news, person.wording, now)
        customers.add_consent(connection, business_id, row.id, new_id(now), consent)


def forget(connection: Connection, business_id: int, card_id: bytes) -> None:
    """Delete whoever left something with this card; the card and its history stay."""
    row = customers.of_card(connection, business_id, card_id)
    if row is not None:
        customers.forget(connection, business_id, row.id)


def fold(text: str) -> str:
    """Text as it is searched: small letters without accents, so that "lukasz" finds Łukasz."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_STROKES)


def search_words(text: str) -> list[str]:
    """What to look for when somebody types this; a number typed with spaces is one word."""
    is_number = any(letter.isdecimal() for letter in text) and not set(text) - _IN_A_NUMBER
    return [digits(text)] if is_number else fold(text).split()


def digits(phone: str) -> str:
    """A phone number without what people put between its digits."""
    return "".join(letter for letter in phone if letter.isdecimal())
