"""Who a card belongs to, if they chose to say so: for the customer and the owner, nobody else."""

from typing import Annotated, Any

from flask import Blueprint
from pydantic import Field, StringConstraints

from api import db
from api.actions import customers as actions
from api.actions.customers import Person
from api.errors import Problem
from api.ids import moment_text
from api.routes.cards import find_card
from api.routes.door import Asked, route
from api.shapes import Email, Language, Moment, Name, Shape
from api.store import customers
from api.store.ledger import CardRow
from api.words import say

bp = Blueprint("customers", __name__, url_prefix="/api/v1")

_NUMBER = r"^\+?[ ()./-]*[0-9][0-9 ()./-]*$"
# A month and a day, like 02-29, of those there are in some year.
_DAY = r"(?:0[1-9]|[12][0-9]"
_MONTH_DAY = rf"^(?:(?:0[13578]|1[02])-{_DAY}|3[01])|(?:0[469]|11)-{_DAY}|30)|02-{_DAY}))$"
Birthday = Annotated[str, StringConstraints(pattern=_MONTH_DAY)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=_NUMBER)]


class ConsentsIn(Shape):
    """What the customer says yes or no to."""

    news: bool = False


class CustomerIn(Shape):
    """What a customer says about themselves; all of it may be left out."""

    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    language: Language | None = None
    birthday: Birthday | None = Field(default=None, description="Month and day; whoever gives it lets it be kept.")
    consents: ConsentsIn = Field(default_factory=ConsentsIn)


class ConsentFace(Shape):
    """One yes or no, with the words it was given to."""

    kind: str
    granted: bool
    wording: str
    at: Moment


class CustomerFace(Shape):
    """What a customer has said; consent_history: every yes and no, newest first."""

    name: str | None
    phone: str | None
    email: str | None
    language: str | None
    birthday: Birthday | None
    consents: ConsentsIn
    consent_history: list[ConsentFace]


@route(
    bp,
    "GET",
    "/cards/<code>/customer",
    who=("customer", "owner"),
    answer=CustomerFace,
    problems=("unknown_card", "no_customer"),
)
def show_customer(asked: Asked, code: str) -> Any:
    """What the customer has left with this card."""
    with db.reading() as connection:
        card, _ = find_card(connection, asked, code, own=True)
        return _face(connection, card)


@route(
    bp,
    "PUT",
    "/cards/<code>/customer",
    who=("customer", "owner"),
    body=CustomerIn,
    answer=CustomerFace,
    problems=("unknown_card",),
)
def put_customer(asked: Asked, code: str) -> Any:
    """Leave a name, a phone number, an e-mail address, instead of what was left before."""
    with db.reading() as connection:
        card, _ = find_card(connection, asked, code, own=True)
    body = asked.body
    person = Person(
        name=body.name or "",
        phone=body.phone or "",
        email=body.email or "",
        language=body.language or "",
        news=body.consents.news,
        wording=_wording(asked, card),
        birthday=None if body.birthday is None else (int(body.birthday[:2]), int(body.birthday[3:])),
        birthday_wording=say(body.language or card.language, "customer.consent_birthday", business=card.business_name),
    )
    asked.write(lambda connection: actions.put(connection, card.business_id, card.id, person, now=asked.now))
    asked.live.changed(card.id)
    with db.reading() as connection:
        return _face(connection, card)


@route(bp, "DELETE", "/cards/<code>/customer", who=("customer", "owner"), status=204, problems=("unknown_card",))
def forget_customer(asked: Asked, code: str) -> None:
    """Forget the person. The card, its stamps and its rewards stay."""
    with db.reading() as connection:
        card, _ = find_card(connection, asked, code, own=True)
    asked.write(lambda connection: actions.forget(connection, card.business_id, card.id))
    asked.live.changed(card.id)


def _wording(asked: Asked, card: CardRow) -> str:
    """The sentence that was ticked: the customer's own page has one, the owner's another."""
    language = asked.body.language or card.language
    if asked.who.kind == "owner":
        return f"{say(card.language, 'console.customer.consent')} ({asked.who.caller.name})"
    return say(language, "customer.consent_news", business=card.business_name)


def _face(connection: Any, card: CardRow) -> dict[str, Any]:
    row = customers.of_card(connection, card.business_id, card.id)
    if row is None:
        raise Problem("no_customer")
    said = customers.consents(connection, card.business_id, row.id)
    return {
        "name": row.name or None,
        "phone": row.phone or None,
        "email": row.email or None,
        "language": row.language or None,
        "birthday": None if row.birthday is None else "{:02}-{:02}".format(*row.birthday),
        "consents": {"news": actions.has_agreed(said, actions.NEWS)},
        "consent_history": [
            {"kind": line.kind, "granted": line.granted, "wording": line.wording, "at": moment_text(line.at)}
            for line in said
        ],
    }
