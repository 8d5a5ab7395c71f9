"""Campaigns: making one, pausing it and going on, ending it; and who came because of it and who would have anyway."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from api.errors import Problem
from api.ids import new_id
from api.store import campaign_visits, gifts
from api.store import campaigns as store
from api.store.campaigns import CampaignRow
from api.store.ledger import CardRow
from rules.assignment import held_out
from rules.campaigns import DAY_MS, Campaign, State, state
from rules.programme import BadTerms

# A campaign that begins by this much in the past begins now: forms take a while to fill in.
LATE_MS = 5 * 60_000


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: how many cards, their visits, and the sum of each card's visits squared."""

    cards: int
    visits: int
    squares: int


def make(
    connection: Connection,
    business_id: int,
    *,
    name: str,
    rules: Campaign,
    budget: int,
    starts_at: int | None,
    ends_at: int | None,
    author: str,
    now: int,
) -> CampaignRow:
    """A new campaign; it starts now unless it says when. Moments in ms since 1970, budget in the smallest unit, 0: any.

    Raises BadTerms for a start in the past, or an end before it.
    """
    if starts_at is not None and starts_at < now - LATE_MS:
        raise BadTerms("starts_at", starts_at, "must not be in the past: what has happened gets nothing more")
    begins = max(starts_at or now, now)
    _check_end(ends_at, begins)
    row = CampaignRow(new_id(now), name, rules, budget, 0, 0, begins, ends_at, None, author, now, None)
    store.add(connection, business_id, row)
    return row


def change(
    connection: Connection,
    business_id: int,
    campaign_id: bytes,
    *,
    name: str | None,
    budget: int | None,
    ends_at: int | None,
    now: int,
) -> CampaignRow:
    """Another name, another budget, another end; None: as it is. More budget sets one that was used up going again.

    Raises Problem not_found, or conflict when it has ended; BadTerms for a budget below what is spent, or a past end.
    """
    row = _open(connection, business_id, campaign_id, now)
    wished = row.budget if budget is None else budget
    if wished and wished < row.spent:
        raise BadTerms("budget", wished, f"must be at least the {row.spent} that are spent")
    if ends_at is not None:
        _check_end(ends_at, max(row.starts_at, now))
    changed = replace(row, name=name or row.name, budget=wished, ends_at=ends_at or row.ends_at)
    store.change(connection, business_id, changed)
    if wished != row.budget:
        if not changed.rules.is_used_up(budget=wished, spent=row.spent, gifts=row.gifts, least=1):
            store.go_on(connection, business_id, campaign_id, "used_up", at=now)
        else:
            store.halt(connection, business_id, campaign_id, "used_up", id=new_id(now), at=now)
    return find(connection, business_id, campaign_id)


def pause(connection: Connection, business_id: int, campaign_id: bytes, *, author: str, now: int) -> CampaignRow:
    """Give nothing for visits from now on. Raises Problem not_found, or conflict when it does not run."""
    row = _open(connection, business_id, campaign_id, now)
    if state_of(row, now) != "running":
        raise Problem("conflict", "Only a campaign that runs can be paused.")
    store.halt(connection, business_id, campaign_id, "paused", id=new_id(now), at=now, author=author)
    return replace(row, halted="paused")


def resume(connection: Connection, business_id: int, campaign_id: bytes, *, now: int) -> None:
    """Go on after a pause; one that was not paused is left as it is. Raises Problem not_found."""
    _held(connection, business_id, campaign_id)
    store.go_on(connection, business_id, campaign_id, "paused", at=now)


def end(connection: Connection, business_id: int, campaign_id: bytes, *, author: str, now: int) -> CampaignRow:
    """End it for good; visits from before that are told later still count. Raises Problem not_found or conflict."""
    ended = replace(_open(connection, business_id, campaign_id, now), ends_at=now, ended_by=author)
    store.change(connection, business_id, ended)
    return ended


def find(connection: Connection, business_id: int, campaign_id: bytes) -> CampaignRow:
    """One campaign. Raises Problem not_found."""
    row = store.campaign(connection, business_id, campaign_id)
    if row is None:
        raise Problem("not_found")
    return row


def state_of(row: CampaignRow, now: int) -> State:
    """Where a campaign stands."""
    return state(starts_at=row.starts_at, ends_at=row.ends_at, halted=row.halted, now=now)


def open_to(connection: Connection, card: CardRow, *, now: int) -> list[CampaignRow]:
    """The campaigns that run now and would give this card something: neither held out, nor had its one gift already."""
    had = gifts.had_by(connection, card.business_id, card.id)
    return [
        row
        for row in store.running(connection, card.business_id, now)
        if not held_out(row.id, card.id, row.rules.hold_out)
        and not (row.rules.once_a_card and row.id in had)
        and (row.rules.kind != "come_back" or row.rules.is_away(card.figures.last_stamp_at, now))
    ]


def sides(connection: Connection, business_id: int, row: CampaignRow, *, now: int) -> tuple[Side, Side]:
    """The visits while it has run, of the cards that could have got something, and of those that were held out.

    Only of cards there were when it began, drawn before anything happened: nobody is in or out because of what they
    did since. Of a campaign for those who stay away, only of cards that had stayed away long enough by then.
    """
    since, until = row.starts_at, min(row.ends_at or now, now)
    quiet_since = since - row.rules.quiet_days * DAY_MS
    cards = set(campaign_visits.cards_made_before(connection, business_id, quiet_since))
    if row.rules.quiet_days:
        cards -= campaign_visits.visits(connection, business_id, quiet_since, since).keys()
    visits = campaign_visits.visits(connection, business_id, since, max(since, until))
    held = {card for card in cards if held_out(row.id, card, row.rules.hold_out)}
    return _side(cards - held, visits), _side(held, visits)


def _side(cards: set[bytes], visits: dict[bytes, int]) -> Side:
    made = [visits[card] for card in cards if card in visits]
    return Side(len(cards), sum(made), sum(n * n for n in made))


def _open(connection: Connection, business_id: int, campaign_id: bytes, now: int) -> CampaignRow:
    """The campaign, held. Raises Problem not_found, or conflict when it has ended."""
    row = _held(connection, business_id, campaign_id)
    if state_of(row, now) == "ended":
        raise Problem("conflict", "This campaign has ended.")
    return row


def _held(connection: Connection, business_id: int, campaign_id: bytes) -> CampaignRow:
    row = store.hold(connection, business_id, campaign_id)
    if row is None:
        raise Problem("not_found")
    return row


def _check_end(ends_at: int | None, begins: int) -> None:
    if ends_at is not None and ends_at <= begins:
        raise BadTerms("ends_at", ends_at, "must be after the beginning, and not in the past")
