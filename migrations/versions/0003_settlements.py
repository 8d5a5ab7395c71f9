"""The owner's decisions about what was set aside: appended, and the database refuses to change them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:

    op.create_table(
        "settlements",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=True),
        sa.CheckConstraint(
            "(subject = 'kept' AND verdict IN ('applied', 'dismissed')) "
            "OR (subject = 'flag' AND verdict IN ('fine', 'undone'))",
            name=op.f("ck_settlements_verdict"),
        ),
        sa.PrimaryKeyConstraint("business_id", "subject", "id", "content", name=op.f("pk_settlements")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER settlements_no_{verb.lower()} BEFORE {verb} ON settlements "
                "BEGIN SELECT RAISE(ABORT, 'settlements are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION settlements_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'settlements are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER settlements_no_change BEFORE UPDATE OR DELETE ON settlements "
        "FOR EACH ROW EXECUTE FUNCTION settlements_are_append_only()"
    )
    op.execute(
        "CREATE TRIGGER settlements_no_truncate BEFORE TRUNCATE ON settlements "
        "FOR EACH STATEMENT EXECUTE FUNCTION settlements_are_append_only()"
    )
