"""What a till may do on its own, what is missing of what it saw, staff's own cards, and lines that look odd later."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBERS = {
    "offline_per_card": "1",
    "offline_per_till": "3",
    "offline_hours": "24",
    "watch_card_hour": "3",
    "watch_card_day": "8",
    "watch_staff_hour": "120",
    "quiet_from": "1380",
    "quiet_until": "300",
}


def upgrade() -> None:
    op.add_column("businesses", sa.Column("offline_redeem", sa.Text(), server_default="limited", nullable=False))
    for name, default in _NUMBERS.items():
        op.add_column("businesses", sa.Column(name, sa.Integer(), server_default=default, nullable=False))
    op.add_column("tills", sa.Column("last_sequence", sa.BigInteger(), nullable=True))
    op.add_column("tills", sa.Column("clock_ahead_ms", sa.BigInteger(), nullable=True))
    op.create_table(
        "gaps",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("till_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.Column("noticed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "till_id"], ["tills.business_id", "tills.id"], name=op.f("fk_gaps_business_id_tills")
        ),
        sa.PrimaryKeyConstraint("business_id", "till_id", "first", name=op.f("pk_gaps")),
    )
    op.create_table(
        "own_cards",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"], ["cards.business_id", "cards.id"], name=op.f("fk_own_cards_business_id_cards")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "staff_id"], ["staff.business_id", "staff.id"], name=op.f("fk_own_cards_business_id_staff")
        ),
        sa.PrimaryKeyConstraint("business_id", "card_id", name=op.f("pk_own_cards")),
    )
    op.create_table(
        "late_flags",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "event_id"], ["events.business_id", "events.id"],
            name=op.f("fk_late_flags_business_id_events"),
        ),
        sa.PrimaryKeyConstraint("business_id", "event_id", name=op.f("pk_late_flags")),
    )  # fmt: skip
