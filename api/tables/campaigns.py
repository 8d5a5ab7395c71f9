"""Campaigns, when they paused, and what they gave."""

from sqlalchemy import CheckConstraint, Index

from api.db import db
from api.tables.columns import belongs_to, id_, long_number, moment, number, text


class Campaign(db.Model):
    """A campaign: what it gives and to whom, as in rules/campaigns.py, and for how much money at most (0: any).

    weekdays: digits from 1 (Monday) to 7. spent, gifts: what those gifts cost that have not been taken back, and how
    many they are. ended_by: the owner who ended it before its time.
    """

    __tablename__ = "campaigns"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    name = text()
    kind = text()
    stamps = number()
    rewards = number()
    per = text()
    weekdays = text()
    from_minute = number()
    until_minute = number()
    item = text()
    quiet_days = number()
    first_cards = number()
    hold_out = number()
    budget = long_number()
    spent = long_number(server_default="0")
    gifts = number(server_default="0")
    starts_at = moment()
    ends_at = moment(nullable=True)
    ended_by = text(nullable=True)
    author = text()
    created_at = moment()
    __table_args__ = (
        belongs_to("businesses"),
        CheckConstraint("kind IN ('hours', 'item', 'come_back', 'first')", name="kind"),
        # Whatever goes wrong elsewhere: no campaign costs more than it may.
        CheckConstraint("spent >= 0 AND (budget = 0 OR spent <= budget)", name="budget"),
        CheckConstraint("gifts >= 0 AND (first_cards = 0 OR gifts <= first_cards)", name="first_cards"),
    )


class CampaignBreak(db.Model):
    """A time in which a campaign gave nothing: the owner paused it, or there was nothing left to give."""

    __tablename__ = "campaign_breaks"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    campaign_id = id_()
    reason = text()
    from_at = moment()
    until_at = moment(nullable=True)
    author = text(nullable=True)
    __table_args__ = (
        belongs_to("campaigns", "campaign_id"),
        CheckConstraint("reason IN ('paused', 'used_up')", name="reason"),
        # One at a time, however many tills find at once that nothing is left.
        Index(
            "uq_campaign_breaks_open",
            "business_id",
            "campaign_id",
            unique=True,
            sqlite_where=db.text("until_at IS NULL"),
            postgresql_where=db.text("until_at IS NULL"),
        ),
    )


class CampaignGift(db.Model):
    """What a campaign added to one stamp of a card: the bonus line it became, and its cost in the smallest unit."""

    __tablename__ = "campaign_gifts"
    business_id = number(primary_key=True, autoincrement=False)
    card_id = id_(primary_key=True)
    stamp_id = id_(primary_key=True)
    campaign_id = id_(primary_key=True)
    bonus_id = id_()
    stamps = number()
    rewards = number()
    cost = long_number()
    given_at = moment()
    taken_back_at = moment(nullable=True)
    __table_args__ = (belongs_to("cards", "card_id"), belongs_to("campaigns", "campaign_id"))
