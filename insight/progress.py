"""How cards move through their rounds, line by line: when each stamp came, and how far it brought the card."""

from dataclasses import dataclass

import numpy as np

from insight.columns import I32, I64, STAMP, Bools, Columns, card_after_card
from insight.rounds import Terms


@dataclass(frozen=True, slots=True)
class Steps:
    """Every line that moved a card's stamps and stands, card after card, a card's in the order they were taken in.

    at: ms since 1970. filled: rounds the card had filled by then. stamps, needed: those in progress after it, and the
    goal of that round. is_stamp: a visit's, rather than a welcome, an adjustment or stamps running out.
    """

    card: I32
    at: I64
    filled: I32
    stamps: I32
    needed: I32
    is_stamp: Bools

    def __len__(self) -> int:
        return len(self.card)

    @property
    def is_first(self) -> Bools:
        """Which lines are the first of their cards."""
        first = np.ones(len(self), dtype=bool)
        first[1:] = self.card[1:] != self.card[:-1]
        return first


def steps(columns: Columns, until: int) -> Steps:
    """The cards' steps up to a moment (ms), as they went: what was undone since is left out.

    A round's goal follows the versions as in rules/card.py. Only a line undone under a later version than its own
    can make a difference: there the version began where the card stood with it, here where it stood without.
    """
    events = columns.events
    lines = np.flatnonzero(events.standing() & (events.stamps != 0) & (events.at <= until))
    lines = card_after_card(events.card, lines)
    card, version, stamps = events.card[lines], events.version[lines], events.stamps[lines]
    total = _running(card, stamps)
    filled, left, needed = (np.zeros(len(lines), dtype=np.int32) for _ in range(3))

    terms, programme = Terms.of(columns.programmes), columns.cards.programme
    first_version = columns.cards.first_version.astype(np.int64)
    start, stood, rounds = (np.zeros(len(programme), dtype=np.int64) for _ in range(3))
    goal = terms.needed[programme, first_version]
    for number in range(1, terms.needed.shape[1]):
        need = terms.needed[programme, number]
        entering = (first_version < number) & terms.keeps_better[programme, number]
        goal = np.where(entering, np.minimum(goal, need), goal)
        here = np.flatnonzero(version == number)
        whose = card[here]
        filled[here], left[here], needed[here] = _round(total[here], start[whose], goal[whose], need[whose])
        filled[here] += rounds[whose]
        # Of several lines of a card the last one stays.
        stood[whose] = total[here]
        mine = first_version <= number
        more, rest, now = _round(stood, start, goal, need)
        start, goal = np.where(mine & (more > 0), stood - rest, start), np.where(mine, now, goal)
        rounds += np.where(mine, more, 0)
    return Steps(card, events.at[lines], filled, left, needed, events.kind[lines] == STAMP)


def _round(total: I64, start: I64, goal: I64, need: I64) -> tuple[I64, I64, I64]:
    """Rounds filled since the one that began at `start`, the stamps of the one in progress, and its goal."""
    over = total - start - goal
    is_over = over >= 0
    return (
        np.where(is_over, 1 + over // need, 0),
        np.where(is_over, over % need, np.maximum(total - start, 0)),
        np.where(is_over, need, goal),
    )


def _running(card: I32, stamps: I32) -> I64:
    """The card's total after each line."""
    sums = np.cumsum(stamps, dtype=np.int64)
    first = np.ones(len(card), dtype=bool)
    first[1:] = card[1:] != card[:-1]
    starts = np.flatnonzero(first)
    before = sums[starts] - stamps[starts]
    return sums - np.repeat(before, np.diff(np.append(starts, len(card))))
