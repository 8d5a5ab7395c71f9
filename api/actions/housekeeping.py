"""What runs by itself: checking every card against the ledger, and letting run out what is due."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from api import db
from api.actions import cards
from api.store import ledger, reports
from rules import card as card_rules
from rules.card import Figures


@dataclass(frozen=True, slots=True)
class Wrong:
    """A card whose cached figures are not what its events add up to."""

    business_id: int
    card_id: bytes
    cached: Figures
    replayed: Figures


def verify(connection: Connection) -> tuple[int, Wrong | None]:
    """Replay every card; how many were checked, and the first that differs."""
    checked = 0
    for row in reports.every_card(connection):
        lines = ledger.history(connection, row.business_id, row.last_event_id)
        versions = ledger.versions(connection, row.business_id, row.programme_id, row.programme_version)
        events = [line.for_rules for line in lines]
        replayed = card_rules.replay(events, versions, row.first_version, row.figures.version)
        checked += 1
        if replayed != row.figures:
            return checked, Wrong(row.business_id, row.id, row.figures, replayed)
    return checked, None


def expire_due(*, now: int) -> int:
    """Let run out what is due on every card; how many cards changed. Each card is a transaction of its own."""
    with db.reading() as connection:
        due = list(reports.cards_with_expiry(connection))
    changed = 0
    for business_id, card_id in due:
        expire = partial(cards.expire, business_id=business_id, card_id=card_id, now=now)
        changed += bool(db.write(expire))
    return changed
