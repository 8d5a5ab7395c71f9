"""Reading across cards, for reports and checks; nothing here writes."""

from collections.abc import Iterator

from sqlalchemy import Connection, and_, bindparam, or_, select

from api.db import Statement
from api.store.ledger import CardRow, card_row, cards_joined
from api.tables.cards import Card
from api.tables.programmes import Programme, ProgrammeVersion

_PAGE = 1000
_CARDS = Statement(
    cards_joined()
    .where(
        or_(
            Card.business_id > bindparam("business_id"),
            and_(Card.business_id == bindparam("business_id"), Card.id > bindparam("card_id")),
        )
    )
    .order_by(Card.business_id, Card.id)
    .limit(_PAGE)
)
_EXPIRING = Statement(
    select(Card.business_id, Card.id)
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
        Card.last_stamp_at.is_not(None),
        or_(
            and_(ProgrammeVersion.stamps_expire_days > 0, Card.total > Card.round_start),
            and_(
                ProgrammeVersion.rewards_expire_days > 0,
                or_(Card.earned + Card.rewards > 0, Card.tiers.is_not(None)),
            ),
        ),
    )
)


def every_card(connection: Connection) -> Iterator[CardRow]:
    """Every card of every business, a page at a time."""
    business_id, card_id = -1, b""
    while rows := _CARDS.all(connection, business_id=business_id, card_id=card_id):
        for row in rows:
            yield card_row(row)
        business_id, card_id = rows[-1][0], rows[-1][1]


def cards_with_expiry(connection: Connection) -> Iterator[tuple[int, bytes]]:
    """Cards that hold something which may run out."""
    for row in _EXPIRING.all(connection):
        yield row[0], row[1]
