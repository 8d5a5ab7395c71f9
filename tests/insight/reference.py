"""The published figures that the maths is held against, with their sources beside them in reference.json."""

import json
from pathlib import Path

import numpy as np

from insight.buying import Histories

HERE = Path(__file__).parent
FIGURES = json.loads((HERE / "reference.json").read_text("utf-8"))


def cdnow():
    """The CDNOW sample as histories, in weeks."""
    frequency, recency, age, n = np.loadtxt(HERE / "cdnow.csv", delimiter=",", dtype=np.int64, unpack=True)
    return Histories(frequency, recency / 7, age / 7, n)


def history(frequency, recency, age):
    """The history of one customer."""
    return Histories(np.array([frequency]), np.array([float(recency)]), np.array([float(age)]), np.array([1]))
