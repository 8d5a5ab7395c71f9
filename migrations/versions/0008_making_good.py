"""Making good: what a business allows, the cases, what was given for them, and the vouchers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "goodwill_policies",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("monthly_budget", sa.BigInteger(), nullable=True),
        sa.Column("staff_per_case", sa.BigInteger(), nullable=False),
        sa.Column("staff_per_day", sa.BigInteger(), nullable=False),
        sa.Column("voucher_days", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("monthly_budget >= 0", name=op.f("ck_goodwill_policies_monthly_budget")),
        sa.CheckConstraint("staff_per_case >= 0 AND staff_per_day >= 0", name=op.f("ck_goodwill_policies_staff")),
        sa.CheckConstraint("voucher_days BETWEEN 1 AND 730", name=op.f("ck_goodwill_policies_voucher_days")),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_goodwill_policies_business_id")),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_goodwill_policies")),
    )
    op.create_table(
        "cases",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("put_right", sa.Text(), nullable=True),
        sa.CheckConstraint("put_right IN ('yes', 'no')", name=op.f("ck_cases_put_right")),
        sa.CheckConstraint("source IN ('phone', 'till', 'console', 'software')", name=op.f("ck_cases_source")),
        sa.CheckConstraint("state IN ('open', 'offered', 'settled', 'declined')", name=op.f("ck_cases_state")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_cases_cost")),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("ck_cases_severity")),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"], ["cards.business_id", "cards.id"], name=op.f("fk_cases_business_id_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "shop_id"], ["shops.business_id", "shops.id"], name=op.f("fk_cases_business_id_shop_id")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_cases_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_card",
        "cases",
        ["business_id", "card_id", "opened_at"],
        unique=False,
        sqlite_where=sa.text("card_id IS NOT NULL"),
        postgresql_where=sa.text("card_id IS NOT NULL"),
    )
    op.create_index("ix_cases_opened", "cases", ["business_id", "opened_at", "id"], unique=False)
    op.create_table(
        "vouchers",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("reason_kind", sa.Text(), nullable=False),
        sa.Column("reason_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'percent') = (percent BETWEEN 1 AND 100) AND (kind = 'amount') = (amount > 0)",
            name=op.f("ck_vouchers_worth"),
        ),
        sa.CheckConstraint("kind IN ('item', 'percent', 'amount')", name=op.f("ck_vouchers_kind")),
        sa.CheckConstraint("(card_id IS NULL) <> (code_hash IS NULL)", name=op.f("ck_vouchers_on_a_card_or_a_slip")),
        sa.CheckConstraint("cost >= 0 AND expires_at > issued_at", name=op.f("ck_vouchers_cost_and_end")),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"], ["cards.business_id", "cards.id"], name=op.f("fk_vouchers_business_id_card_id")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_vouchers_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("business_id", "code_hash", name=op.f("uq_vouchers_business_id_code_hash")),
        sa.UniqueConstraint(
            "business_id", "reason_kind", "reason_id", name=op.f("uq_vouchers_business_id_reason_kind_reason_id")
        ),
    )
    op.create_index(
        "ix_vouchers_card",
        "vouchers",
        ["business_id", "card_id", "id"],
        unique=False,
        sqlite_where=sa.text("card_id IS NOT NULL"),
        postgresql_where=sa.text("card_id IS NOT NULL"),
    )
    op.create_table(
        "case_lines",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("cost", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rating", sa.Text(), nullable=True),
        sa.CheckConstraint("(kind = 'rated') = (rating IS NOT NULL)", name=op.f("ck_case_lines_rating")),
        sa.CheckConstraint(
            "kind IN ('opened', 'note', 'offered', 'approved', 'settled', 'declined', 'rated', 'withdrawn')",
            name=op.f("ck_case_lines_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "case_id"],
            ["cases.business_id", "cases.id"],
            name=op.f("fk_case_lines_business_id_case_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "case_id", "number", name=op.f("pk_case_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goodwill_gifts",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason_kind", sa.Text(), nullable=False),
        sa.Column("reason_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("till_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("bonus_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("reason_kind = 'case'", name=op.f("ck_goodwill_gifts_reason_kind")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_goodwill_gifts_cost")),
        sa.ForeignKeyConstraint(
            ["business_id", "bonus_id"],
            ["events.business_id", "events.id"],
            name=op.f("fk_goodwill_gifts_business_id_bonus_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "staff_id"],
            ["staff.business_id", "staff.id"],
            name=op.f("fk_goodwill_gifts_business_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "till_id"],
            ["tills.business_id", "tills.id"],
            name=op.f("fk_goodwill_gifts_business_id_till_id"),
        ),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_goodwill_gifts_business_id")),
        sa.PrimaryKeyConstraint("business_id", "reason_kind", "reason_id", name=op.f("pk_goodwill_gifts")),
        sa.UniqueConstraint("business_id", "bonus_id", name=op.f("uq_goodwill_gifts_business_id_bonus_id")),
    )
    op.create_index("ix_goodwill_gifts_given", "goodwill_gifts", ["business_id", "given_at"], unique=False)
    op.create_table(
        "voucher_uses",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("voucher_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("till_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "shop_id"],
            ["shops.business_id", "shops.id"],
            name=op.f("fk_voucher_uses_business_id_shop_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "staff_id"],
            ["staff.business_id", "staff.id"],
            name=op.f("fk_voucher_uses_business_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "till_id"],
            ["tills.business_id", "tills.id"],
            name=op.f("fk_voucher_uses_business_id_till_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "voucher_id"],
            ["vouchers.business_id", "vouchers.id"],
            name=op.f("fk_voucher_uses_business_id_voucher_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_voucher_uses")),
    )
    op.create_index(
        "uq_voucher_uses_standing",
        "voucher_uses",
        ["business_id", "voucher_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    _append_only()


def _append_only() -> None:
    """The database itself refuses to change or delete a line of a case."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_lines_no_{verb.lower()} BEFORE {verb} ON case_lines "
                "BEGIN SELECT RAISE(ABORT, 'the lines of a case are append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION case_lines_are_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the lines of a case are append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_lines_no_change BEFORE UPDATE OR DELETE ON case_lines "
        "FOR EACH ROW EXECUTE FUNCTION case_lines_are_append_only()"
    )
    op.execute(
        "CREATE TRIGGER case_lines_no_truncate BEFORE TRUNCATE ON case_lines "
        "FOR EACH STATEMENT EXECUTE FUNCTION case_lines_are_append_only()"
    )
