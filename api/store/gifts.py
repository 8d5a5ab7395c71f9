"""What campaigns have given to cards, paid from their budgets: noted with each gift, and taken back with its visit."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, insert, literal_column, or_, select, update

from api.db import Statement
from api.store import campaigns
from api.tables.campaigns import Campaign, CampaignGift


@dataclass(frozen=True, slots=True)
class GiftRow:
    """What a campaign added to one stamp, and the bonus line it became."""

    campaign_id: bytes
    stamp_id: bytes
    bonus_id: bytes
    stamps: int
    rewards: int
    cost: int


@dataclass(frozen=True, slots=True)
class GivenThen:
    """What a campaign gave in some time and has not taken back: how often, and what. cost: in the smallest unit."""

    campaign_id: bytes
    gifts: int
    stamps: int
    rewards: int
    cost: int


@dataclass(frozen=True, slots=True)
class Given:
    """What a campaign has given and not taken back: to how many cards, and how much."""

    cards: int
    stamps: int
    rewards: int


_B, _ID, _CARD, _AT = bindparam("business_id"), bindparam("campaign_id"), bindparam("card_id"), bindparam("at")
_this = and_(Campaign.business_id == _B, Campaign.id == _ID)
_ZERO, _ONE_MORE = literal_column("0"), literal_column("1")
_PAY = Statement(
    update(Campaign)
    .where(
        _this,
        or_(Campaign.budget == _ZERO, Campaign.spent + bindparam("cost") <= Campaign.budget),
        or_(Campaign.first_cards == _ZERO, Campaign.gifts < Campaign.first_cards),
    )
    .values(spent=Campaign.spent + bindparam("cost"), gifts=Campaign.gifts + _ONE_MORE)
    .returning(Campaign.spent, Campaign.gifts)
)
_REFUND = Statement(
    update(Campaign).where(_this).values(spent=Campaign.spent - bindparam("cost"), gifts=Campaign.gifts - _ONE_MORE)
)
_G = CampaignGift
_standing = and_(_G.business_id == _B, _G.taken_back_at.is_(None))
_NOTE = Statement(
    insert(_G).values(
        {
            name: bindparam(name)
            for name in (
                "business_id", "card_id", "stamp_id", "campaign_id", "bonus_id", "stamps", "rewards", "cost",
                "given_at",
            )
        }
    )
)  # fmt: skip
_WITH = Statement(
    select(_G.campaign_id, _G.stamp_id, _G.bonus_id, _G.stamps, _G.rewards, _G.cost)
    .where(
        _standing, _G.card_id == _CARD, or_(_G.stamp_id == bindparam("event_id"), _G.bonus_id == bindparam("event_id"))
    )
    .order_by(_G.campaign_id)
)
_TAKE_BACK = Statement(
    update(_G)
    .where(_standing, _G.card_id == _CARD, _G.stamp_id == bindparam("of_stamp"), _G.campaign_id == _ID)
    .values(taken_back_at=_AT)
)
_OF_CARD = Statement(select(_G.campaign_id).where(_standing, _G.card_id == _CARD))
_GIVEN = Statement(
    select(func.count(_G.card_id.distinct()), func.sum(_G.stamps), func.sum(_G.rewards)).where(
        _standing, _G.campaign_id == _ID
    )
)

_GIVEN_BETWEEN = Statement(
    select(_G.campaign_id, func.count(), func.sum(_G.stamps), func.sum(_G.rewards), func.sum(_G.cost))
    .where(_standing, _G.given_at >= bindparam("since"), _G.given_at < bindparam("until"))
    .group_by(_G.campaign_id)
)


def pay(connection: Connection, business_id: int, campaign_id: bytes, cost: int) -> tuple[int, int] | None:
    """Pay for one gift: what is spent now, and how many gifts that is.

    None when the budget has not that much left, or the first cards have had theirs: then nothing is paid.
    """
    rows = _PAY.all(connection, business_id=business_id, campaign_id=campaign_id, cost=cost)
    return (rows[0][0], rows[0][1]) if rows else None


def note(connection: Connection, business_id: int, card_id: bytes, gift: GiftRow, *, at: int) -> None:
    """Write down what a campaign added to a stamp. Raises IntegrityError when it has added to it before."""
    _NOTE.run(
        connection, business_id=business_id, card_id=card_id, stamp_id=gift.stamp_id, campaign_id=gift.campaign_id,
        bonus_id=gift.bonus_id, stamps=gift.stamps, rewards=gift.rewards, cost=gift.cost, given_at=at,
    )  # fmt: skip


def gifts_with(connection: Connection, business_id: int, card_id: bytes, event_id: bytes) -> list[GiftRow]:
    """What campaigns added to this stamp of a card, or the gift that this bonus line is; not what was taken back."""
    rows = _WITH.all(connection, business_id=business_id, card_id=card_id, event_id=event_id)
    return [GiftRow(*row) for row in rows]


def take_back(connection: Connection, business_id: int, card_id: bytes, gift: GiftRow, *, at: int) -> None:
    """A gift has been undone: what it cost can be given again."""
    _TAKE_BACK.run(
        connection, business_id=business_id, card_id=card_id, of_stamp=gift.stamp_id, campaign_id=gift.campaign_id,
        at=at,
    )  # fmt: skip
    _REFUND.run(connection, business_id=business_id, campaign_id=gift.campaign_id, cost=gift.cost)
    campaigns.go_on(connection, business_id, gift.campaign_id, "used_up", at=at)


def had_by(connection: Connection, business_id: int, card_id: bytes) -> set[bytes]:
    """The campaigns whose gift this card has had."""
    return {row[0] for row in _OF_CARD.all(connection, business_id=business_id, card_id=card_id)}


def given(connection: Connection, business_id: int, campaign_id: bytes) -> Given:
    """What a campaign has given."""
    row = _GIVEN.one(connection, business_id=business_id, campaign_id=campaign_id) or (0, 0, 0)
    return Given(int(row[0]), int(row[1] or 0), int(row[2] or 0))


def given_between(connection: Connection, business_id: int, since: int, until: int) -> list[GivenThen]:
    """What each campaign gave between two moments (ms since 1970), the second not included."""
    rows = _GIVEN_BETWEEN.all(connection, business_id=business_id, since=since, until=until)
    return [GivenThen(row[0], *map(int, row[1:])) for row in rows]
