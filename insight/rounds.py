"""What every card holds at a moment: rounds filled, the one in progress, rewards; counted as rules/card.py counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from insight.columns import EXPIRE, F64, I16, I64, MAIN, VOID, Bools, Columns, Programme

_NOWHERE = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Held:
    """What every card has of one reward. key: of its tier, or MAIN; cards of a programme without it have nothing.

    earned: how often. rewards: added by hand or taken since, signed. at: where it lies in the round in progress, in
    units; 0 where this round is without it. way: units gone towards the next one, 0 once this round has passed it.
    """

    key: int
    earned: I64
    rewards: I64
    at: I64
    way: I64

    @property
    def ready(self) -> I64:
        """Rewards that can be handed over."""
        ready: I64 = np.maximum(self.earned + self.rewards, 0)
        return ready

    @property
    def part(self) -> F64:
        """The part of the next one that has been stamped, 0 to 1."""
        part: F64 = self.way / np.maximum(self.at, 1)
        return part


@dataclass(frozen=True, slots=True)
class Holdings:
    """Of every card, under the version its programme had come to: the round in progress, and every kind of reward.

    units: in progress, 0 or more, of what the card counts; goal: those that fill the round; unit: what a stamp is
    worth. kinds: the main reward, then tiers by key.
    """

    units: I64
    goal: I64
    unit: I64
    kinds: tuple[Held, ...]

    @property
    def stamps(self) -> I64:
        """Whole stamps in progress."""
        stamps: I64 = self.units // self.unit
        return stamps

    @property
    def needed(self) -> I64:
        """Stamps that fill the round in progress."""
        needed: I64 = self.goal // self.unit
        return needed

    @property
    def ready(self) -> I64:
        """Rewards of all kinds that can be handed over."""
        ready: I64 = np.sum([each.ready for each in self.kinds], axis=0)
        return ready


def holdings(columns: Columns, until: int) -> Holdings:
    """What the cards held at a moment (ms), by what has stood since: a void counts when the line it undoes does."""
    events, programme = columns.events, columns.cards.programme
    lines = counted_at(columns) <= until
    terms = Terms.of(columns.programmes)
    last = terms.last(until)[programme]
    first = columns.cards.first_version.astype(np.int64)

    rounds = _Rounds(terms.promise(programme, first))
    total = np.zeros(len(columns.cards), dtype=np.int64)
    for number in range(1, terms.goal.shape[1]):
        if (entering := (first < number) & (number <= last)).any():
            rounds.enter(entering, total, terms.promise(programme, number), terms.keeps_better[programme, number])
        total += _sums(columns, lines & (events.version == number), events.units)
    here = rounds.at(total)
    units = np.maximum(total - here.start, 0)
    kinds = [Held(MAIN, here.earned, _rewards(columns, lines, MAIN), here.round.goal, units)]
    for key, at in here.round.tiers.items():
        # Stamps that ran out left the tier they had earned: it counts as passed.
        stays = lines & (events.tier == key) & (events.kind == EXPIRE) & (events.rewards > 0)
        kept, passed = _sums(columns, stays, events.rewards), (at > 0) & (at <= total - here.start)
        earned, once = here.reached[key] + kept + passed, terms.once[key][programme]
        earned = np.where(once, np.minimum(earned, 1), earned)
        way = np.where((at == 0) | passed | (once & (earned > 0)), 0, units)
        kinds.append(Held(key, earned, _rewards(columns, lines, key) - kept, at, way))
    return Holdings(units, here.round.goal, here.round.unit, tuple(kinds))


def counted_at(columns: Columns) -> I64:
    """The moment every line counts for (ms): a void's is that of the line it undoes."""
    at, voids = columns.events.at, np.flatnonzero(columns.events.kind == VOID)
    if len(voids) == 0:
        return at
    at = at.copy()
    at[voids] = at[columns.events.voids[voids]]
    return at


class Round(NamedTuple):
    """What a round of every card promises, in units: its goal, what a stamp is worth, where its tiers lie, by key.

    A tier at 0 is not in the round.
    """

    goal: I64
    unit: I64
    tiers: Mapping[int, I64]

    def kept(self, new: "Round", keeps_better: Bools) -> "Round":
        """What it promises once its card has entered a version that promises something else."""
        goal = np.where(keeps_better, np.minimum(self.goal, new.goal), self.goal)
        unit = np.where(goal == self.goal, self.unit, new.unit)
        tiers = {}
        for key, at in self.tiers.items():
            then = new.tiers[key]
            nearer = np.minimum(np.where(at, at, goal), np.where(then, then, goal))
            better = np.where((at > 0) | (then > 0), np.minimum(nearer, goal), 0)
            tiers[key] = np.where(keeps_better, better, at)
        return Round(goal, unit, tiers)


@dataclass(frozen=True, slots=True)
class Terms:
    """Every version's terms in tables: a row for each programme, a column for each version number.

    goal: in units. tiers: of each key where it lies, in units, 0 where it is not; once: whether a card earns it once.
    """

    goal: I64
    unit: I64
    keeps_better: Bools
    started_at: I64
    tiers: dict[int, I64]
    once: dict[int, Bools]

    @classmethod
    def of(cls, programmes: tuple[Programme, ...]) -> "Terms":
        """The tables of these programmes; where a programme has no such version nothing starts."""
        versions = [(row, promise) for row, programme in enumerate(programmes) for promise in programme.versions]
        shape = (len(programmes), max((promise.version for _, promise in versions), default=0) + 1)
        keys = sorted({tier.key for _, promise in versions for tier in promise.tiers})
        table = cls(
            np.ones(shape, np.int64),
            np.ones(shape, np.int64),
            np.zeros(shape, bool),
            np.full(shape, _NOWHERE),
            {key: np.zeros(shape, np.int64) for key in keys},
            {key: np.zeros(len(programmes), bool) for key in keys},
        )
        for row, promise in versions:
            place = row, promise.version
            table.goal[place], table.unit[place] = promise.stamps_needed * promise.unit, promise.unit
            table.keeps_better[place], table.started_at[place] = promise.keeps_better, promise.started_at
            for tier in promise.tiers:
                table.tiers[tier.key][place], table.once[tier.key][row] = tier.at * promise.unit, tier.once
        return table

    def promise(self, programme: I16, version: I64 | int) -> Round:
        """What a round that begins under these versions promises."""
        place = programme, version
        return Round(self.goal[place], self.unit[place], {key: at[place] for key, at in self.tiers.items()})

    def last(self, until: int) -> I64:
        """The version of each programme that was in force at a moment; the first one before it began."""
        started = self.started_at <= until
        last: I64 = np.where(started, np.arange(started.shape[1]), 0).max(axis=1, initial=1)
        return last


class _Place(NamedTuple):
    """A stretch of equal rounds along the cards' totals, or one round of it.

    start: where it begins. earned, reached: rounds filled and tiers passed in the rounds before it.
    """

    start: I64
    round: Round
    earned: I64
    reached: Mapping[int, I64]


class _Rounds:
    """Where the rounds of the cards lie along their totals: stretches of equal rounds.

    A stretch has a place in its arrays for every card; one that a card does not have starts nowhere.
    """

    def __init__(self, first: Round) -> None:
        nothing = np.zeros_like(first.goal)
        self.stretches = [_Place(nothing, first, nothing, dict.fromkeys(first.tiers, nothing))]

    def at(self, total: I64) -> _Place:
        """The round in progress at these totals."""
        # The first stretch begins at nothing, so it is that of a card that owes stamps as well.
        total = np.maximum(total, 0)
        which = np.zeros(len(total), dtype=np.int64)
        for number, stretch in enumerate(self.stretches):
            which[stretch.start <= total] = number  # where versions overlap the later one holds
        start = self._chosen(which, [stretch.start for stretch in self.stretches])
        goal = self._chosen(which, [stretch.round.goal for stretch in self.stretches])
        unit = self._chosen(which, [stretch.round.unit for stretch in self.stretches])
        earned = self._chosen(which, [stretch.earned for stretch in self.stretches])
        filled = (total - start) // goal
        tiers, reached = {}, {}
        for key in self.stretches[0].reached:
            tiers[key] = self._chosen(which, [stretch.round.tiers[key] for stretch in self.stretches])
            before = self._chosen(which, [stretch.reached[key] for stretch in self.stretches])
            reached[key] = before + filled * (tiers[key] > 0)
        return _Place(start + filled * goal, Round(goal, unit, tiers), earned + filled, reached)

    def enter(self, cards: Bools, total: I64, promise: Round, keeps_better: Bools) -> None:
        """Let these cards begin a version at these totals."""
        here = self.at(total)
        kept = here.round.kept(promise, keeps_better)
        after = {key: here.reached[key] + (at > 0) for key, at in kept.tiers.items()}
        self.stretches.append(here._replace(start=np.where(cards, here.start, _NOWHERE), round=kept))
        then = np.where(cards, here.start + kept.goal, _NOWHERE)
        self.stretches.append(_Place(then, promise, here.earned + 1, after))

    @staticmethod
    def _chosen(which: I64, arrays: list[I64]) -> I64:
        """Of each card the value of its stretch."""
        chosen = arrays[0].copy()
        for number, array in enumerate(arrays[1:], 1):
            mine = which == number
            chosen[mine] = array[mine]
        return chosen


def _rewards(columns: Columns, lines: Bools, key: int) -> I64:
    """Rewards of one kind that these lines added or took, for each card."""
    return _sums(columns, lines & (columns.events.tier == key), columns.events.rewards)


def _sums(columns: Columns, lines: Bools, what: I16 | I64) -> I64:
    """Something of these lines added up for each card."""
    added = np.bincount(columns.events.card[lines], weights=what[lines], minlength=len(columns.cards))
    return added.astype(np.int64)
