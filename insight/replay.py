"""What if: the whole ledger counted again under every other threshold, beside the terms in force today.

Visits are taken as they were; that customers would come more often under other terms is an assumption of the owner's,
named in the answer.
"""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I32, I64, Columns, Promise, Reward
from insight.recount import Question, tally

FEWEST, MOST = 2, 50
MOST_EXTRA = 0.30


@dataclass(frozen=True, slots=True)
class Beside:
    """A smaller reward on the way, counted along. once: a card earns it once. issued: as in WhatIf."""

    reward: Reward
    issued_today: int
    issued: F64


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One programme's ledger under each threshold. Money in the smallest unit; since, until: ms, the ledger's ends.

    extra_visits: the assumption, as a share: 0.1 says that every card would have got a tenth more stamps.
    welcome_stamps: what every card is given to begin with; None: as they were given.
    stamps: what the cards got, less what was undone, without welcomes. issued_today: main rewards under the terms in
    force, as if from the start. issued: under each threshold, with the extra visits (an expectation). tiers: the same
    of the tiers in force, which stay where they are; one that a threshold does not leave below it falls away.
    cost_today, cost: of all of them, each as its reward itself. more, fewer: cards that would have got more or fewer
    rewards than under today's terms, their visits as they were. margin: what the extra visits bring, less what the
    rewards cost more; a stamp brings the reward's price less cost, or where cards count money that share of the money.
    needed_lift: by how large a share visits must grow for the change to pay; NaN: no growth makes up for it.
    """

    today: Promise
    extra_visits: float
    welcome_stamps: int | None
    cards: int
    stamps: int
    since: int
    until: int
    issued_today: int
    cost_today: int
    thresholds: I32
    issued: F64
    tiers: tuple[Beside, ...]
    cost: F64
    more: I64
    fewer: I64
    margin: F64
    needed_lift: F64


def what_if(
    columns: Columns, programme: int, *, welcome_stamps: int | None = None, extra_visits: float = 0.0
) -> WhatIf | None:
    """A programme's cards under every threshold from 2 (or one above the welcome stamps) to 50; None without a line.

    Under one set of terms the order of a card's stamps does not matter; where stamps ran out, what ran out is what
    would have been in progress. Where cards count money, a stamp is worth what it is today. Raises ValueError for extra
    visits outside 0 to 0.30, welcome stamps outside 0 to 49.
    """
    if not 0 <= extra_visits <= MOST_EXTRA:
        raise ValueError(f"extra_visits = {extra_visits}: must be from 0 to {MOST_EXTRA}")
    if welcome_stamps is not None and not 0 <= welcome_stamps < MOST:
        raise ValueError(f"welcome_stamps = {welcome_stamps}: must be from 0 to {MOST - 1}")
    mine = columns.cards.programme == programme
    if len(columns.events) == 0 or not mine.any():
        return None

    today = columns.programmes[programme].current
    thresholds = np.arange(max(FEWEST, (welcome_stamps or 0) + 1), MOST + 1, dtype=np.int32)
    question = Question(today.stamps_needed, thresholds, welcome_stamps, extra_visits, today.unit, today.tiers)
    counted = tally(columns, mine, question)
    brought = extra_visits * counted.stamps * today.stamp_margin
    costs = np.array([today.unit_cost, *(tier.unit_cost for tier in today.tiers)])
    cost, cost_today = counted.issued @ costs, int(counted.issued_today @ costs)
    return WhatIf(
        today=today,
        extra_visits=extra_visits,
        welcome_stamps=welcome_stamps,
        cards=int(mine.sum()),
        stamps=int(counted.stamps),
        since=int(columns.events.at.min()),
        until=int(columns.events.at.max()),
        issued_today=int(counted.issued_today[0]),
        cost_today=cost_today,
        thresholds=thresholds,
        issued=counted.issued[:, 0],
        tiers=tuple(
            Beside(tier, int(counted.issued_today[n]), counted.issued[:, n]) for n, tier in enumerate(today.tiers, 1)
        ),
        cost=cost,
        more=counted.more,
        fewer=counted.fewer,
        margin=brought - (cost - cost_today),
        needed_lift=needed_lift(today, thresholds),
    )


def needed_lift(today: Promise, thresholds: I32) -> F64:
    """By how large a share visits must grow under each threshold to earn what today's terms earn; NaN: never.

    Of P + 1 items P are paid for and one is given. With price p and cost c an item then earns in the long run
    m(P) = (P (p - c) - c) / (P + 1), and visits must grow by m(today) / m(P) - 1. Each tier on the way is one more
    item given, at its own cost. Where cards count money, P is paid in money and nothing is an item: m(P) is what a
    stamp's worth of money earns. What comes once, welcome stamps and such tiers, is left out. NaN as well where today's
    terms earn nothing, as while price and cost are not filled in.
    """
    needed = np.append(thresholds, today.stamps_needed).astype(np.float64)
    given, costs = np.ones(len(needed)), np.full(len(needed), float(today.unit_cost))
    for tier in today.tiers:
        if not tier.once:
            given += tier.at < needed
            costs += tier.unit_cost * (tier.at < needed)
    items = needed if today.spend_per_stamp else needed + given
    margin = (needed * today.stamp_margin - costs) / items
    margin[margin <= 0] = np.nan
    lift: F64 = margin[-1] / margin[:-1] - 1
    return lift
