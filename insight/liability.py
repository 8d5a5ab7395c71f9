"""What a shop owes its customers: rewards that wait, and stamps that become rewards as often as they have so far."""

from dataclasses import dataclass

import numpy as np

from insight.columns import F64, I64, MAIN, Bools
from insight.figures import View
from insight.progress import Steps
from insight.promised import handed_over, redemption
from insight.rounds import holdings
from insight.survival import Curve, kaplan_meier
from insight.visits import DAY_MS


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rewards of one name that wait, of programmes of one name (an experiment's two are). cost: of all, at most."""

    programme: str
    reward: str
    n: int
    cost: int


@dataclass(frozen=True, slots=True)
class Liability:
    """What is owed at a moment (ms), in the smallest unit of the currency, at today's cost of each reward.

    rewards, stamps: those that wait, and those in progress. cards: with one or the other; units of money that make no
    whole stamp yet count as well. at_most: if every reward were redeemed as the dearest item it can be and every stamp
    were worth its part of one, main ones and tiers alike. expected: by the odds of this shop: rewards get redeemed as
    often as those earned at least 60 days ago did (redeemed; None: nothing known yet, so all are reckoned with), for
    what customers have picked so far, and a stamp counts for its part of a reward times the odds that rounds as many
    stamps short, on cards as long quiet, were filled. completed: those odds of the main rewards, as the mean over the
    stamps in progress; None without any. waiting: the rewards by name.
    """

    rewards: int
    stamps: int
    cards: int
    at_most: float
    expected: float
    redeemed: float | None
    completed: float | None
    at: int
    waiting: tuple[Waiting, ...]


def liability(seen: View, moves: Steps) -> Liability | None:
    """What is owed at the view's moment; None while nobody has a card. moves: the steps up to it."""
    if not (seen.enrolled_at <= seen.at).any():
        return None
    held = holdings(seen.columns, seen.at)
    programme = seen.columns.cards.programme
    chances = _Chances(seen, moves)
    usual = _usual_costs(seen)
    was_redeemed = redemption(seen)
    redeemed = None if was_redeemed is None else was_redeemed.value
    at_most = expected = 0.0
    completed = None
    waiting: dict[tuple[str, str], list[int]] = {}
    for each in held.kinds:
        missing = -((each.way - each.at) // held.unit)  # a part of a stamp is short as well
        odds = chances.of(missing, (each.way > 0) & (missing > 0))
        if each.key == MAIN and held.stamps.any():
            completed = float((odds * held.stamps).sum()) / int(held.stamps.sum())
        for number, name, dearest in _named(seen, each.key):
            mine = programme == number
            n, part = int(each.ready[mine].sum()), each.part[mine]
            at_most += (n + float(part.sum())) * dearest
            expected += (n + float((part * odds[mine]).sum())) * usual[number, each.key]
            if n:
                row = waiting.setdefault((seen.columns.programmes[number].name, name), [0, 0])
                row[0], row[1] = row[0] + n, row[1] + n * dearest
    return Liability(
        rewards=int(held.ready.sum()),
        stamps=int(held.stamps.sum()),
        cards=int(((held.ready > 0) | (held.units > 0)).sum()),
        at_most=at_most,
        expected=expected * (1.0 if redeemed is None else redeemed),
        redeemed=redeemed,
        completed=completed,
        at=seen.at,
        waiting=tuple(Waiting(*names, *row) for names, row in sorted(waiting.items(), key=lambda row: row[0][0])),
    )


def _named(seen: View, key: int) -> list[tuple[int, str, int]]:
    """Of each programme that has a reward with this key: its number, the reward's name, what it costs at most."""
    found = ((number, each.rewards.get(key)) for number, each in enumerate(seen.columns.programmes))
    return [(number, reward.name, reward.dearest) for number, reward in found if reward is not None]


def _usual_costs(seen: View) -> dict[tuple[int, int], float]:
    """What a reward costs today, by programme and key: the mean over what was picked, or its own where nothing was."""
    programmes = seen.columns.programmes
    costs = {(n, key): float(each.unit_cost) for n, of in enumerate(programmes) for key, each in of.rewards.items()}
    if not seen.columns.items:
        return costs
    spent: dict[tuple[int, int], float] = dict.fromkeys(costs, 0.0)
    times = dict.fromkeys(costs, 0)
    for what, n in handed_over(seen, 0).items():
        kind = what.programme, what.key
        name = seen.columns.items[what.picked] if what.picked >= 0 else None
        spent[kind] += n * programmes[what.programme].rewards[what.key].item(name).unit_cost
        times[kind] += n
    return {kind: spent[kind] / times[kind] if times[kind] else cost for kind, cost in costs.items()}


class _Chances:
    """How likely stamps in progress are to become a reward, by what became of rounds before.

    Rounds that are as many stamps short are one kind. How many of them were ever filled, and after how long without a
    stamp the next one still came, are Kaplan-Meier curves, so that young shops and young cards count fairly; the odds
    of a card are those of its kind times how much less likely its quiet days make a next stamp. A tier is as likely to
    be reached as a round that is as many stamps short is to be filled.
    """

    def __init__(self, seen: View, moves: Steps) -> None:
        self._short = moves.needed - moves.stamps
        self._next = _until_next(moves, seen.at)
        self._fill = _until_filled(moves, seen.at)
        self._quiet = np.zeros(len(seen.columns.cards))
        if len(moves):
            last = np.append(moves.card[1:] != moves.card[:-1], True)
            self._quiet[moves.card[last]] = (seen.at - moves.at[last]) / DAY_MS
        self._curves: dict[int, tuple[Curve, Curve] | None] = {}

    def of(self, missing: I64, in_progress: Bools) -> F64:
        """For every card the odds that as many more stamps as are missing will come; 1 where no round came as far."""
        odds = np.ones(len(missing))
        for kind in np.unique(missing[in_progress]).tolist():
            curves = self._curves_of(kind)
            if curves is None:
                continue
            filled, came = curves
            cards = in_progress & (missing == kind)
            ever, at_first = 1 - _end(filled), 1 - _end(came)
            if at_first > 0:
                odds[cards] = np.minimum(ever * _still_to_come(came, self._quiet[cards]) / at_first, 1)
            else:
                odds[cards] = 0
        return odds

    def _curves_of(self, kind: int) -> tuple[Curve, Curve] | None:
        """Days to the round's end, and to the next stamp, of rounds so many stamps short; None if there were none."""
        if kind not in self._curves:
            lines = np.flatnonzero(self._short == kind)
            fill, following = (kaplan_meier(days[lines], came[lines]) for days, came in (self._fill, self._next))
            self._curves[kind] = (fill, following) if len(lines) else None
        return self._curves[kind]


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
