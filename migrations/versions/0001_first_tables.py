"""The first tables: businesses, shops, tills, people, programmes, cards, and the ledger that refuses to be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "answers",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(key) <= 200", name=op.f("ck_answers_key_length")),
        sa.PrimaryKeyConstraint("business_id", "caller", "key", name=op.f("pk_answers")),
    )
    op.create_table(
        "asides",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=False),
        sa.Column("waits_for", sa.LargeBinary(length=16), nullable=True),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("till_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('kept', 'refused', 'taken')", name=op.f("ck_asides_status")),
        sa.PrimaryKeyConstraint("business_id", "id", "content", name=op.f("pk_asides")),
    )
    op.create_index(
        "ix_asides_waits_for",
        "asides",
        ["business_id", "waits_for"],
        unique=False,
        sqlite_where=sa.text("waits_for IS NOT NULL"),
        postgresql_where=sa.text("waits_for IS NOT NULL"),
    )
    op.create_table(
        "businesses",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lock_after_seconds", sa.Integer(), server_default="120", nullable=False),
        sa.Column("logo_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_businesses")),
    )
    op.create_table(
        "receipts",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_ref", sa.Text(), nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("business_id", "order_ref", name=op.f("pk_receipts")),
    )
    op.create_table(
        "set_up_links",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("business_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_links")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_set_up_links_secret_hash")),
    )
    op.create_table(
        "api_keys",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_api_keys_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("business_id", "secret_hash", name=op.f("uq_api_keys_business_id_secret_hash")),
    )
    op.create_table(
        "consents",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("customer_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_consents_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_consents")),
    )
    op.create_table(
        "customers",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("search", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_customers_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_customers")),
    )
    op.create_table(
        "logos",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_logos_business_id")),
        sa.PrimaryKeyConstraint("business_id", name=op.f("pk_logos")),
    )
    op.create_table(
        "owners",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_owners_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_owners")),
        sa.UniqueConstraint("business_id", "email", name=op.f("uq_owners_business_id_email")),
    )
    op.create_index(op.f("ix_owners_email"), "owners", ["email"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_programmes_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_programmes")),
    )
    op.create_table(
        "shops",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("join_code", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_shops_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_shops")),
        sa.UniqueConstraint("business_id", "join_code", name=op.f("uq_shops_business_id_join_code")),
    )
    op.create_table(
        "staff",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_staff_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_staff")),
    )
    op.create_table(
        "webhooks",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), server_default="", nullable=False),
        sa.Column("secret_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("off_reason", sa.Text(), nullable=True),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("rest_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["business_id"], ["businesses.id"], name=op.f("fk_webhooks_business_id")),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "cards",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("programme_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("customer_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("code_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("short_number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("short_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("first_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round_need", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("earned", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rewards", sa.Integer(), server_default="0", nullable=False),
        sa.Column("round_start", sa.Integer(), server_default="0", nullable=False),
        sa.Column("anchor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_stamp_at", sa.BigInteger(), nullable=True),
        sa.Column("last_event_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "customer_id"],
            ["customers.business_id", "customers.id"],
            name=op.f("fk_cards_business_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "programme_id"],
            ["programmes.business_id", "programmes.id"],
            name=op.f("fk_cards_business_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "shop_id"], ["shops.business_id", "shops.id"], name=op.f("fk_cards_business_id_shop_id")
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_cards")),
        sa.UniqueConstraint("business_id", "code_hash", name=op.f("uq_cards_business_id_code_hash")),
        sa.UniqueConstraint("business_id", "short_hash", name=op.f("uq_cards_business_id_short_hash")),
    )
    op.create_index("ix_cards_customer", "cards", ["business_id", "customer_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("webhook_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "webhook_id"],
            ["webhooks.business_id", "webhooks.id"],
            name=op.f("fk_notices_business_id_webhook_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "event_id", "webhook_id", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_next_try",
        "notices",
        ["business_id", "webhook_id", "next_try_at"],
        unique=False,
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.create_table(
        "pairing_codes",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("till_name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "shop_id"],
            ["shops.business_id", "shops.id"],
            name=op.f("fk_pairing_codes_business_id_shop_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_pairing_codes")),
        sa.UniqueConstraint("business_id", "code_hash", name=op.f("uq_pairing_codes_business_id_code_hash")),
    )
    op.create_table(
        "programme_versions",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("programme_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamps_needed", sa.Integer(), nullable=False),
        sa.Column("reward", sa.Text(), nullable=False),
        sa.Column("max_per_visit", sa.Integer(), nullable=False),
        sa.Column("welcome_stamps", sa.Integer(), nullable=False),
        sa.Column("cooldown_seconds", sa.Integer(), nullable=False),
        sa.Column("daily_limit", sa.Integer(), nullable=False),
        sa.Column("unit_cost", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Integer(), nullable=False),
        sa.Column("stamps_expire_days", sa.Integer(), nullable=False),
        sa.Column("rewards_expire_days", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("policy IN ('better', 'finish')", name=op.f("ck_programme_versions_policy")),
        sa.CheckConstraint("max_per_visit BETWEEN 1 AND 20", name=op.f("ck_programme_versions_max_per_visit")),
        sa.CheckConstraint("stamps_needed BETWEEN 2 AND 50", name=op.f("ck_programme_versions_stamps_needed")),
        sa.ForeignKeyConstraint(
            ["business_id", "programme_id"],
            ["programmes.business_id", "programmes.id"],
            name=op.f("fk_programme_versions_business_id_programme_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "programme_id", "number", name=op.f("pk_programme_versions")),
    )
    op.create_table(
        "sessions",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("owner_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "owner_id"],
            ["owners.business_id", "owners.id"],
            name=op.f("fk_sessions_business_id_owner_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("business_id", "secret_hash", name=op.f("uq_sessions_business_id_secret_hash")),
    )
    op.create_table(
        "tills",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("paired_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["business_id", "shop_id"], ["shops.business_id", "shops.id"], name=op.f("fk_tills_business_id_shop_id")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "staff_id"], ["staff.business_id", "staff.id"], name=op.f("fk_tills_business_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_tills")),
        sa.UniqueConstraint("business_id", "secret_hash", name=op.f("uq_tills_business_id_secret_hash")),
    )
    op.create_table(
        "dead_codes",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("author", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"],
            ["cards.business_id", "cards.id"],
            name=op.f("fk_dead_codes_business_id_card_id"),
        ),
        sa.PrimaryKeyConstraint("business_id", "code_hash", name=op.f("pk_dead_codes")),
    )
    op.create_table(
        "events",
        sa.Column("business_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("card_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("previous_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stamps", sa.Integer(), nullable=False),
        sa.Column("rewards", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("till_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("ref", sa.LargeBinary(length=16), nullable=True),
        sa.Column("order_ref", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("(kind = 'void') = (ref IS NOT NULL)", name=op.f("ck_events_void_names_its_event")),
        sa.CheckConstraint(
            "kind IN ('stamp', 'redeem', 'void', 'bonus', 'adjust', 'expire')", name=op.f("ck_events_kind")
        ),
        sa.ForeignKeyConstraint(
            ["business_id", "card_id"], ["cards.business_id", "cards.id"], name=op.f("fk_events_business_id_card_id")
        ),
        sa.PrimaryKeyConstraint("business_id", "id", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_events_void",
        "events",
        ["business_id", "ref"],
        unique=True,
        sqlite_where=sa.text("kind = 'void'"),
        postgresql_where=sa.text("kind = 'void'"),
    )
    op.create_index(
        "ix_events_flagged",
        "events",
        ["business_id", "received_at", "id"],
        unique=False,
        sqlite_where=sa.text("flag IS NOT NULL"),
        postgresql_where=sa.text("flag IS NOT NULL"),
    )

    _append_only()


def _append_only() -> None:
    """The database itself refuses to change or delete a line of the ledger."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events "
        "FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
    )
