"""Did it work? New cards drawn into two arms, what each card brought in its first eight weeks, and what that proves."""

import hashlib
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from insight.columns import I32, I64, REDEEM, STAMP, Columns
from insight.intervals import ALPHA, Interval, always_valid_half_width, around, fixed_half_width, normal_quantile
from insight.special import chi_square_tail
from insight.visits import DAY_MS

CONTROL, TREATMENT, NEITHER = 0, 1, -1
Arms = NDArray[np.int8]
Finding = Literal["uneven", "too_early", "open", "better", "worse"]

WINDOW_WEEKS = 8
WINDOW_MS = WINDOW_WEEKS * 7 * DAY_MS
# What no owner will wait for is out of sight.
LONGEST_WEEKS = 104
# With fewer cards the spread among them is not known well enough for the interval to keep its word.
FEWEST_PER_ARM = 100
# So unlikely a split means that cards got lost on the way (Fabijan et al. 2019); rarer than that it is mere chance.
UNEVEN_P = 0.001


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Cards whose eight weeks are over. margin: net, in the currency's smallest unit. All arrays go by place."""

    card: I32
    arm: Arms
    margin: I64


@dataclass(frozen=True, slots=True)
class Arm:
    """What is known of the cards of one arm: how many, their mean margin, and its variance from card to card."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Are the arms as large as they were meant to be? p: how often chance alone would part them as far as this."""

    expected_control: float
    expected_treatment: float
    chi_square: float
    p: float

    @property
    def uneven(self) -> bool:
        """Something other than chance sorts the cards, and no comparison of the arms means anything."""
        return self.p < UNEVEN_P


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment less control, in the currency's smallest unit a card, with both intervals.

    fixed: to be looked at once, at the planned end. always: may be looked at any day. Both None, and the difference
    too, while an arm has fewer than two cards. finding: what may be said today, by the interval that is always valid.
    """

    control: Arm
    treatment: Arm
    difference: float | None
    fixed: Interval | None
    always: Interval | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class Size:
    """What a way of looking needs. weeks: until the last card's eight weeks are over; None if they never would be."""

    control: int
    treatment: int
    weeks: int | None

    @property
    def visible(self) -> bool:
        """Can this shop see it within two years?"""
        return self.weeks is not None and self.weeks <= LONGEST_WEEKS


@dataclass(frozen=True, slots=True)
class Plan:
    """fixed: looked at once, at the end. always: looked at any day. smallest_lift: visible so in the time there is."""

    fixed: Size
    always: Size
    smallest_lift: float | None


def assign(experiment: bytes, card_id: bytes, *, share: float) -> int:
    """Which arm a card falls into: TREATMENT for that share (0 to 1) of cards, else CONTROL; the same each time.

    The first 53 bits of BLAKE2b (RFC 7693) over experiment and card id, as a fraction. Each experiment draws anew,
    and a larger share keeps whoever was in. Give ids of one length, or two experiments may draw alike.
    """
    digest = hashlib.blake2b(experiment + card_id, digest_size=8).digest()
    return TREATMENT if (int.from_bytes(digest, "big") >> 11) / (1 << 53) < share else CONTROL


def outcomes(columns: Columns, *, arm: Arms, assigned_at: I64, now: int) -> Outcomes:
    """What each card brought in the eight weeks after it was assigned, for cards whose eight weeks are over.

    arm, assigned_at (ms since 1970): one for each card; NEITHER leaves a card out. now: ms since 1970. Net margin:
    stamps × what one earns (its part of the money where cards count money), less the cost of rewards handed over, each
    by the version the line was counted under; a reward not fetched by then has cost nothing yet.
    """
    cards, events = columns.cards, columns.events
    closed = (arm != NEITHER) & (assigned_at + WINDOW_MS <= now)
    since = events.at - assigned_at[events.card]
    counts = events.standing() & closed[events.card] & (since >= 0) & (since < WINDOW_MS)
    counts &= (events.kind == STAMP) | (events.kind == REDEEM)

    card, is_stamp = events.card[counts], events.kind[counts] == STAMP
    worth = np.zeros(len(card))
    units, rewards = events.units[counts], events.rewards[counts]
    kinds = (cards.programme[card], events.version[counts], events.tier[counts], events.item[counts])
    for place, programme in enumerate(columns.programmes):
        for promise in programme.versions:
            lines = np.flatnonzero((kinds[0] == place) & (kinds[1] == promise.version))
            worth[lines] = np.where(is_stamp[lines], units[lines] * (promise.stamp_margin / promise.unit), 0)
            handed = lines[~is_stamp[lines]]
            for key, picked in set(zip(kinds[2][handed].tolist(), kinds[3][handed].tolist(), strict=True)):
                these = handed[(kinds[2][handed] == key) & (kinds[3][handed] == picked)]
                worth[these] = rewards[these] * columns.item(place, promise.version, key, picked).unit_cost
    total = np.rint(np.bincount(card, weights=worth, minlength=len(cards))).astype(np.int64)
    chosen = np.flatnonzero(closed)
    return Outcomes(chosen.astype(np.int32), arm[chosen], total[chosen])


def summary(outcomes: Outcomes, arm: int) -> Arm:
    """The cards of one arm in three numbers."""
    margin = outcomes.margin[outcomes.arm == arm]
    if len(margin) < 2:
        return Arm(len(margin), float(margin.sum()), 0.0)
    return Arm(len(margin), float(margin.mean()), float(margin.var(ddof=1)))


def sample_ratio(control: int, treatment: int, *, share: float) -> SampleRatio:
    """Hold the numbers of cards assigned (all of them, closed or not) against the share meant for treatment.

    Pearson's chi-square (1900). Raises ValueError if the share is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of {share} leaves one arm empty")
    n = control + treatment
    expected_treatment = n * share
    chi_square = (treatment - expected_treatment) ** 2 / (n * share * (1 - share)) if n else 0.0
    return SampleRatio(n - expected_treatment, expected_treatment, chi_square, chi_square_tail(chi_square))


def compare(control: Arm, treatment: Arm, *, planned: Size, ratio: SampleRatio, alpha: float = ALPHA) -> Comparison:
    """The difference between the arms (Welch: each arm has its own variance), and what may be said of it today.

    planned: what the plan asked for before the start; the always-valid interval is narrowest there.
    """
    if min(control.n, treatment.n) < 2:
        return Comparison(control, treatment, None, None, None, "uneven" if ratio.uneven else "too_early")
    difference = treatment.mean - control.mean
    error = sqrt(control.variance / control.n + treatment.variance / treatment.n)
    # Two arms weigh as much as this many observations of a single mean.
    n = _weight(control.n, treatment.n)
    scale = error * sqrt(n)
    fixed = around(difference, scale * fixed_half_width(n, alpha=alpha))
    tuned_at = _weight(planned.control, planned.treatment)
    always = around(difference, scale * always_valid_half_width(n, tuned_at=tuned_at, alpha=alpha))
    return Comparison(control, treatment, difference, fixed, always, _finding(control, treatment, always, ratio))


def plan(
    *,
    cv: float,
    lift: float,
    weekly_cards: float,
    share: float = 0.5,
    power: float = 0.8,
    within_weeks: int = LONGEST_WEEKS,
) -> Plan:
    """How many cards, and weeks, until a difference shows, with the chance (power) that it does if it is there.

    cv: the standard deviation of margin from card to card over its mean. lift: the difference over that mean.
    weekly_cards: new cards a week, both arms together. share: of them in treatment. within_weeks: how long anybody
    would wait for the smallest lift. For a mean of variance 1 the half width and the power's quantile together must be
    no wider than the difference.
    Raises ValueError if cv or lift is not above 0, or the share not between 0 and 1.
    """
    if not (cv > 0 and lift > 0 and 0 < share < 1):
        raise ValueError(f"no plan for cv = {cv}, lift = {lift}, share = {share}")
    reserve = normal_quantile(power)
    fixed = fixed_half_width(1) + reserve
    always = always_valid_half_width(1, tuned_at=1) + reserve
    most = weekly_cards * (within_weeks - WINDOW_WEEKS) * share * (1 - share)
    return Plan(
        _size((fixed * cv / lift) ** 2, weekly_cards, share),
        _size((always * cv / lift) ** 2, weekly_cards, share),
        always * cv / sqrt(most) if most > 0 else None,
    )


def _size(weight: float, weekly_cards: float, share: float) -> Size:
    total = weight / (share * (1 - share))
    control, treatment = ceil(total * (1 - share)), ceil(total * share)
    weeks = ceil((control + treatment) / weekly_cards) + WINDOW_WEEKS if weekly_cards > 0 else None
    return Size(control, treatment, weeks)


def _weight(control: int, treatment: int) -> float:
    return control * treatment / (control + treatment)


def _finding(control: Arm, treatment: Arm, always: Interval, ratio: SampleRatio) -> Finding:
    if ratio.uneven:
        return "uneven"
    if min(control.n, treatment.n) < FEWEST_PER_ARM:
        return "too_early"
    if not always.excludes(0):
        return "open"
    return "better" if always.low > 0 else "worse"
