"""Tiers and choices, cards that count money, birthdays, and versions that begin at a set time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("programme_versions", sa.Column("stamp_for", sa.Text(), server_default="item", nullable=False))
    for name in ("spend_per_stamp", "birthday_stamps"):
        op.add_column("programme_versions", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    for name in ("choices", "tiers"):
        op.add_column("programme_versions", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("events", sa.Column("tier", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("item", sa.Text(), nullable=True))
    op.add_column("events", sa.Column("amount", sa.BigInteger(), nullable=True))
    op.add_column("cards", sa.Column("unit", sa.Integer(), nullable=True))
    op.add_column("cards", sa.Column("tiers", sa.Text(), nullable=True))
    # A card that counts money soon outgrows 31 bits; SQLite's integers are long already.
    if op.get_bind().dialect.name == "postgresql":
        for name in ("round_need", "total", "round_start", "anchor"):
            op.alter_column("cards", name, type_=sa.BigInteger())
    op.create_table(
        "birthdays",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"], ["customers.business_id", "customers.id"],
            name=op.f("fk_birthdays_business_id_customers"),
        ),
        sa.PrimaryKeyConstraint("business_id", "customer_id", name=op.f("pk_birthdays")),
    )  # fmt: skip
    op.create_table(
        "scheduled_versions",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("programme_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("expected_version", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'withdrawn', 'stale')", name=op.f("ck_scheduled_versions_state")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "programme_id"], ["programmes.business_id", "programmes.id"],
            name=op.f("fk_scheduled_versions_business_id_programmes"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_scheduled_versions")),
    )  # fmt: skip
