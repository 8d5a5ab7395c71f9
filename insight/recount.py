"""Counting cards again under other thresholds, by what they got between one time that stamps ran out and the next."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from insight.columns import BONUS, EXPIRE, F64, I32, I64, Bools, Columns, Reward, card_after_card

# Lines summed at a time, so that the sums of a large ledger take little memory beside it.
_LINES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: thresholds beside today's; everyone's welcome stamps, or None for those they got; extra visits.

    extra_visits: how many more stamps every card would have got, as a share. unit: what a stamp is worth in what the
    cards count. tiers: smaller rewards on the way; one that a threshold does not leave below it falls away.
    """

    today: int
    thresholds: I32
    welcome_stamps: int | None
    extra_visits: float
    unit: int = 1
    tiers: tuple[Reward, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Rewards today and under each threshold, and how many cards would have got more, or fewer, of all kinds together.

    issued_today, issued: the main reward, then each tier, as the last axis. issued counts the extra visits in, as an
    expectation; more and fewer do not. stamps: all that stand or ran out, without welcomes.
    """

    issued_today: I64
    issued: F64
    more: I64
    fewer: I64
    stamps: float


def tally(columns: Columns, cards: Bools, question: Question) -> Tally:
    """Count these cards again.

    Under one set of terms the order of stamps does not matter until some run out: what goes then is what is in
    progress, more or less under another threshold, and the next stretch of stamps begins at nothing.
    """
    given, others = _stretches(columns, cards)
    instead = question.welcome_stamps
    start = given if instead is None else np.full_like(given, instead * question.unit)
    now, then = _Kinds([others[0] + given, *others[1:]]), _Kinds([others[0] + start, *others[1:]])
    grown = [added + question.extra_visits * np.maximum(added, 0) for added in others]
    likely = _Likely([grown[0] + start, *grown[1:]])

    today = now.together(question.today, question)
    more, fewer, issued = [], [], []
    for threshold in question.thresholds.tolist():
        total = then.together(threshold, question)
        more.append(np.count_nonzero(total > today))
        fewer.append(np.count_nonzero(total < today))
        issued.append(likely.issued(threshold, question))
    return Tally(
        issued_today=np.array([each.sum() for each in now.rewards(question.today, question)]),
        issued=np.array(issued),
        more=np.array(more),
        fewer=np.array(fewer),
        stamps=sum(int(each.sum()) for each in others) / question.unit,
    )


class _Kinds:
    """Cards by their stretches: the units there are, and which of them a card's first, second and later ones have."""

    def __init__(self, stretches: list[I64]) -> None:
        self._units, where = np.unique(np.concatenate(stretches), return_inverse=True)
        self._places = np.split(where, np.cumsum([len(each) for each in stretches])[:-1])

    def rewards(self, threshold: int, question: Question) -> Iterator[I64]:
        """What each card earns of the main reward, then of each tier."""
        for times, once in _earned(self._units, threshold, question):
            yield np.minimum(self._added(times), 1) if once else self._added(times)

    def together(self, threshold: int, question: Question) -> I64:
        """What each card earns of all rewards."""
        often = np.zeros(len(self._units), dtype=np.int64)
        once_only = []
        for times, once in _earned(self._units, threshold, question):
            if once:
                once_only.append(np.minimum(self._added(times), 1))
            else:
                often += times
        return sum(once_only, self._added(often))

    def _added(self, times: I64) -> I64:
        """Of each card, of what each kind of stretch earns."""
        total: I64 = times[self._places[0]]
        for places in self._places[1:]:
            total[: len(places)] += times[places]
        return total


class _Likely:
    """Cards whose stretches came to parts of units: a part is that chance of a whole one."""

    def __init__(self, stretches: list[F64]) -> None:
        self._stretches = stretches
        every = np.concatenate(stretches)
        whole = np.floor(every)
        chance = every - whole
        self._units, where = np.unique(np.append(whole, whole + 1).astype(np.int64), return_inverse=True)
        self._n = np.bincount(where, weights=np.append(1 - chance, chance))
        self._reached: dict[int, float] = {}

    def issued(self, threshold: int, question: Question) -> list[float]:
        """Of the main reward, then of each tier, how many are to be expected."""
        places = (0, *(tier.at for tier in question.tiers))
        return [
            self._ever(at * question.unit) * (at < threshold) if once else float(self._n @ times)
            for at, (times, once) in zip(places, _earned(self._units, threshold, question), strict=True)
        ]

    def _ever(self, at: int) -> float:
        """How many cards are expected to come so far at all."""
        if at not in self._reached:
            never = np.ones(len(self._stretches[0]))
            for units in self._stretches:
                never[: len(units)] *= 1 - np.clip(units - at + 1, 0, 1)
            self._reached[at] = float((1 - never).sum())
        return self._reached[at]


def _earned(units: I64, threshold: int, question: Question) -> Iterator[tuple[I64, bool]]:
    """What stretches of so many units earn of the main reward, then of each tier; and whether a card gets that once."""
    goal = threshold * question.unit
    units = np.maximum(units, 0)
    filled = units // goal
    rest = units - filled * goal
    yield filled, False
    for tier in question.tiers:
        is_below = tier.at < threshold
        yield is_below * (filled + (rest >= tier.at * question.unit)), tier.once


def _stretches(columns: Columns, cards: Bools) -> tuple[I64, list[I64]]:
    """What these cards got from one time that stamps ran out to the next, in units, in one order of cards.

    Of every card its welcome; then of all cards what else their first stretches brought, of those that have one what
    their second ones did, and so on.
    """
    welcome, others, lapsed = _sums(columns)
    steady = np.flatnonzero(cards & ~lapsed)
    card, added, depth = _pieces(columns, cards & lapsed)
    starts = np.cumsum(depth) - depth
    starts = starts[np.argsort(-depth, kind="stable")]
    # How many cards have a first stretch, a second one, and so on.
    sizes = len(depth) - np.searchsorted(np.sort(depth), np.arange(depth.max(initial=1)), side="right")
    places = [starts[:size] + step for step, size in enumerate(sizes.tolist())]
    given = welcome[np.append(card[places[0]], steady)]
    by_step = [added[each] for each in places]
    by_step[0] = np.append(by_step[0] - given[: len(places[0])], others[steady])
    for before, after in zip(by_step[-2::-1], by_step[:0:-1], strict=True):
        # What was taken away after stamps ran out had been there before.
        below = np.minimum(after, 0)
        after -= below
        before[: len(after)] += below
    return given, by_step


def _sums(columns: Columns) -> tuple[I64, I64, Bools]:
    """Of every card, in units: its welcome, all others that stand or ran out; and whether some did run out."""
    events, size = columns.events, len(columns.cards)
    welcome, lapse = _welcomes(columns), _lapses(columns)
    given = _added(events.card[welcome], events.units[welcome], size)
    lapsed = _added(events.card[lapse], events.units[lapse], size)
    return given, _added(events.card, events.units, size) - given - lapsed, lapsed < 0


def _pieces(columns: Columns, cards: Bools) -> tuple[I32, I64, I64]:
    """These cards' stretches, card after card: the card and the units of each; and how many each card has.

    What was undone is left out: it goes from the stretch in which it was given.
    """
    events = columns.events
    card, lines = card_after_card(events.card, np.flatnonzero(cards[events.card] & events.standing()))
    units = events.units[lines]
    lapse = (events.kind[lines] == EXPIRE) & (units < 0)
    units[lapse] = 0
    is_first = np.ones(len(lines), dtype=bool)
    is_first[1:] = card[1:] != card[:-1]
    begins = is_first.copy()
    begins[1:] |= lapse[:-1]
    starts = np.flatnonzero(begins)
    added = np.add.reduceat(units, starts) if len(starts) else units
    first = np.flatnonzero(is_first[starts])
    return card[starts], added, np.diff(np.append(first, len(starts)))


def _welcomes(columns: Columns) -> Bools:
    """Bonuses that cards were made with."""
    events = columns.events
    is_welcome: Bools = (events.kind == BONUS) & ~events.undone()
    lines = np.flatnonzero(is_welcome)
    is_welcome[lines] = events.at[lines] == columns.cards.created_at[events.card[lines]]
    return is_welcome


def _lapses(columns: Columns) -> Bools:
    """Lines with which stamps ran out."""
    lapses: Bools = (columns.events.kind == EXPIRE) & (columns.events.units < 0) & ~columns.events.undone()
    return lapses


def _added(card: I32, units: I64, size: int) -> I64:
    """The units of each card."""
    total = np.zeros(size, dtype=np.float64)
    for begin in range(0, len(card), _LINES_AT_ONCE):
        part = slice(begin, begin + _LINES_AT_ONCE)
        total += np.bincount(card[part], weights=units[part], minlength=size)
    return total.astype(np.int64)
