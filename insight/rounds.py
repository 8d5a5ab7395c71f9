"""What every card holds at a moment: rounds filled, the one in progress, rewards; counted as rules/card.py counts."""

from dataclasses import dataclass

import numpy as np

from insight.columns import I16, I32, I64, VOID, Bools, Columns, Programme

_NOWHERE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Holdings:
    """Of every card, under the version its programme had come to: rounds filled, the round in progress, and rewards.

    stamps: in progress, 0 or more. needed: for the round in progress. rewards: added by hand or taken since, signed.
    """

    earned: I64
    stamps: I64
    needed: I64
    rewards: I64

    @property
    def ready(self) -> I64:
        """Rewards that can be handed over."""
        ready: I64 = np.maximum(self.earned + self.rewards, 0)
        return ready


def holdings(columns: Columns, until: int) -> Holdings:
    """What the cards held at a moment (ms), by what has stood since: a void counts when the line it undoes does."""
    events, programme = columns.events, columns.cards.programme
    lines = counted_at(columns) <= until
    terms = Terms.of(columns.programmes)
    last = terms.last(until)[programme]
    first = columns.cards.first_version.astype(np.int64)

    rounds = _Rounds(terms.needed[programme, first])
    total = np.zeros(len(columns.cards), dtype=np.int64)
    for number in range(1, terms.needed.shape[1]):
        if (entering := (first < number) & (number <= last)).any():
            rounds.enter(entering, total, terms.needed[programme, number], terms.keeps_better[programme, number])
        total += _sums(columns, lines & (events.version == number), events.stamps)
    start, needed, earned = rounds.at(total)
    return Holdings(earned, np.maximum(total - start, 0), needed, _sums(columns, lines, events.rewards))


def counted_at(columns: Columns) -> I64:
    """The moment every line counts for (ms): a void's is that of the line it undoes."""
    at, voids = columns.events.at, np.flatnonzero(columns.events.kind == VOID)
    if len(voids) == 0:
        return at
    at = at.copy()
    at[voids] = at[columns.events.voids[voids]]
    return at


@dataclass(frozen=True, slots=True)
class Terms:
    """Every version's terms in a table: a row for each programme, a column for each version number."""

    needed: I64
    keeps_better: Bools
    started_at: I64

    @classmethod
    def of(cls, programmes: tuple[Programme, ...]) -> "Terms":
        """The table of these programmes; where a programme has no such version nothing starts."""
        most = max((promise.version for programme in programmes for promise in programme.versions), default=0)
        shape = (len(programmes), most + 1)
        table = cls(np.ones(shape, np.int64), np.zeros(shape, bool), np.full(shape, _NOWHERE))
        for row, programme in enumerate(programmes):
            for promise in programme.versions:
                table.needed[row, promise.version] = promise.stamps_needed
                table.keeps_better[row, promise.version] = promise.keeps_better
                table.started_at[row, promise.version] = promise.started_at
        return table

    def last(self, until: int) -> I64:
        """The version of each programme that was in force at a moment; the first one before it began."""
        started = self.started_at <= until
        last: I64 = np.where(started, np.arange(started.shape[1]), 0).max(axis=1, initial=1)
        return last


class _Rounds:
    """Where the rounds of the cards lie along their totals: stretches of equal rounds, (start, need, earned before).

    A stretch is three arrays with a place for every card; one that a card does not have starts nowhere.
    """

    def __init__(self, needed: I64) -> None:
        self.stretches = [(np.zeros_like(needed), needed, np.zeros_like(needed))]

    def at(self, total: I64) -> tuple[I64, I64, I64]:
        """The round in progress at these totals: its start, its need, and the rounds filled before it."""
        # The first stretch begins at nothing, so it is that of a card that owes stamps as well.
        total = np.maximum(total, 0)
        start, needed, earned = (part.copy() for part in self.stretches[0])
        for since, need, before in self.stretches[1:]:
            # Where versions overlap the later one holds.
            later = since <= total
            start[later], needed[later], earned[later] = since[later], need[later], before[later]
        filled = (total - start) // needed
        return start + filled * needed, needed, earned + filled

    def enter(self, cards: Bools, total: I64, needed: I64, keeps_better: Bools) -> None:
        """Let these cards begin a version at these totals."""
        start, need, earned = self.at(total)
        goal = np.where(keeps_better, np.minimum(need, needed), need)
        self.stretches.append((np.where(cards, start, _NOWHERE), goal, earned))
        self.stretches.append((np.where(cards, start + goal, _NOWHERE), needed, earned + 1))


def _sums(columns: Columns, lines: Bools, what: I16 | I32) -> I64:
    """Something of these lines added up for each card."""
    added = np.bincount(columns.events.card[lines], weights=what[lines], minlength=len(columns.cards))
    return added.astype(np.int64)
