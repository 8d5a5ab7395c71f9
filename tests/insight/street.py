"""Customers who do just as the models say, so that a fit can be held against the truth."""

import numpy as np


def street(rng, cards, *, r, alpha, a, b, days, modified=True):
    """The visits of customers who do as the model says, as moments in days; all come first within the first half."""
    rate, leaves = rng.gamma(r, 1 / alpha, cards), rng.beta(a, b, cards)
    joined = rng.uniform(0, days / 2, cards)
    alive = rng.random(cards) >= leaves if modified else np.ones(cards, dtype=bool)
    moments, at = [(np.arange(cards), joined)], joined
    while alive.any():
        at = at + rng.exponential(1 / rate)
        alive = alive & (at < days)
        moments.append((np.flatnonzero(alive), at[alive]))
        alive = alive & (rng.random(cards) >= leaves)
    card, at = (np.concatenate(each) for each in zip(*moments, strict=True))
    order = np.lexsort((at, card))
    return card[order], at[order]
