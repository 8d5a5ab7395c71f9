"""What campaigns add to a stamp, and what goes again with a line that is undone: their gifts, and goodwill.

Both happen in the stamp's own transaction, with its card held; a stamp with no campaign running never comes here.
"""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.actions.case_lines import take_back
from api.actions.standing import CardState, add, money
from api.ids import derived_id, new_id
from api.keys import content_hash
from api.store import campaigns, gifts, goodwill, ledger
from api.store.campaigns import CampaignRow
from api.store.gifts import GiftRow
from api.store.ledger import CardRow, EventRow, Locked, NewEvent
from rules.assignment import held_out
from rules.campaigns import Campaign, Gift, Visit
from rules.decide import decide_void
from rules.goodwill import REASON as GOODWILL
from rules.programme import Terms


def with_gifts(
    connection: Connection, locked: Locked, before: CardState, after: CardState, stamp: NewEvent
) -> tuple[CardState, dict[str, Any]]:
    """The card with what campaigns add to a stamp that was just appended, and that as a part of its why."""
    if stamp.kind != "stamp" or not locked.in_campaign:
        return after, {}
    terms, last_visit_at = before.version.terms, before.figures.last_stamp_at
    lines = _gifts_of(connection, card=locked.card, last_visit_at=last_visit_at, stamp=stamp, terms=terms)
    for line in lines:
        after = _append_beside(connection, locked, after, line._replace(amount=money(after, line.stamps)))
    return after, {"gifts": [why(line) for line in lines]} if lines else {}


def without_gifts(
    connection: Connection, locked: Locked, after: CardState, undone: EventRow, void: NewEvent
) -> CardState:
    """The card without what campaigns had added to the stamp whose void was just appended.

    Of stamps that were given as goodwill there is nothing more to undo, but their price can be given again.
    """
    if undone.kind == "bonus" and undone.reason == GOODWILL:
        _return_goodwill(connection, locked.card.business_id, undone, void)
    for line in _gone_with(connection, card=locked.card, undone=undone, void=void):
        after = _append_beside(connection, locked, after, line)
    return after


def _gifts_of(
    connection: Connection, *, card: CardRow, last_visit_at: int | None, stamp: NewEvent, terms: Terms
) -> list[NewEvent]:
    """What running campaigns add to this stamp: paid for, noted, and to be appended right behind it.

    last_visit_at: the card's latest visit before this one, ms since 1970. Not retroactive: what counts is when the
    stamp happened, however late it is told.
    """
    at = stamp.for_rules.counted_at
    running = campaigns.running(connection, card.business_id, at)
    mine = [row for row in running if not held_out(row.id, card.id, row.rules.hold_out)]
    had = gifts.had_by(connection, card.business_id, card.id) if any(row.rules.once_a_card for row in mine) else set()
    zone, lines = ZoneInfo(card.time_zone), []
    for row in mine:
        gift = row.rules.gift(Visit(at, stamp.stamps, last_visit_at, stamp.item, row.id in had), zone)
        if gift is not None and _pay(connection, card.business_id, row, gift, terms, now=stamp.received_at):
            line = _line(stamp, row, gift)
            noted = GiftRow(row.id, stamp.id, line.id, gift.stamps, gift.rewards, _cost(gift, terms))
            gifts.note(connection, card.business_id, card.id, noted, at=stamp.received_at)
            lines.append(line)
    return lines


def _gone_with(connection: Connection, *, card: CardRow, undone: EventRow, void: NewEvent) -> list[NewEvent]:
    """Voids of what campaigns added to the stamp that this void undoes, to be appended right behind it.

    Where it undoes such a gift itself, there is nothing more to append; either way its price can be spent again.
    """
    lines = []
    for gift in gifts.gifts_with(connection, card.business_id, card.id, undone.id):
        # When the void happened: the stamp given right after it may have been waiting in the same till.
        gifts.take_back(connection, card.business_id, card.id, gift, at=void.for_rules.counted_at)
        bonus = ledger.event(connection, card.business_id, gift.bonus_id)
        if bonus is not None and bonus.id != undone.id:
            lines.append(_void_of(bonus, void, gift.campaign_id))
    return lines


def _return_goodwill(connection: Connection, business_id: int, undone: EventRow, void: NewEvent) -> None:
    gift = goodwill.given_as(connection, business_id, undone.id)
    if gift is not None:
        now = void.received_at
        take_back(connection, business_id, gift, author=void.author or "", words=void.reason, now=now)


def why(line: NewEvent | EventRow) -> dict[str, Any]:
    """What a campaign added, as data for one sentence."""
    code = "gift_stamps" if line.stamps else "gift_reward"
    return {"code": code, "quantity": line.stamps or line.rewards, "campaign": line.reason}


def _pay(connection: Connection, business_id: int, row: CampaignRow, gift: Gift, terms: Terms, *, now: int) -> bool:
    """Pay for a gift if there is enough left; a campaign with nothing more to give stops by itself."""
    paid = gifts.pay(connection, business_id, row.id, _cost(gift, terms))
    spent, given = paid or (row.spent, row.gifts)
    rules: Campaign = row.rules
    if rules.is_used_up(budget=row.budget, spent=spent, gifts=given, least=_cost(rules.least, terms)):
        campaigns.halt(connection, business_id, row.id, "used_up", id=new_id(now), at=now)
    return paid is not None


def _cost(gift: Gift, terms: Terms) -> int:
    return gift.cost(unit_cost=terms.unit_cost, stamps_needed=terms.stamps_needed)


def _line(stamp: NewEvent, row: CampaignRow, gift: Gift) -> NewEvent:
    """The bonus line: at the stamp's own time and place, with an id that follows from the two, so that it is one."""
    return stamp._replace(
        id=derived_id(stamp.id, row.id),
        kind="bonus",
        stamps=gift.stamps,
        rewards=gift.rewards,
        tier=None,
        item=None,
        amount=None,
        order_ref=None,
        reason=row.name,
        author=None,
        flag=None,
        source="campaign",
        content=content_hash("campaign", row.id, gift.stamps, gift.rewards),
    )


def _void_of(bonus: EventRow, void: NewEvent, campaign_id: bytes) -> NewEvent:
    """The void of a bonus line, at the time and place of the void of its stamp."""
    return void._replace(
        id=derived_id(void.id, campaign_id),
        stamps=-bonus.stamps,
        rewards=-bonus.rewards,
        amount=None if bonus.amount is None else -bonus.amount,
        tier=None,
        item=None,
        ref=bonus.id,
        order_ref=None,
        flag=None,
        source="campaign",
        content=content_hash("void", bonus.id),
    )


def _append_beside(connection: Connection, locked: Locked, before: CardState, line: NewEvent) -> CardState:
    """Append a line of the house behind the one that was just appended to this card."""
    line, after = add(connection, before, line)
    if line.kind == "void":
        verdict = decide_void(
            "bonus", voided=False, same_till=True, already_happened=True, before=before.figures, after=after.figures
        )
        line = line._replace(flag=verdict.reason)
    card = locked.card._replace(last_event_id=before.last_event_id)
    ledger.append(connection, locked._replace(card=card), line, after.figures)
    return after
