"""How often a customer will come again: the BG/NBD and MBG/NBD models of visits by people who leave without a word.

Each customer comes at a rate of their own (gamma over customers) and after each visit leaves for good with a chance of
their own (beta over customers). BG/NBD (Fader, Hardie & Lee 2005) gives that chance after each repeat visit only, so
that whoever came once is held to be alive for ever; MBG/NBD (Batislam, Denizel & Filiztekin 2007) gives it after the
first visit too. The two differ by one chance to leave, and share every formula here.
"""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I32, I64
from insight.fitting import lowest
from insight.special import beta_nodes, rising
from insight.visits import Visits


@dataclass(frozen=True, slots=True)
class Histories:
    """What the models need to know of customers, each row counted n times. recency and age in one unit, any.

    frequency: repeat visits, the first one not counted. recency: from the first visit to the last. age: from the
    first visit to now.
    """

    frequency: I64
    recency: F64
    age: F64
    n: I64

    def __post_init__(self) -> None:
        if np.any(self.frequency < 0):
            raise ValueError("a frequency cannot be below 0")
        if not np.all((self.recency >= 0) & (self.recency <= self.age)):
            raise ValueError("a last visit cannot lie before the first one or after now")

    def __len__(self) -> int:
        return len(self.frequency)

    def grouped(self) -> tuple["Histories", I64]:
        """The same customers with one row for all that look alike, and the row that each has become part of."""
        rows = np.stack([self.frequency.astype(np.float64), self.recency, self.age])
        order = np.lexsort(rows)
        rows = rows[:, order]
        first = np.ones(len(self), dtype=bool)
        first[1:] = np.any(rows[:, 1:] != rows[:, :-1], axis=0)
        place = np.empty(len(self), dtype=np.int64)
        place[order] = np.cumsum(first) - 1
        rows = rows[:, first]
        n = np.bincount(place, weights=self.n, minlength=rows.shape[1]).astype(np.int64)
        return Histories(rows[0].astype(np.int64), rows[1], rows[2], n), place


@dataclass(frozen=True, slots=True)
class Buying:
    """A fitted model. Rates: gamma with shape r and rate alpha (in the unit of time); chances to leave: beta(a, b).

    modified: MBG/NBD rather than BG/NBD. converged: whether the fit found the level top of the likelihood.
    """

    r: float
    alpha: float
    a: float
    b: float
    modified: bool
    log_likelihood: float = float("nan")
    converged: bool = True


def histories(visits: Visits, *, until: int) -> tuple[I32, Histories]:
    """Cards that came before a day (since 1970), and the history of each in days; that day itself is not yet known."""
    known = visits.day < until
    card, day = visits.card[known], visits.day[known].astype(np.int64)
    _, starts, counts = np.unique(card, return_index=True, return_counts=True)
    first, last = day[starts], day[starts + counts - 1]
    return card[starts], Histories(
        counts - 1,
        (last - first).astype(np.float64),
        (until - first).astype(np.float64),
        np.ones(len(starts), dtype=np.int64),
    )


def fit(histories: Histories, *, modified: bool = True) -> Buying:
    """The model under which these histories are most likely; MBG/NBD unless told otherwise.

    Raises ValueError if nobody ever came again: such histories fit no rate.
    """
    grouped, _ = histories.grouped()
    came_again = int(np.sum(grouped.frequency * grouped.n))
    if came_again == 0:
        raise ValueError("nobody came again, so there is no rate to fit")
    n = int(np.sum(grouped.n))

    def cost(logs: F64) -> tuple[float, F64]:
        parameters = np.exp(logs)
        with np.errstate(all="ignore"):  # far from the answer anything may overflow; the search turns back there
            value, slope = _log_likelihood(parameters, grouped, modified=modified)
        return -value / n, -slope * parameters / n

    # Start at the rate the shop really sees, with customers who differ and now and then leave.
    start = np.log([1.0, float(np.sum(grouped.age * grouped.n)) / came_again, 1.0, 3.0])
    found = lowest(cost, start)
    r, alpha, a, b = (float(each) for each in np.exp(found.place))
    return Buying(r, alpha, a, b, modified, -found.value * n, found.converged)


def expected_visits(model: Buying, histories: Histories, *, ahead: float) -> F64:
    """E[Y(ahead) | frequency, recency, age]: the visits to expect of each row in the time ahead.

    Equals equation 10 of Fader, Hardie & Lee (2005) and its twin in Batislam, Denizel & Filiztekin (2007). The mean
    over the chance to leave is taken by quadrature, which holds where the hypergeometric series overflows or a is 1.
    """
    frequency, choice = np.unique(histories.frequency, return_inverse=True)
    chances, weights = beta_nodes(model.a, model.b + frequency.astype(np.float64) + int(model.modified))
    chances = np.maximum(chances, 1e-300)  # below that a chance is none, and 0/0
    shape, reach = model.r + histories.frequency, ahead / (model.alpha + histories.age)
    visits = np.zeros(len(histories))
    for chance, weight in zip(chances.T, weights.T, strict=True):
        visits -= weight[choice] * np.expm1(-shape * np.log1p(chance[choice] * reach)) / chance[choice]
    with np.errstate(over="ignore"):  # gone beyond all doubt: nothing to expect
        alive: F64 = 1 / (1 + np.exp(_log_odds_gone(model, histories)))
    return visits * alive


def expected_from_start(model: Buying, ahead: float) -> float:
    """E[X(ahead)]: the repeat visits to expect of a new customer in the time after the first visit."""
    new = Histories(np.zeros(1, dtype=np.int64), np.zeros(1), np.zeros(1), np.ones(1, dtype=np.int64))
    return float(expected_visits(model, new, ahead=ahead)[0])


def log_likelihood(model: Buying, histories: Histories) -> float:
    """How likely a model makes these histories: the sum of logs over customers.

    Equation 6 of Fader, Hardie & Lee (2005); for MBG/NBD with one more chance to leave.
    """
    parameters = np.array([model.r, model.alpha, model.a, model.b])
    return _log_likelihood(parameters, histories, modified=model.modified)[0]


def _log_likelihood(parameters: F64, histories: Histories, *, modified: bool) -> tuple[float, F64]:
    """The log-likelihood and its slopes in r, alpha, a and b."""
    r, alpha, a, b = (float(each) for each in parameters)
    x, chances = histories.frequency, histories.frequency + int(modified)
    until_now, until_last = np.log(alpha + histories.age), np.log(alpha + histories.recency)

    came, came_slope = rising(r, x)
    stayed, stayed_slope = rising(b, chances)
    drawn, drawn_slope = rising(a + b, chances)
    odds = _log_odds_gone(Buying(r, alpha, a, b, modified), histories)
    gone = 1 / (1 + np.exp(-odds))
    each = came + r * np.log(alpha) - (r + x) * until_now + stayed - drawn + np.logaddexp(0, odds)

    in_r = came_slope + np.log(alpha) - until_now + gone * (until_now - until_last)
    in_now, in_last = (r + x) / (alpha + histories.age), (r + x) / (alpha + histories.recency)
    in_alpha = r / alpha - in_now + gone * (in_now - in_last)
    in_a = gone / a - drawn_slope
    in_b = stayed_slope - drawn_slope - gone / np.where(chances > 0, b + chances - 1, np.inf)
    slopes = np.array([np.sum(slope * histories.n) for slope in (in_r, in_alpha, in_a, in_b)])
    return float(np.sum(each * histories.n)), slopes


def _log_odds_gone(model: Buying, histories: Histories) -> F64:
    """The log of the odds that a customer left after the last visit; -inf for who had no chance to leave yet."""
    chances = histories.frequency + int(model.modified)
    longer = np.log((model.alpha + histories.age) / (model.alpha + histories.recency))
    against = np.where(chances > 0, model.b + chances - 1, np.inf)
    with np.errstate(divide="ignore"):
        odds: F64 = np.log(model.a / against) + (model.r + histories.frequency) * longer
    return odds
