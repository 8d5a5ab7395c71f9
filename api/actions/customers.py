"""What a customer leaves with a card: written down, replaced, forgotten; and how it is folded to be found again."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.ids import new_id
from api.store import cases, customers, ledger
from api.store.customers import ConsentRow, CustomerRow

# What a customer may agree to: to be sent news, and that their birthday is kept.
NEWS, BIRTHDAY = "news", "birthday"
_IN_A_NUMBER = frozenset("0123456789 +-()./")
# Letters that are written with a stroke, which Unicode does not take apart.
_STROKES = str.maketrans("łøđħŧ", "lodht")


@dataclass(frozen=True, slots=True)
class Person:
    """What a customer says about themselves. news: may they be sent news; wording: the words they were asked with.

    birthday: month and day, kept for the stamps it brings; birthday_wording: the words they agreed to that with.
    """

    name: str
    phone: str
    email: str
    language: str
    news: bool
    wording: str
    birthday: tuple[int, int] | None = None
    birthday_wording: str = ""


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
        birthday=person.birthday,
    )
    if before is None:
        customers.add(connection, business_id, card_id, row, at=now)
    else:
        customers.save(connection, business_id, row, at=now)
    said = customers.consents(connection, business_id, row.id)
    answers = (
        (NEWS, person.news, person.wording),
        (BIRTHDAY, person.birthday is not None, person.birthday_wording),
    )
    for kind, granted, wording in answers:
        if granted != has_agreed(said, kind):
            consent = ConsentRow(kind, granted, wording, now)
            customers.add_consent(connection, business_id, row.id, new_id(now), consent)


def has_agreed(said: Sequence[ConsentRow], kind: str) -> bool:
    """Is the last thing they said about this a yes? said: newest first."""
    return next((consent.granted for consent in said if consent.kind == kind), False)


def forget(connection: Connection, business_id: int, card_id: bytes) -> None:
    """Delete whoever left something with this card, and how to reach them; the card and its history stay."""
    cases.forget_contacts(connection, business_id, card_id)
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
