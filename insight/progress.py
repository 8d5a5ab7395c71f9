"""How cards move through their rounds, line by line: when each stamp came, and how far it brought the card."""

from dataclasses import dataclass

import numpy as np

from insight.columns import I32, I64, STAMP, Bools, Columns, card_after_card
from insight.rounds import Terms


@dataclass(frozen=True, slots=True)
class Steps:
    """Every line that moved a card's stamps and stands, card after card, a card's in the order they were taken in.

    at: ms since 1970. filled: rounds the card had filled by then. stamps, needed: whole ones in progress after it, and
    those that fill that round. is_stamp: a visit's, rather than a welcome, an adjustment or stamps running out.
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
    lines = np.flatnonzero(events.standing() & (events.units != 0) & (events.at <= until))
    card, lines = card_after_card(events.card, lines)
    version = events.version[lines]
    total = _running(card, events.units[lines])
    filled, left, needed = (np.zeros(len(lines), dtype=np.int32) for _ in range(3))

    terms, programme = Terms.of(columns.programmes), columns.cards.programme
    first_version = columns.cards.first_version.astype(np.int64)
    start, stood, rounds = (np.zeros(len(programme), dtype=np.int64) for _ in range(3))
    goal, unit = terms.goal[programme, first_version], terms.unit[programme, first_version]
    for number in range(1, terms.goal.shape[1]):
        need, worth = terms.goal[programme, number], terms.unit[programme, number]
        nearer = (first_version < number) & terms.keeps_better[programme, number] & (need < goal)
        goal, unit = np.where(nearer, need, goal), np.where(nearer, worth, unit)
        here = np.flatnonzero(version == number)
        whose = card[here]
        over, rest, then = _round(total[here], start[whose], goal[whose], need[whose])
        filled[here] = rounds[whose] + over
        each = np.where(over > 0, worth[whose], unit[whose])
        left[here], needed[here] = rest // each, then // each
        # Of several lines of a card the last one stays.
        stood[whose] = total[here]
        mine = first_version <= number
        more, rest, now = _round(stood, start, goal, need)
        over_now = mine & (more > 0)
        start, unit = np.where(over_now, stood - rest, start), np.where(over_now, worth, unit)
        goal = np.where(mine, now, goal)
        rounds += np.where(mine, more, 0)
    return Steps(card, events.at[lines], filled, left, needed, events.kind[lines] == STAMP)


def _round(total: I64, start: I64, goal: I64, need: I64) -> tuple[I64, I64, I64]:
    """Rounds filled since the one that began at `start`, the units of the one in progress, and its goal."""
    over = total - start - goal
    is_over = over >= 0
    return (
        np.where(is_over, 1 + over // need, 0),
        np.where(is_over, over % need, np.maximum(total - start, 0)),
        np.where(is_over, need, goal),
    )


def _running(card: I32, units: I64) -> I64:
    """The card's total after each line."""
    sums = np.cumsum(units)
    first = np.ones(len(card), dtype=bool)
    first[1:] = card[1:] != card[:-1]
    starts = np.flatnonzero(first)
    before = sums[starts] - units[starts]
    return sums - np.repeat(before, np.diff(np.append(starts, len(card))))
