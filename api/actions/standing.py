"""A card as it stands, and as it stands after one more event."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from api.store import ledger
from api.store.ledger import CardRow, NewEvent
from rules import card as cards
from rules.card import Figures
from rules.programme import Version


class CardState(NamedTuple):
    """A card as it stands: its row as it was read, its figures now, the version it is under, and its last event.

    versions: every version of its programme up to that one.
    """

    row: CardRow
    figures: Figures
    version: Version
    last_event_id: bytes | None
    touched_at: int
    versions: Mapping[int, Version]


def card_state(connection: Connection, row: CardRow) -> CardState:
    """A card as it stands under the programme's current version."""
    # On PostgreSQL a row that was waited for is newer than what was read beside it: the card may be ahead.
    current = max(row.programme_version, row.figures.version)
    versions = ledger.versions(connection, row.business_id, row.programme_id, current)
    figures = cards.catch_up(row.figures, versions, current)
    return CardState(row, figures, versions[current], row.last_event_id, row.touched_at, versions)


def add(connection: Connection, state: CardState, event: NewEvent) -> tuple[NewEvent, CardState]:
    """The card after this event, by adding it up or where only the whole history can tell, by replay; and the event.

    One that counts money then says the whole stamps that came of it.
    """
    figures = cards.add(state.figures, event.for_rules, state.version)
    if figures is None:
        row = state.row
        lines = ledger.history(connection, row.business_id, state.last_event_id)
        events = [line.for_rules for line in lines] + [event.for_rules]
        versions = ledger.versions(connection, row.business_id, row.programme_id, state.figures.version)
        figures = cards.replay(events, versions, row.first_version, state.figures.version)
    if event.amount is not None:
        event = event._replace(stamps=cards.stamps_gained(state.figures, figures, state.version.terms))
    return event, CardState(state.row, figures, state.version, event.id, event.received_at, state.versions)


def money(state: CardState, stamps: int) -> int | None:
    """What so many stamps come to on a card that counts money; None on one that counts stamps."""
    return stamps * state.figures.unit if state.version.terms.spend_per_stamp else None
