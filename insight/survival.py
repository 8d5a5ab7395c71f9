"""How long until it happens, counted fairly while some are still waited for: Kaplan-Meier and the log-rank test."""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from insight.columns import F64, I64, Bools
from insight.intervals import ALPHA, Interval, normal_quantile
from insight.special import chi_square_tail


@dataclass(frozen=True, slots=True)
class Curve:
    """The share it has not happened to yet, after each time at which it happened to someone.

    times: ascending, in the unit of the durations. at_risk: how many were still being watched just before. happened:
    how many it happened to then. survival: the share left. standard_error: of survival (Greenwood 1926). n: everyone.
    """

    times: F64
    at_risk: I64
    happened: I64
    survival: F64
    standard_error: F64
    n: int

    def at(self, time: float) -> float:
        """The share it has not happened to by then, that moment included: 0 to 1."""
        place = self._last_until(time)
        return 1.0 if place < 0 else float(self.survival[place])

    def interval(self, time: float, *, alpha: float = ALPHA) -> Interval | None:
        """Bounds of that share; None where it is 0 or 1 and nothing tells how far off it may be.

        Symmetric on the log(-log) scale, so that they stay between 0 and 1 (Kalbfleisch & Prentice 1980).
        """
        place = self._last_until(time)
        if place < 0 or not 0 < self.survival[place] < 1:
            return None
        share, error = float(self.survival[place]), float(self.standard_error[place])
        factor = exp(normal_quantile(1 - alpha / 2) * error / (share * -log(share)))
        return Interval(share**factor, share ** (1 / factor))

    def median(self) -> float | None:
        """The first time by which it has happened to half of them; None if it never came to that."""
        below = np.flatnonzero(self.survival <= 0.5)
        return float(self.times[below[0]]) if len(below) else None

    def _last_until(self, time: float) -> int:
        return int(np.searchsorted(self.times, time, side="right")) - 1


@dataclass(frozen=True, slots=True)
class LogRank:
    """Do two groups wait equally long? p: how often chance alone would part them as far as this."""

    chi_square: float
    p: float


def kaplan_meier(durations: NDArray[np.generic], observed: Bools) -> Curve:
    """The curve of durations (any one unit) that ended because it happened (observed) or because the watch ended.

    Who left at a moment at which it happened to others counts as watched at that moment (Kaplan & Meier 1958).
    Raises ValueError if the two are not of one length, or a duration is negative or no number.
    """
    times, place, ended = _places(durations, observed)
    left = np.bincount(place, minlength=len(times))
    happened = np.bincount(place[ended], minlength=len(times))
    at_risk = _still_there(left)
    here = happened > 0
    times, happened, at_risk = times[here], happened[here], at_risk[here]
    survival = np.cumprod(1 - happened / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(happened / (at_risk * (at_risk - happened)))
        error = survival * np.sqrt(greenwood)
    # Greenwood divides by those left: where nobody is left, the share is 0 and the formula has nothing to say.
    error[survival == 0] = 0.0
    return Curve(times, at_risk, happened, survival, error, len(durations))


def log_rank(durations: NDArray[np.generic], observed: Bools, in_second: Bools) -> LogRank:
    """Compare those in the second group with all others, by the hypergeometric variance (Mantel 1966).

    Raises ValueError as kaplan_meier does. Groups that cannot be told apart (one is empty, nothing happened) give
    a chi-square of 0.
    """
    times, place, ended = _places(durations, observed)
    second = np.asarray(in_second, dtype=bool)
    at_risk = _still_there(np.bincount(place, minlength=len(times)))
    at_risk_2 = _still_there(np.bincount(place[second], minlength=len(times)))
    happened = np.bincount(place[ended], minlength=len(times))
    happened_2 = np.bincount(place[ended & second], minlength=len(times))

    share = at_risk_2 / at_risk
    expected = happened * share
    others = np.maximum(at_risk - 1, 1)
    variance = float(np.sum(expected * (1 - share) * (at_risk - happened) / others))
    surprise = float(np.sum(happened_2 - expected))
    chi_square = surprise**2 / variance if variance > 0 else 0.0
    return LogRank(chi_square, chi_square_tail(chi_square))


def _places(durations: NDArray[np.generic], observed: Bools) -> tuple[F64, I64, Bools]:
    """The distinct durations ascending, the place of each duration among them, and the checked flags."""
    lengths = np.asarray(durations, dtype=np.float64)
    ended = np.asarray(observed, dtype=bool)
    if lengths.shape != ended.shape:
        raise ValueError(f"{lengths.shape} durations do not go with {ended.shape} observed flags")
    if not np.all(lengths >= 0):
        raise ValueError(f"a duration must be 0 or more, not {lengths[~(lengths >= 0)][0]}")
    times, place = np.unique(lengths, return_inverse=True)
    return times, place, ended


def _still_there(left: I64) -> I64:
    """How many were being watched just before each time, given how many left at each."""
    return np.cumsum(left[::-1])[::-1]
