"""Reading across cards and campaigns, for reports and checks; nothing here writes."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from api.db import Statement
from api.store.ledger import CardRow, card_row, cards_joined
from api.tables.campaigns import Campaign, CampaignGift
from api.tables.cards import Card
from api.tables.events import Event
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
_void = aliased(Event)
_given = (
    CampaignGift.business_id, CampaignGift.campaign_id, Card.programme_id, Event.version, Event.stamps, Event.rewards,
)  # fmt: skip
_GIVEN = Statement(
    select(*_given, func.count())
    .join(Event, and_(Event.business_id == CampaignGift.business_id, Event.id == CampaignGift.bonus_id))
    .join(Card, and_(Card.business_id == Event.business_id, Card.id == Event.card_id))
    .outerjoin(
        _void,
        and_(_void.business_id == Event.business_id, _void.ref == Event.id, _void.kind == literal_column("'void'")),
    )
    .where(_void.id.is_(None))
    .group_by(*_given)
)
_CAMPAIGNS = Statement(
    select(Campaign.business_id, Campaign.id, Campaign.name, Campaign.spent, Campaign.gifts).order_by(
        Campaign.business_id, Campaign.id
    )
)


class GivenRow(NamedTuple):
    """Gifts of a campaign that are in the ledger and not undone, counted by what they are and under which terms."""

    business_id: int
    campaign_id: bytes
    programme_id: bytes
    version: int
    stamps: int
    rewards: int
    n: int


class SpentRow(NamedTuple):
    """What is kept of a campaign: what its gifts cost, in the smallest unit, and how many they are."""

    business_id: int
    campaign_id: bytes
    name: str
    spent: int
    gifts: int


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


def every_campaign(connection: Connection) -> list[SpentRow]:
    """What is kept of every campaign of every business."""
    return [SpentRow(*row) for row in _CAMPAIGNS.all(connection)]


def every_gift(connection: Connection) -> list[GivenRow]:
    """What campaigns gave, by the lines of the ledger."""
    return [GivenRow(*row) for row in _GIVEN.all(connection)]
