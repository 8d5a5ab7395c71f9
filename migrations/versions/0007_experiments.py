"""Experiments on new cards, and the cards in them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(length=16), nullable=False)


def _business() -> sa.Column:
    return sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False)


def _belongs_to(table: str, there: str, column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_business_id_{column}")
    return sa.ForeignKeyConstraint(["business_id", column], [f"{there}.business_id", f"{there}.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "experiments",
        _business(),
        _id("id"),
        _id("programme_id"),
        sa.Column("control_version", sa.Integer(), nullable=False),
        _id("treatment_id"),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("planned_cards", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_by", sa.Text(), nullable=True),
        sa.Column("cut_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("share BETWEEN 10 AND 90", name=op.f("ck_experiments_share")),
        _belongs_to("experiments", "programmes", "programme_id"),
        _belongs_to("experiments", "programmes", "treatment_id"),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_experiments")),
        sa.UniqueConstraint("business_id", "treatment_id", name=op.f("uq_experiments_business_id_treatment_id")),
    )
    op.create_index(
        "uq_experiments_running",
        "experiments",
        ["business_id", "programme_id"],
        unique=True,
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "experiment_cards",
        _business(),
        _id("experiment_id"),
        _id("card_id"),
        sa.Column("treated", sa.Boolean(), nullable=False),
        _belongs_to("experiment_cards", "experiments", "experiment_id"),
        _belongs_to("experiment_cards", "cards", "card_id"),
        sa.PrimaryKeyConstraint("business_id", "experiment_id", "card_id", name=op.f("pk_experiment_cards")),
    )
