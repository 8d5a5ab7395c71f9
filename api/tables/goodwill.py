"""Making good: what a business allows, the cases, what was given for them, and the vouchers."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from api.db import db
from api.tables.columns import belongs_to, blob, hash_, id_, long_number, moment, number, text

# What goodwill and a voucher may be given for.
REASON_KINDS = ("case",)


class GoodwillPolicy(db.Model):
    """What a business allows; held by whoever gives something, so that two at once never pass the budget.

    monthly_budget: NULL for no limit. author: who changed it last, empty while nobody has.
    """

    __tablename__ = "goodwill_policies"
    business_id = number(primary_key=True, autoincrement=False)
    monthly_budget = long_number(nullable=True)
    staff_per_case = long_number()
    staff_per_day = long_number()
    voucher_days = number()
    author = text()
    updated_at = moment()
    __table_args__ = (
        belongs_to("businesses"),
        CheckConstraint("monthly_budget >= 0", name="monthly_budget"),
        CheckConstraint("staff_per_case >= 0 AND staff_per_day >= 0", name="staff"),
        CheckConstraint("voucher_days BETWEEN 1 AND 730", name="voucher_days"),
    )


class Case(db.Model):
    """A complaint or comment. From `state` to `put_right` its lines added up, as in rules/cases.py; a cache.

    contact: sealed with the server key. content: a hash of what was told, so that the same id with other content is
    noticed. author: who opened it, empty for the customer.
    """

    __tablename__ = "cases"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    shop_id = id_(nullable=True)
    card_id = id_(nullable=True)
    source = text()
    author = text()
    severity = number()
    what = text()
    wish = text(nullable=True)
    contact = blob(nullable=True)
    content = hash_()
    happened_at = moment()
    opened_at = moment()
    state = text()
    cost = long_number(server_default="0")
    answered_at = moment(nullable=True)
    closed_at = moment(nullable=True)
    put_right = text(nullable=True)
    __table_args__ = (
        belongs_to("businesses"),
        belongs_to("shops", "shop_id"),
        belongs_to("cards", "card_id"),
        CheckConstraint("source IN ('phone', 'till', 'console', 'software')", name="source"),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity"),
        CheckConstraint("state IN ('open', 'offered', 'settled', 'declined')", name="state"),
        CheckConstraint("put_right IN ('yes', 'no')", name="put_right"),
        CheckConstraint("cost >= 0", name="cost"),
        Index("ix_cases_opened", "business_id", "opened_at", "id"),
        Index(
            "ix_cases_card",
            "business_id",
            "card_id",
            "opened_at",
            sqlite_where=db.text("card_id IS NOT NULL"),
            postgresql_where=db.text("card_id IS NOT NULL"),
        ),
    )


class CaseLine(db.Model):
    """One thing that happened with a case, appended and never edited. `number` counts from 1 within the case.

    remedy: JSON, as rules/goodwill.py tells it. cost: what it adds to what the case has cost. rating: of a rated line.
    """

    __tablename__ = "case_lines"
    business_id = number(primary_key=True, autoincrement=False)
    case_id = id_(primary_key=True)
    number = number(primary_key=True, autoincrement=False)
    kind = text()
    at = moment()
    author = text()
    words = text(nullable=True)
    remedy = text(nullable=True)
    cost = long_number(server_default="0")
    rating = text(nullable=True)
    __table_args__ = (
        belongs_to("cases", "case_id"),
        CheckConstraint(
            "kind IN ('opened', 'note', 'offered', 'approved', 'settled', 'declined', 'rated', 'withdrawn')",
            name="kind",
        ),
        CheckConstraint("(kind = 'rated') = (rating IS NOT NULL)", name="rating"),
        {"sqlite_with_rowid": False},
    )


class GoodwillGift(db.Model):
    """What was given for one reason, and what it cost: once for each, whatever else goes wrong.

    staff_id, till_id: which of the staff, at which till; both NULL for an owner. bonus_id: the line of the ledger that
    given stamps became. taken_back_at: it was undone or withdrawn, and can be given again.
    """

    __tablename__ = "goodwill_gifts"
    business_id = number(primary_key=True, autoincrement=False)
    reason_kind = text(primary_key=True)
    reason_id = id_(primary_key=True)
    kind = text()
    cost = long_number()
    given_at = moment()
    given_by = text()
    staff_id = id_(nullable=True)
    till_id = id_(nullable=True)
    bonus_id = id_(nullable=True)
    taken_back_at = moment(nullable=True)
    __table_args__ = (
        belongs_to("businesses"),
        belongs_to("staff", "staff_id"),
        belongs_to("tills", "till_id"),
        belongs_to("events", "bonus_id"),
        CheckConstraint(f"reason_kind = '{REASON_KINDS[0]}'", name="reason_kind"),
        CheckConstraint("cost >= 0", name="cost"),
        UniqueConstraint("business_id", "bonus_id"),
        Index("ix_goodwill_gifts_given", "business_id", "given_at"),
    )


class Voucher(db.Model):
    """Something given, on a card or on a slip with a code of its own; issued once for each reason.

    code_hash: a slip's; the code is derived from the id by a key outside the database, as a card's is.
    """

    __tablename__ = "vouchers"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    card_id = id_(nullable=True)
    code_hash = hash_(nullable=True)
    kind = text()
    what = text()
    percent = number()
    amount = long_number()
    cost = long_number()
    reason_kind = text()
    reason_id = id_()
    issued_at = moment()
    issued_by = text()
    expires_at = moment()
    withdrawn_at = moment(nullable=True)
    withdrawn_by = text(nullable=True)
    __table_args__ = (
        belongs_to("businesses"),
        belongs_to("cards", "card_id"),
        UniqueConstraint("business_id", "reason_kind", "reason_id"),
        UniqueConstraint("business_id", "code_hash"),
        CheckConstraint("kind IN ('item', 'percent', 'amount')", name="kind"),
        CheckConstraint("(card_id IS NULL) <> (code_hash IS NULL)", name="on_a_card_or_a_slip"),
        CheckConstraint(
            "(kind = 'percent') = (percent BETWEEN 1 AND 100) AND (kind = 'amount') = (amount > 0)", name="worth"
        ),
        CheckConstraint("cost >= 0 AND expires_at > issued_at", name="cost_and_end"),
        Index(
            "ix_vouchers_card",
            "business_id",
            "card_id",
            "id",
            sqlite_where=db.text("card_id IS NOT NULL"),
            postgresql_where=db.text("card_id IS NOT NULL"),
        ),
    )


class VoucherUse(db.Model):
    """One use of a voucher, under the id that the till gave it; undone_at: it was a slip of the cashier's."""

    __tablename__ = "voucher_uses"
    business_id = number(primary_key=True, autoincrement=False)
    id = id_(primary_key=True)
    voucher_id = id_()
    used_at = moment()
    shop_id = id_()
    till_id = id_()
    staff_id = id_(nullable=True)
    undone_at = moment(nullable=True)
    undone_by = text(nullable=True)
    __table_args__ = (
        belongs_to("vouchers", "voucher_id"),
        belongs_to("shops", "shop_id"),
        belongs_to("tills", "till_id"),
        belongs_to("staff", "staff_id"),
        # Used once, whatever else goes wrong.
        Index(
            "uq_voucher_uses_standing",
            "business_id",
            "voucher_id",
            unique=True,
            sqlite_where=db.text("undone_at IS NULL"),
            postgresql_where=db.text("undone_at IS NULL"),
        ),
    )
