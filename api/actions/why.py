"""Why something counted: data for one sentence, and where and when it was."""

from collections.abc import Mapping
from typing import Any

from api.actions.callers import Caller
from api.ids import moment_text
from api.store.ledger import EventRow, NewEvent
from rules.card import Figures
from rules.programme import Version, find_tier


def why_counted(
    line: NewEvent | EventRow, before: Figures, after: Figures, versions: Mapping[int, Version]
) -> dict[str, Any]:
    """What a counted stamp or redemption did, as data for one sentence."""
    if line.kind == "redeem":
        why = {"code": "redeemed", "quantity": abs(line.rewards), "rewards_ready": after.rewards_ready}
        if line.tier is None and line.item is None:
            return why
        return why | {"code": "redeemed_item", "reward": line.item or reward_name(line.tier, versions, line.version)}
    if after.earned > before.earned:
        return {
            "code": "reward_earned",
            "quantity": after.earned - before.earned,
            "needed": before.needed,
            "rewards_ready": after.rewards_ready,
        }
    stands = {"stamp": after.stamps, "needed": after.needed, "quantity": abs(line.stamps)}
    earned = _tiers_earned(before, after)
    if earned:
        names = [reward_name(key, versions, line.version) for key in earned]
        return stands | {"code": "tier_earned", "reward": ", ".join(names), "rewards_ready": after.rewards_ready}
    if line.amount is not None and not line.stamps:
        return stands | {"code": "counted_towards"}
    return stands | {"code": "stamped"}


def reward_name(tier: int | None, versions: Mapping[int, Version], number: int) -> str:
    """What the main reward or a tier is called in this version, or in the last one that had it."""
    found = versions[number].terms if tier is None else find_tier(versions, tier, number)
    return "" if found is None else found.reward


def _tiers_earned(before: Figures, after: Figures) -> list[int]:
    """The tiers a card has earned between two standings."""
    if not after.tiers:
        return []
    had = {tier.key: before.times_earned(tier) for tier in before.tiers}
    return [tier.key for tier in after.tiers if after.times_earned(tier) > had.get(tier.key, 0)]


def place(caller: Caller, at: int) -> dict[str, Any]:
    """When, by our clock, and at whose till."""
    return {"at": moment_text(at), "shop": caller.shop_name, "till": caller.till_name}


def place_of(line: EventRow) -> dict[str, Any]:
    """When and where a line of the ledger happened."""
    return {"at": moment_text(line.happened_at), "shop": line.shop, "till": line.till}
