"""What a change of programme would do to the cards there are, before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.card import Figures, enter
from rules.programme import Policy, Terms, Version


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of card (the same stamps towards the same goal) before and after; cards: how many there are."""

    stamps: int
    needed_before: int
    needed_after: int
    rewards_added: int
    cards: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does at once. cost_at_once is in the currency's smallest unit, at the new unit cost."""

    cards_touched: int
    full_at_once: int
    rewards_added: int
    cost_at_once: int
    changes: tuple[Change, ...]


def preview(groups: Iterable[tuple[int, int, int]], terms: Terms, policy: Policy) -> Preview:
    """What entering these terms does to groups of cards, each (stamps, needed, how many cards)."""
    version = Version(1, terms, policy)
    changes = []
    for stamps, needed, cards in groups:
        before = Figures(version=0, round_need=needed, total=stamps)
        after = enter(before, version)
        if (after.round_need, after.earned) != (needed, 0):
            changes.append(Change(stamps, needed, after.round_need, after.earned, cards))
    added = sum(change.rewards_added * change.cards for change in changes)
    return Preview(
        cards_touched=sum(change.cards for change in changes),
        full_at_once=sum(change.cards for change in changes if change.rewards_added),
        rewards_added=added,
        cost_at_once=added * terms.unit_cost,
        changes=tuple(changes),
    )
