"""How long members of a plan stay: the shifted-beta-geometric model, and what it foretells of those still there.

Each member renews or leaves at the end of each period with a chance of their own (beta over members), so that those
who stay on are ever more loyal (Fader & Hardie 2007, "How to project customer retention").
"""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I64
from insight.fitting import lowest
from insight.special import rising


@dataclass(frozen=True, slots=True)
class Leaving:
    """A fitted model. The chance to leave at the end of a period is beta(alpha, beta) over members."""

    alpha: float
    beta: float
    log_likelihood: float = float("nan")
    converged: bool = True


def survival(model: Leaving, periods: I64) -> F64:
    """The share of members still there after so many periods: B(alpha, beta + periods) / B(alpha, beta)."""
    shares: F64 = np.exp(rising(model.beta, periods)[0] - rising(model.alpha + model.beta, periods)[0])
    return shares


def project(model: Leaving, since: int, *, ahead: int) -> F64:
    """Of those still there after `since` periods, the share still there 1, 2, … `ahead` periods later."""
    start, *later = survival(model, np.arange(since, since + ahead + 1))
    remaining: F64 = np.array(later) / start
    return remaining


def fit(left: I64, staying: I64) -> Leaving:
    """The model under which these members are most likely.

    left[t]: how many left at the end of period t + 1. staying[t]: how many are still there after t + 1 periods, and
    nothing more is known of them yet. Raises ValueError if nobody left, nobody stayed beyond a first period, or the
    two are not of one length: such counts fit no chance.
    """
    if len(left) != len(staying):
        raise ValueError(f"{len(left)} periods of leaving do not go with {len(staying)} of staying")
    beyond_first = int(np.sum(left[1:]) + np.sum(staying))
    if np.sum(left) == 0 or beyond_first == 0:
        raise ValueError("nobody left, or nobody stayed, so there is no chance to fit")
    n = int(np.sum(left) + np.sum(staying))
    periods = np.arange(1, len(left) + 1)
    both = left + staying

    def cost(logs: F64) -> tuple[float, F64]:
        alpha, beta = np.exp(logs)
        with np.errstate(all="ignore"):  # far from the answer anything may overflow; the search turns back there
            renewed, renewed_slope = rising(beta, periods - 1)
            kept, kept_slope = rising(beta, periods)
            drawn, drawn_slope = rising(alpha + beta, periods)
            value = np.sum(left * (np.log(alpha) + renewed)) + np.sum(staying * kept) - np.sum(both * drawn)
            in_alpha = np.sum(left) / alpha - np.sum(both * drawn_slope)
            in_beta = np.sum(left * renewed_slope) + np.sum(staying * kept_slope) - np.sum(both * drawn_slope)
        return -float(value) / n, -np.array([in_alpha * alpha, in_beta * beta]) / n

    found = lowest(cost, np.zeros(2))
    alpha, beta = (float(each) for each in np.exp(found.place))
    return Leaving(alpha, beta, -found.value * n, found.converged)


def fit_survivors(survivors: I64) -> Leaving:
    """The model of one cohort, by how many were there at the start and after each period since. Raises as fit does."""
    left = -np.diff(survivors)
    staying = np.zeros_like(left)
    staying[-1] = survivors[-1]
    return fit(left, staying)
