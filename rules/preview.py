"""What a change of programme would do to the cards there are, before it is made."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.card import Figures, enter
from rules.programme import Version, find_tier


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of card (the same stamps towards the same goal) before and after; cards: how many there are."""

    stamps: int
    needed_before: int
    needed_after: int
    rewards_added: int
    cards: int


@dataclass(frozen=True, slots=True)
class TierAdded:
    """Rewards of one tier that a change adds at once, on all cards."""

    key: int
    reward: str
    rewards_added: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does at once. cost_at_once is in the currency's smallest unit, at the new unit cost.

    full_at_once: cards that get the main reward. rewards_added: of all kinds; tiers: how many of them are of each tier.
    """

    cards_touched: int
    full_at_once: int
    rewards_added: int
    cost_at_once: int
    changes: tuple[Change, ...]
    tiers: tuple[TierAdded, ...] = ()


def preview(standing: Iterable[tuple[Figures, int]], versions: Mapping[int, Version], new: Version) -> Preview:
    """What entering a new version does to cards: each standing with how many cards have it.

    versions: those before the new one.
    """
    kinds: Counter[tuple[int, int, int, int]] = Counter()
    of_tier: Counter[int] = Counter()
    main = full = 0
    for before, cards in standing:
        after = enter(before, new)
        filled = after.earned - before.earned
        reached = _reached_at_once(before, after)
        added = filled + sum(reached.values())
        if added == 0 and _promise(before) == _promise(after):
            continue
        kinds[before.stamps, before.needed, after.needed, added] += cards
        main += filled * cards
        full += cards if filled else 0
        for key, times in reached.items():
            of_tier[key] += times * cards
    tiers = {key: find_tier({**versions, new.number: new}, key, new.number) for key in sorted(+of_tier)}
    return Preview(
        cards_touched=sum(kinds.values()),
        full_at_once=full,
        rewards_added=main + sum(of_tier.values()),
        cost_at_once=main * new.terms.unit_cost
        + sum(of_tier[key] * tier.unit_cost for key, tier in tiers.items() if tier),
        changes=tuple(Change(*kind, cards) for kind, cards in kinds.items()),
        tiers=tuple(TierAdded(key, tier.reward, of_tier[key]) for key, tier in tiers.items() if tier),
    )


def _reached_at_once(before: Figures, after: Figures) -> dict[int, int]:
    """How often a card earns each tier by entering."""
    had = {tier.key: before.times_earned(tier) for tier in before.tiers}
    return {tier.key: after.times_earned(tier) - had.get(tier.key, 0) for tier in after.tiers}


def _promise(figures: Figures) -> object:
    return figures.round_need, figures.unit, [(tier.key, tier.at) for tier in figures.tiers if tier.at]
