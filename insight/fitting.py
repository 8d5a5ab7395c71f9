"""Downhill to the best fit: a small quasi-Newton search for smooth functions of a few parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from insight.columns import F64

# What is searched: parameters to the value there and its slopes.
Function = Callable[[F64], tuple[float, F64]]

# In logs of parameters: a factor of seven in one step is as bold as a search should be.
LONGEST_STEP = 2.0
SHORTEST_STEP = 1e-10
MOST_STEPS = 500
# The search ends when no slope is larger; functions are means over customers, of the order of 1.
LEVEL = 1e-9
# A sum of many logs is not known better than this: a rise so small is no rise.
ROUNDING = 1e-14


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where the search ended. converged: the ground is level there; if not, take the place with care."""

    place: F64
    value: float
    converged: bool


def lowest(function: Function, start: F64) -> Lowest:
    """Find where a function is lowest.

    BFGS with a backtracking line search (Nocedal & Wright 2006, chapters 3 and 6). A place where the value is no
    finite number counts as uphill.
    """
    place, (value, slope) = start, function(start)
    inverse: F64 = np.eye(len(start))
    for _ in range(MOST_STEPS):
        if np.abs(slope).max() <= LEVEL:
            return Lowest(place, value, converged=True)
        found = _step(function, place, value, slope, -inverse @ slope) or _step(function, place, value, slope, -slope)
        if found is None:
            # Uphill whichever way: as low as the digits allow, which is level for all that is known.
            return Lowest(place, value, converged=bool(np.abs(slope).max() <= np.sqrt(LEVEL)))
        moved, change = found[0] - place, found[2] - slope
        inverse = _bent(inverse, moved, change)
        place, value, slope = found
    return Lowest(place, value, converged=False)


def _step(function: Function, place: F64, value: float, slope: F64, way: F64) -> tuple[F64, float, F64] | None:
    """Go that way as far as it pays; None if it does not pay at all."""
    fall = float(slope @ way)
    if not fall < 0:
        return None
    highest = value + ROUNDING * abs(value)
    length = min(1.0, LONGEST_STEP / float(np.abs(way).max()))
    while length > SHORTEST_STEP:
        there = place + length * way
        value_there, slope_there = function(there)
        if np.isfinite(value_there) and value_there <= highest + 1e-4 * length * fall:
            return there, value_there, slope_there
        length /= 2
    return None


def _bent(inverse: F64, moved: F64, change: F64) -> F64:
    """The inverse curvature after one more step was seen; unchanged where the step bends the wrong way."""
    bend = float(moved @ change)
    if bend <= 1e-14 * float(np.sqrt((moved @ moved) * (change @ change))):
        return inverse
    rest = np.eye(len(moved)) - np.outer(moved, change) / bend
    return rest @ inverse @ rest.T + np.outer(moved, moved) / bend
