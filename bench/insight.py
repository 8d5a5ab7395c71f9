"""What the numbers cost on a large ledger: making it, counting it again under every threshold, and all figures.

Each is done by a process of its own, so that its peak memory is its own; files hand the columns on.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from insight import figures, promised
from insight.believable import Story, believable
from insight.cohorts import triangle
from insight.columns import EXPIRE, STAMP, Cards, Columns, Events, Programme
from insight.hours import busy_hours
from insight.liability import liability
from insight.progress import steps
from insight.replay import what_if

STORY = Story(cards=1_000_000, days=728, leaving=(0.9, 7.2))
EVENTS = 10_000_000


def main() -> None:
    """Measure, and print beside the goals."""
    with tempfile.TemporaryDirectory(prefix="tenth-bench-") as folder:
        made, replayed, lapsed, reckoned = (_apart(what, folder) for what in ("make", "replay", "lapse", "reckon"))
    print(f"\nThe numbers of {made['cards']:,} cards, each done by a process of its own")
    _print("making them", made, seconds=30)
    _print("what if, under every threshold", replayed, seconds=5, megabytes=1000)
    _print("the same where stamps run out", lapsed, seconds=5, megabytes=1000)
    _print("all figures", reckoned)


def make(folder: Path) -> Callable[[], Columns]:
    """The believable ledger, kept for the others."""

    def told() -> Columns:
        columns = believable(STORY, np.random.default_rng(1))
        for kind, table in (("cards", columns.cards), ("events", columns.events)):
            for name in table.__dataclass_fields__:
                np.save(folder / f"{kind}-{name}.npy", getattr(table, name))
        return columns

    return told


def replay(folder: Path) -> Callable[[], Columns]:
    """What if."""
    columns = _kept(folder)

    def replayed() -> Columns:
        what_if(columns, 0, extra_visits=0.1)
        return columns

    return replayed


def lapse(folder: Path) -> Callable[[], Columns]:
    """What if, where every twentieth stamp is a moment at which a card's stamps ran out."""
    columns = _kept(folder)
    lapses = np.flatnonzero(columns.events.kind == STAMP)[::20]
    columns.events.kind[lapses], columns.events.units[lapses] = EXPIRE, -1

    def replayed() -> Columns:
        what_if(columns, 0, extra_visits=0.1)
        return columns

    return replayed


def reckon(folder: Path) -> Callable[[], Columns]:
    """Every figure there is, at the end of the ledger."""
    columns = _kept(folder)

    def reckoned() -> Columns:
        seen = figures.view(columns, int(columns.events.at.max()))
        moves = steps(columns, seen.at)
        for figure in (figures.active_cards, figures.visits_per_active, figures.visits_per_enrolled,
                       figures.second_visit, promised.redemption, promised.breakage, triangle, busy_hours):  # fmt: skip
            figure(seen)
        promised.completion(seen, moves)
        promised.reward_cost(seen, seen.back(28))
        liability(seen, moves)
        return columns

    return reckoned


def _kept(folder: Path) -> Columns:
    cards, events = (
        {name: np.load(folder / f"{kind}-{name}.npy")[:EVENTS] for name in table.__dataclass_fields__}
        for kind, table in (("cards", Cards), ("events", Events))
    )
    return Columns(Cards(**cards), Events(**events), (Programme("Stamp card", (STORY.promise,)),), zone=STORY.zone)


def _apart(what: str, folder: str) -> dict[str, float]:
    """Do one of these in a process of its own; what it says of itself."""
    command = [sys.executable, "-m", "bench.insight", what, folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).resolve().parents[1])
    return json.loads(done.stdout)


def _measured(work: Callable[[], Columns]) -> dict[str, float]:
    began = time.perf_counter()
    columns = work()
    seconds = time.perf_counter() - began
    # Kilobytes on Linux, bytes on a Mac.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"seconds": seconds, "peak": peak, "cards": len(columns.cards), "events": len(columns.events)}


def _print(what: str, found: dict[str, float], *, seconds: float = np.inf, megabytes: float = np.inf) -> None:
    took, peak = found["seconds"], found["peak"] / 1_000_000
    costs = f"{took:.1f} s{_goal(took, seconds)}, {peak:.0f} MB{_goal(peak, megabytes)}"
    print(f"  {what} ({found['events']:,} events): {costs}")


def _goal(found: float, goal: float) -> str:
    return "" if goal == np.inf else f" (goal ≤ {goal:g}: {'met' if found <= goal else 'NOT MET'})"


if __name__ == "__main__":
    works = {"make": make, "replay": replay, "lapse": lapse, "reckon": reckon}
    print(json.dumps(_measured(works[sys.argv[1]](Path(sys.argv[2])))))
