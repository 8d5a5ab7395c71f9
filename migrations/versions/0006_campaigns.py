"""Campaigns, when they paused, and what they gave."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(length=16), nullable=False)


def _business() -> sa.Column:
    return sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "campaigns",
        _business(),
        _id("id"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stamps", sa.Integer(), nullable=False),
        sa.Column("rewards", sa.Integer(), nullable=False),
        sa.Column("per", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("quiet_days", sa.Integer(), nullable=False),
        sa.Column("first_cards", sa.Integer(), nullable=False),
        sa.Column("hold_out", sa.Integer(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gifts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('hours', 'item', 'come_back', 'first')", name=op.f("ck_campaigns_kind")),
        sa.CheckConstraint("spent >= 0 AND (budget = 0 OR spent <= budget)", name=op.f("ck_campaigns_budget")),
        sa.CheckConstraint(
            "gifts >= 0 AND (first_cards = 0 OR gifts <= first_cards)", name=op.f("ck_campaigns_first_cards")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_campaigns_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "campaign_breaks",
        _business(),
        _id("id"),
        _id("campaign_id"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.CheckConstraint("reason IN ('paused', 'used_up')", name=op.f("ck_campaign_breaks_reason")),
        sa.ForeignKeyConstraint(
            ["business_id", "campaign_id"],
            ["campaigns.business_id", "campaigns.id"],
            name=op.f("fk_campaign_breaks_business_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_campaign_breaks")),
    )
    op.create_index(
        "uq_campaign_breaks_open",
        "campaign_breaks",
        ["business_id", "campaign_id"],
        unique=True,
        sqlite_where=sa.text("until_at IS NULL"),
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "campaign_gifts",
        _business(),
        _id("card_id"),
        _id("stamp_id"),
        _id("campaign_id"),
        _id("bonus_id"),
        sa.Column("stamps", sa.Integer(), nullable=False),
        sa.Column("rewards", sa.Integer(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"],
            ["cards.business_id", "cards.id"],
            name=op.f("fk_campaign_gifts_business_id_card_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "campaign_id"],
            ["campaigns.business_id", "campaigns.id"],
            name=op.f("fk_campaign_gifts_business_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "card_id", "stamp_id", "campaign_id", name=op.f("pk_campaign_gifts")),
    )
