"""Who is slipping away: regulars of whom far fewer visits are to be expected than they made, and what that costs."""

from dataclasses import dataclass

import numpy as np

from insight import buying
from insight.columns import F64, I32, I64
from insight.visits import Visits

# Four weeks: every weekday counts alike, and an owner can still act within it.
WINDOW_DAYS = 28
# Two repeat visits make a habit one can lose; of one visit there is nothing to compare with.
FEWEST_REPEATS = 2
# A customer is slipping when half of the usual visits, or more, are not to be expected.
SLIPPING_SHARE = 0.5
# Four parameters are not to be read from less than this many customers who came back.
FEWEST_RETURNING = 50
GROUPS = 10


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Cards that are slipping away, the dearest first. All arrays go by place.

    earlier: visits in 28 days while the card still came. expected: visits in the next 28 days. margin: what the
    difference is worth, in the currency's smallest unit. last_day: of the last visit, days since 1970. watched: how
    many cards had enough visits to be judged. n: cards behind the fit.
    """

    card: I32
    earlier: F64
    expected: F64
    margin: F64
    last_day: I32
    watched: int
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Was the model right last time? Cards in groups by the visits expected of them in a time that is over by now.

    n: cards in the group. expected, seen: visits per card in the held-out days from since to until (the last not
    included). spread: the standard error of seen.
    """

    n: I64
    expected: F64
    seen: F64
    spread: F64
    since: int
    until: int


def at_risk(visits: Visits, *, as_of: int, margin_per_visit: float, gone_days: int | None = None) -> AtRisk | None:
    """Who is slipping away at the beginning of a day (since 1970), by MBG/NBD on all visits before it.

    A card is on the list if it came again at least twice and the visits expected of it in the next 28 days are at
    most half of its own earlier rate: repeat visits in the days from first to last visit, of which at least 28 are
    taken, so that three visits in one week do not pass for a habit. margin_per_visit: in the smallest unit. gone_days:
    only cards whose last visit was at most so many days ago. None if fewer than fifty cards ever came again.
    """
    card, known = buying.histories(visits, until=as_of)
    model = _model(known)
    if model is None:
        return None
    watched = known.frequency >= FEWEST_REPEATS
    expected = _expected(model, known)
    earlier = known.frequency * WINDOW_DAYS / np.maximum(known.recency, WINDOW_DAYS)
    slipping = watched & (expected <= SLIPPING_SHARE * earlier)
    if gone_days is not None:
        slipping &= known.age - known.recency <= gone_days
    chosen = np.flatnonzero(slipping)
    margin = (earlier - expected)[chosen] * margin_per_visit
    # Dearest first; among equals the lower card number, so that the list is the same each time.
    order = np.argsort(-margin, kind="stable")
    chosen = chosen[order]
    last_day = (as_of - known.age + known.recency)[chosen].astype(np.int32)
    return AtRisk(
        card[chosen],
        earlier[chosen],
        expected[chosen],
        margin[order],
        last_day,
        int(np.count_nonzero(watched)),
        len(card),
    )


def calibrate(visits: Visits, *, as_of: int) -> Calibration | None:
    """Fit as if the last 28 days before a day were still to come, and compare what was expected with what was seen.

    None if fewer than fifty cards had come again by then.
    """
    until = as_of - WINDOW_DAYS
    card, known = buying.histories(visits, until=until)
    model = _model(known)
    if model is None:
        return None
    expected = _expected(model, known)
    later = visits.card[(visits.day >= until) & (visits.day < as_of)]
    seen = np.bincount(later, minlength=int(card.max()) + 1)[card]
    groups = np.array_split(np.argsort(expected, kind="stable"), min(GROUPS, len(card)))
    n = np.array([len(group) for group in groups])
    return Calibration(
        n,
        np.array([expected[group].mean() for group in groups]),
        np.array([seen[group].mean() for group in groups]),
        np.array([seen[group].std() for group in groups]) / np.sqrt(n),
        until,
        as_of,
    )


def _model(known: buying.Histories) -> buying.Buying | None:
    if np.count_nonzero(known.frequency) < FEWEST_RETURNING:
        return None
    return buying.fit(known)


def _expected(model: buying.Buying, known: buying.Histories) -> F64:
    alike, place = known.grouped()
    return buying.expected_visits(model, alike, ahead=WINDOW_DAYS)[place]
