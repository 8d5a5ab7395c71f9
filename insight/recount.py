"""Counting cards again under other thresholds: from their sums where those suffice, else stretch by stretch."""

from dataclasses import dataclass

import numpy as np

from insight.columns import BONUS, EXPIRE, F64, I32, I64, Bools, Columns, card_after_card

# Lines summed at a time, so that the sums of a large ledger take little memory beside it.
_LINES_AT_ONCE = 1 << 20
# Cards counted under all thresholds at a time, for the same reason.
_CARDS_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: thresholds beside today's; everyone's welcome stamps, or None for those they got; extra visits.

    extra_visits: how many more stamps every card would have got, as a share.
    """

    today: int
    thresholds: I32
    welcome_stamps: int | None
    extra_visits: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Rewards of some cards today and under each threshold, and how many cards would have got more, or fewer.

    issued counts the extra visits in, more and fewer do not.
    """

    issued_today: int
    issued: F64
    more: I64
    fewer: I64

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.issued_today + other.issued_today,
            self.issued + other.issued,
            self.more + other.more,
            self.fewer + other.fewer,
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """Of every card: its welcome stamps, all others that stand or ran out, and whether some did run out."""

    welcome: I64
    others: I64
    lapsed: Bools


def sums(columns: Columns) -> Sums:
    """Every card's stamps added up. A welcome is the bonus that a card is made with."""
    events, size = columns.events, len(columns.cards)
    welcome, lapse = _welcomes(columns), _lapses(columns)
    given = _added(events.card[welcome], events.stamps[welcome], size)
    lapsed = _added(events.card[lapse], events.stamps[lapse], size)
    return Sums(given, _added(events.card, events.stamps, size) - given - lapsed, lapsed < 0)


def of_steady(summed: Sums, cards: Bools, question: Question) -> Tally:
    """Cards of which nothing ran out: one count for all that come to the same."""
    given, others = summed.welcome[cards], summed.others[cards]
    base = int(given.max(initial=0)) + 1
    kinds, n = np.unique(others * base + given, return_counts=True)
    others, given = np.divmod(kinds, base)
    now = np.maximum(given + others, 0) // question.today
    start = given if question.welcome_stamps is None else question.welcome_stamps
    then = _rewards(start + others, question.thresholds)
    # A part of a stamp is that chance of a whole one.
    grown = start + others + question.extra_visits * np.maximum(others, 0)
    whole = np.floor(grown).astype(np.int64)
    chance = (grown - whole)[:, None]
    issued = (1 - chance) * _rewards(whole, question.thresholds) + chance * _rewards(whole + 1, question.thresholds)
    return _tally(now, then, issued, n)


def of_lapsed(columns: Columns, cards: Bools, question: Question) -> Tally:
    """Cards of which stamps ran out: what goes then is what is in progress, more or less under another threshold."""
    none = np.zeros(len(question.thresholds), dtype=np.int64)
    total = Tally(0, none.astype(np.float64), none, none)
    stretches = _stretches(columns, cards)
    # Thrown from a fixed seed: the same question has the same answer.
    dice = np.random.default_rng(0)
    for begin in range(0, len(stretches.first), _CARDS_AT_ONCE):
        some = stretches.some(begin, begin + _CARDS_AT_ONCE)
        start = some.welcome if question.welcome_stamps is None else question.welcome_stamps * some.is_first
        grown = some.others * (1 + question.extra_visits * (some.others > 0))
        by_chance = np.floor(grown + dice.random(len(grown))).astype(np.int64)
        now = some.rewards(some.welcome + some.others, np.array([question.today], np.int32))[:, 0]
        then = some.rewards(start + some.others, question.thresholds)
        issued = some.rewards(start + by_chance, question.thresholds) if question.extra_visits else then
        total = total.plus(_tally(now, then, issued, np.ones(len(now), dtype=np.int64)))
    return total


@dataclass(frozen=True, slots=True)
class _Stretches:
    """What some cards got between one time that their stamps ran out and the next, card after card.

    first: where each card's stretches begin; is_first: for each stretch, whether a card's begin with it.
    """

    first: I64
    is_first: Bools
    welcome: I64
    others: I64

    def some(self, begin: int, end: int) -> "_Stretches":
        """The stretches of those cards alone."""
        bounds = np.append(self.first, len(self.others))
        low, high = bounds[begin], bounds[min(end, len(self.first))]
        part = slice(low, high)
        return _Stretches(self.first[begin:end] - low, self.is_first[part], self.welcome[part], self.others[part])

    def rewards(self, stamps: I64, thresholds: I32) -> I64:
        """Rewards of every card under every threshold, given the stamps of every stretch."""
        depth = np.diff(np.append(self.first, len(self.others)))
        total: I64 = np.zeros((len(self.first), len(thresholds)), dtype=np.int64)
        for step in range(int(depth.max(initial=0))):
            here = np.flatnonzero(depth > step)
            if step:  # the stretch before it ended when stamps ran out
                total[here] -= np.maximum(total[here], 0) % thresholds
            total[here] += stamps[self.first[here] + step][:, None]
        filled: I64 = np.maximum(total, 0) // thresholds.astype(np.int64)
        return filled


def _stretches(columns: Columns, cards: Bools) -> _Stretches:
    events = columns.events
    lines = card_after_card(events.card, np.flatnonzero(cards[events.card]))
    lapse, welcome = _lapses(columns)[lines], _welcomes(columns)[lines]
    card, stamps = events.card[lines], np.where(lapse, 0, events.stamps[lines]).astype(np.int64)
    is_first = np.ones(len(lines), dtype=bool)
    is_first[1:] = card[1:] != card[:-1]
    begins = is_first.copy()
    begins[1:] |= lapse[:-1]
    starts = np.flatnonzero(begins)
    if len(starts) == 0:
        return _Stretches(starts, is_first, stamps, stamps)
    given = np.add.reduceat(np.where(welcome, stamps, 0), starts)
    others = np.add.reduceat(stamps, starts) - given
    return _Stretches(np.flatnonzero(is_first[starts]), is_first[starts], given, others)


def _rewards(stamps: I64, thresholds: I32) -> I64:
    """Rounds filled by each sum (rows) under each threshold (columns)."""
    filled: I64 = np.maximum(stamps, 0)[:, None] // thresholds[None, :].astype(np.int64)
    return filled


def _tally(now: I64, then: I64, issued: F64 | I64, n: I64) -> Tally:
    """The sums over kinds of cards, n of each kind."""
    more, fewer = then > now[:, None], then < now[:, None]
    return Tally(int(n @ now), (n @ issued).astype(np.float64), n @ more, n @ fewer)


def _welcomes(columns: Columns) -> Bools:
    events = columns.events
    is_welcome: Bools = (events.kind == BONUS) & ~events.undone()
    lines = np.flatnonzero(is_welcome)
    is_welcome[lines] = events.at[lines] == columns.cards.created_at[events.card[lines]]
    return is_welcome


def _lapses(columns: Columns) -> Bools:
    lapses: Bools = (columns.events.kind == EXPIRE) & (columns.events.stamps < 0) & ~columns.events.undone()
    return lapses


def _added(card: I32, stamps: I32, size: int) -> I64:
    """The stamps of each card."""
    total = np.zeros(size, dtype=np.float64)
    for begin in range(0, len(card), _LINES_AT_ONCE):
        part = slice(begin, begin + _LINES_AT_ONCE)
        total += np.bincount(card[part], weights=stamps[part], minlength=size)
    return total.astype(np.int64)
