"""How far off a figure may be: intervals for shares, for means that are looked at every week, and by resampling."""

from collections.abc import Callable
from math import log, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from insight.columns import F64

ALPHA = 0.05
RESAMPLES = 1_000
# Drawn customers held in memory at a time.
AT_ONCE = 1_000_000


class Interval(NamedTuple):
    """From low to high, both in the unit of the figure."""

    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """Does the value lie outside?"""
        return not self.low <= value <= self.high


def normal_quantile(share: float) -> float:
    """The place below which that share of a standard normal lies."""
    return NormalDist().inv_cdf(share)


def around(middle: float, half_width: float) -> Interval:
    """As far up as down."""
    return Interval(middle - half_width, middle + half_width)


def wilson(count: int, n: int, *, alpha: float = ALPHA) -> Interval:
    """Of n tries, count came true: the interval of the chance behind them (Wilson 1927).

    Raises ValueError if n is 0 or count is not from 0 to n.
    """
    if not 0 <= count <= n or n == 0:
        raise ValueError(f"{count} of {n} is no share")
    z2 = normal_quantile(1 - alpha / 2) ** 2
    share = count / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def fixed_half_width(n: float, *, alpha: float = ALPHA) -> float:
    """Half the interval of the mean of n observations of variance 1, valid if looked at once, at an n set before."""
    return normal_quantile(1 - alpha / 2) / sqrt(n)


def always_valid_half_width(n: float, *, tuned_at: float, alpha: float = ALPHA) -> float:
    """The same, valid however often and whenever it is looked at: the chance ever to miss the truth is alpha at most.

    The normal mixture of Robbins (1970), in the form of Howard, Ramdas, McAuliffe & Sekhon (2021):
    sqrt((n + ρ) / n² · log((n + ρ) / (ρ α²))). tuned_at: the n at which it is to be narrowest, as near as their
    approximation of the best ρ comes; it must not be chosen after looking.

    Assumes independent observations with a normal (or sub-normal) mean of known variance. With a variance taken from
    the data it holds for large n only (Johari, Koomen, Pekelis & Walsh 2022), so the first look must not come early.
    """
    rho = tuned_at / (log(1 / alpha**2) + log(1 + log(1 / alpha**2)))
    return sqrt((n + rho) / n**2 * log((n + rho) / (rho * alpha**2)))


def bootstrap(
    sums: F64, statistic: Callable[[F64], F64], *, rng: np.random.Generator, alpha: float = ALPHA
) -> Interval:
    """The interval of a figure made from totals over customers, by drawing the customers anew.

    The percentile method of Efron (1979). sums: customers × what is summed. statistic: from resamples × totals to one
    figure for each resample. Whole customers are drawn, since the visits of one are alike. Raises ValueError if there
    is no customer.
    """
    n = len(sums)
    if n == 0:
        raise ValueError("there is no customer to draw")
    step = max(1, AT_ONCE // n)
    totals = [
        sums[rng.integers(n, size=(min(step, RESAMPLES - done), n))].sum(axis=1) for done in range(0, RESAMPLES, step)
    ]
    figures = statistic(np.concatenate(totals))
    low, high = np.quantile(figures, (alpha / 2, 1 - alpha / 2))
    return Interval(float(low), float(high))
