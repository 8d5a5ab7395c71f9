"""Lines that came to look odd after they were counted, and what the owner decided on them and on what was kept."""

from sqlalchemy import CheckConstraint

from api.db import db
from api.tables.columns import belongs_to, hash_, id_, moment, number, text


class Settlement(db.Model):
    """One decision, appended and never edited; whoever comes second finds that it has been settled.

    id: the claim's or the line's; content: which of the claims under that id, empty for a line, whose id is its own.
    event_id: the line of the ledger the decision made, if it made one.
    """

    __tablename__ = "settlements"
    business_id = number(primary_key=True, autoincrement=False)
    subject = text(primary_key=True)
    id = id_(primary_key=True)
    content = hash_(primary_key=True)
    verdict = text()
    note = text(nullable=True)
    author = text()
    at = moment()
    event_id = id_(nullable=True)
    __table_args__ = (
        CheckConstraint(
            "(subject = 'kept' AND verdict IN ('applied', 'dismissed')) "
            "OR (subject = 'flag' AND verdict IN ('fine', 'undone'))",
            name="verdict",
        ),
    )


class LateFlag(db.Model):
    """A line of the ledger that looks odd beside others. details: the numbers behind the reason, as JSON."""

    __tablename__ = "late_flags"
    business_id = number(primary_key=True, autoincrement=False)
    event_id = id_(primary_key=True)
    reason = text()
    details = text()
    found_at = moment()
    __table_args__ = (belongs_to("events", "event_id"),)
