"""Staff's own cards, which they cannot stamp themselves."""

from sqlalchemy import Connection, and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from api.db import Statement
from api.tables.cards import Card
from api.tables.shops import OwnCard

_B = bindparam("business_id")
_ALL = Statement(
    select(OwnCard.staff_id, Card.id, Card.code_number, Card.short_number)
    .join(Card, and_(Card.business_id == OwnCard.business_id, Card.id == OwnCard.card_id))
    .where(OwnCard.business_id == _B)
    .order_by(OwnCard.card_id)
)
_add = insert(OwnCard).values({name: bindparam(name) for name in ("business_id", "card_id", "staff_id")})
_ADD = Statement(
    _add.on_conflict_do_update(index_elements=["business_id", "card_id"], set_={"staff_id": _add.excluded.staff_id})
)
_REMOVE = Statement(
    delete(OwnCard).where(
        OwnCard.business_id == _B,
        OwnCard.card_id == bindparam("of_card"),
        OwnCard.staff_id == bindparam("of_staff"),
    )
)


def by_staff(connection: Connection, business_id: int) -> dict[bytes, list[tuple[bytes, int, int]]]:
    """Everyone's own cards: id, and the numbers of the long and the short code."""
    found: dict[bytes, list[tuple[bytes, int, int]]] = {}
    for staff_id, *card in _ALL.all(connection, business_id=business_id):
        found.setdefault(staff_id, []).append((card[0], card[1], card[2]))
    return found


def add(connection: Connection, business_id: int, staff_id: bytes, card_id: bytes) -> None:
    """The card belongs to this one of the staff, and to nobody else of them."""
    _ADD.run(connection, business_id=business_id, staff_id=staff_id, card_id=card_id)


def remove(connection: Connection, business_id: int, staff_id: bytes, card_id: bytes) -> bool:
    """It is not theirs (any more). False when it was not."""
    return _REMOVE.run(connection, business_id=business_id, of_staff=staff_id, of_card=card_id) > 0
