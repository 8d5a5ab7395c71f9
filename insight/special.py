"""The few special functions the models need, over numpy arrays."""

from math import erfc, sqrt

import numpy as np

from insight.columns import F64, I64


def rising(start: float, counts: I64) -> tuple[F64, F64]:
    """log Γ(start + count) − log Γ(start) for each count, and its slope in start.

    start: above 0. counts: whole numbers from 0. Sums of logs of start, start + 1 and so on, so counts in the
    thousands lose nothing to cancellation.
    """
    steps = start + np.arange(int(counts.max(initial=0)))
    logs = np.concatenate(([0.0], np.cumsum(np.log(steps))))
    slopes = np.concatenate(([0.0], np.cumsum(1 / steps)))
    return logs[counts], slopes[counts]


def beta_nodes(a: float, b: F64, *, points: int = 32) -> tuple[F64, F64]:
    """Where to look at a function of p in 0..1, and the weights, to average it over beta(a, b) chances.

    a: above 0. b: above 0, one for each row. Returns two arrays of len(b) × points; each row of weights adds up to 1.
    Gauss-Jacobi quadrature by the eigenvalues of the recurrence (Golub & Welsch 1969).
    """
    # Jacobi's weight (1−u)^β (1+u)^α on −1..1, with p = (1+u)/2.
    alpha, beta = a - 1, b[:, None] - 1
    k = np.arange(points)
    c = 2 * k + alpha + beta
    with np.errstate(divide="ignore", invalid="ignore"):
        diagonal = (alpha**2 - beta**2) / (c * (c + 2))
        j = k[1:]
        d = 2 * j + alpha + beta
        squared = 4 * j * (j + alpha) * (j + beta) * (j + alpha + beta) / (d**2 * (d + 1) * (d - 1))
    # The first of each by hand: the general terms are 0/0 there for some a and b.
    diagonal[:, 0] = ((alpha - beta) / (alpha + beta + 2))[:, 0]
    squared[:, 0] = (4 * (1 + alpha) * (1 + beta) / ((2 + alpha + beta) ** 2 * (3 + alpha + beta)))[:, 0]
    matrix = np.zeros((len(b), points, points))
    matrix[:, k, k] = diagonal
    matrix[:, k[1:], k[:-1]] = np.sqrt(squared)
    roots, vectors = np.linalg.eigh(matrix)
    return (1 + roots) / 2, vectors[:, 0, :] ** 2


def chi_square_tail(value: float) -> float:
    """How often a chi-square of one degree of freedom is this large or larger."""
    return erfc(sqrt(value / 2))
