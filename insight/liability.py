"""What a shop owes its customers: rewards that wait, and stamps that become rewards as often as they have so far."""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I64, Bools
from insight.figures import View
from insight.progress import Steps
from insight.promised import redemption
from insight.rounds import holdings
from insight.survival import Curve, kaplan_meier
from insight.visits import DAY_MS


@dataclass(frozen=True, slots=True)
class Liability:
    """What is owed at a moment (ms), in the smallest unit of the currency, at today's cost of a reward.

    rewards, stamps: those that wait, and those in progress. cards: with one or the other. at_most: if every reward were
    redeemed and every stamp were worth its part of one. expected: by the odds of this shop: rewards get redeemed as
    often as those earned at least 60 days ago did (redeemed; None: nothing known yet, so all are reckoned with), and a
    stamp counts for its part of a reward times the odds that a round which had come as far, on a card as long quiet,
    is filled. completed: those odds, as the mean over the stamps in progress; None without any.
    """

    rewards: int
    stamps: int
    cards: int
    at_most: float
    expected: float
    redeemed: float | None
    completed: float | None
    at: int


def liability(seen: View, moves: Steps) -> Liability | None:
    """What is owed at the view's moment; None while nobody has a card. moves: the steps up to it."""
    if not (seen.enrolled_at <= seen.at).any():
        return None
    held = holdings(seen.columns, seen.at)
    ready, programme = held.ready, seen.columns.cards.programme
    cost = np.array([each.current.unit_cost for each in seen.columns.programmes], dtype=np.float64)[programme]
    part = held.stamps / held.needed
    odds = _odds(seen, moves, held.stamps, held.needed)
    was_redeemed = redemption(seen)
    redeemed = None if was_redeemed is None else was_redeemed.value
    stamps = int(held.stamps.sum())
    return Liability(
        rewards=int(ready.sum()),
        stamps=stamps,
        cards=int(((ready > 0) | (held.stamps > 0)).sum()),
        at_most=float(((ready + part) * cost).sum()),
        expected=float(((ready + part * odds) * cost).sum()) * (1.0 if redeemed is None else redeemed),
        redeemed=redeemed,
        completed=float((odds * held.stamps).sum()) / stamps if stamps else None,
        at=seen.at,
    )


def _odds(seen: View, moves: Steps, stamps: I64, needed: I64) -> F64:
    """For every card the odds that its round in progress will be filled; 1 where no round has come as far.

    Rounds that are as many stamps short are one kind. How many of them were ever filled, and after how long without a
    stamp the next one still came, are Kaplan-Meier curves, so that young shops and young cards count fairly; the odds
    of a card are those of its kind times how much less likely its quiet days make a next stamp.
    """
    odds = np.ones(len(stamps))
    if len(moves) == 0:
        return odds
    short, missing = moves.needed - moves.stamps, needed - stamps
    next_days, next_came = _until_next(moves, seen.at)
    fill_days, was_filled = _until_filled(moves, seen.at)
    last = np.append(moves.card[1:] != moves.card[:-1], True)
    quiet = np.zeros(len(stamps))
    quiet[moves.card[last]] = (seen.at - moves.at[last]) / DAY_MS
    in_progress = stamps > 0
    for kind in np.unique(missing[in_progress]):
        lines, cards = short == kind, in_progress & (missing == kind)
        if not lines.any():
            continue
        filled = kaplan_meier(fill_days[lines], was_filled[lines])
        came = kaplan_meier(next_days[lines], next_came[lines])
        ever, at_first = 1 - _end(filled), 1 - _end(came)
        if at_first > 0:
            odds[cards] = np.minimum(ever * _still_to_come(came, quiet[cards]) / at_first, 1)
        else:
            odds[cards] = 0
    return odds


def _until_next(moves: Steps, until: int) -> tuple[F64, Bools]:
    """Days from every line to the next stamp of its card, or to the moment of the view, and whether there was one."""
    came = np.append((moves.card[1:] == moves.card[:-1]) & moves.is_stamp[1:], False)
    at = np.where(came, np.append(moves.at[1:], until), until)
    return np.maximum(at - moves.at, 0) / DAY_MS, came


def _until_filled(moves: Steps, until: int) -> tuple[F64, Bools]:
    """Days from every line until its round was filled, or to the moment of the view, and whether it was.

    What ran out was never filled, and is watched to the end.
    """
    same_card = moves.card[1:] == moves.card[:-1]
    filled = same_card & (moves.filled[1:] > moves.filled[:-1])
    ends = np.append(filled | ~same_card | (moves.stamps[1:] < moves.stamps[:-1]), True)
    # For every line the place of the last line of its round.
    places = np.flatnonzero(ends)
    end = places[np.cumsum(ends) - ends]
    was_filled = np.append(filled, False)[end]
    at = np.where(was_filled, np.append(moves.at, until)[end + 1], until)
    return np.maximum(at - moves.at, 0) / DAY_MS, was_filled


def _end(curve: Curve) -> float:
    """The share it never happened to."""
    return float(curve.survival[-1]) if len(curve.survival) else 1.0


def _still_to_come(curve: Curve, quiet: F64) -> F64:
    """The share of those it has not happened to after so many days that it happens to later."""
    left = np.append(1.0, curve.survival)[np.searchsorted(curve.times, quiet, side="right")]
    # Nobody was ever quiet for as long and came back.
    return np.where(left > 0, 1 - _end(curve) / np.maximum(left, 1e-300), 0.0)
