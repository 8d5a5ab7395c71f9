"""What runs by itself: checking cards and campaigns against the ledger, expiry, birthdays, terms whose time is come."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api import db
from api.actions import cards, scheduled_versions
from api.store import customers, ledger, reports
from api.store import scheduled_versions as scheduled_store
from rules import card as card_rules
from rules.birthday import DAYS_LATE, is_celebrated
from rules.campaigns import Gift
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


@dataclass(frozen=True, slots=True)
class WrongCampaign:
    """A campaign of which something else is kept than its gifts come to: (spent, in the smallest unit, and gifts)."""

    business_id: int
    campaign_id: bytes
    name: str
    kept: tuple[int, int]
    reckoned: tuple[int, int]


def verify_campaigns(connection: Connection) -> tuple[int, WrongCampaign | None]:
    """Reckon what every campaign has spent from the lines of its gifts; how many there are, the first that differs."""
    spent, gifts = Counter[tuple[int, bytes]](), Counter[tuple[int, bytes]]()
    for row in reports.every_gift(connection):
        terms = ledger.versions(connection, row.business_id, row.programme_id, row.version)[row.version].terms
        cost = Gift(row.stamps, row.rewards).cost(unit_cost=terms.unit_cost, stamps_needed=terms.stamps_needed)
        spent[row.business_id, row.campaign_id] += cost * row.n
        gifts[row.business_id, row.campaign_id] += row.n
    campaigns = reports.every_campaign(connection)
    for each in campaigns:
        which = each.business_id, each.campaign_id
        reckoned = spent[which], gifts[which]
        if reckoned != (each.spent, each.gifts):
            return len(campaigns), WrongCampaign(*which, each.name, (each.spent, each.gifts), reckoned)
    return len(campaigns), None


def expire_due(*, now: int) -> int:
    """Let run out what is due on every card; how many cards changed. Each card is a transaction of its own."""
    with db.reading() as connection:
        due = list(reports.cards_with_expiry(connection))
    changed = 0
    for business_id, card_id in due:
        expire = partial(cards.expire, business_id=business_id, card_id=card_id, now=now)
        changed += bool(db.write(expire))
    return changed


def celebrate_birthdays(*, now: int) -> list[bytes]:
    """Give birthday stamps where it is somebody's birthday by the local calendar; the cards that got some."""
    # Somewhere it is tomorrow already; somewhere, and a few days late, it is still last week.
    here = datetime.fromtimestamp(now / 1000, ZoneInfo("UTC")).date()
    days = [here + timedelta(days=n) for n in range(-DAYS_LATE - 1, 2)]
    with db.reading() as connection:
        born = customers.born_on(connection, [(day.month, day.day) for day in days])
    given = []
    for row in born:
        today = datetime.fromtimestamp(now / 1000, ZoneInfo(row.time_zone)).date()
        if is_celebrated(row.month, row.day, today):
            give = partial(cards.celebrate, business_id=row.business_id, card_id=row.card_id, now=now)
            if db.write(give) is not None:
                given.append(row.card_id)
    return given


def put_in_force(*, now: int) -> int:
    """Bring into force the versions whose time has come, however long ago; how many. Each is a transaction."""
    with db.reading() as connection:
        due = scheduled_store.due(connection, now)
    numbers = [db.write(partial(scheduled_versions.put_in_force, **which, now=now)) for which in due]
    return sum(number is not None for number in numbers)
