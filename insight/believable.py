"""Believable ledgers of any size: customers who come at their own pace, like lunch, and stop for good one day.

Customers come at gamma-distributed rates and leave for good after a visit with a beta-distributed chance of their own
(BG/NBD: Fader, Hardie and Lee 2005); their gaps may shorten towards a reward (Kivetz, Urminsky and Zheng 2006).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from insight.columns import BONUS, F64, I16, I32, I64, REDEEM, STAMP, VOID, Cards, Columns, Events, Programme, Promise
from insight.visits import DAY_MS, HOUR_MS, ahead_of_utc

CAFE_HOURS = (0, 0, 0, 0, 0, 0, 0, 9, 14, 9, 7, 8, 17, 15, 7, 5, 5, 3, 1, 0, 0, 0, 0, 0)
CAFE_WEEK = (1.0, 1.0, 1.05, 1.1, 1.25, 0.8, 0.35)
SANDWICH = Promise(version=1, stamps_needed=10, unit_cost=240, unit_price=690, started_at=0)
MOST_STAMPS = 6
# Most cards are stamped in the shop they come from.
AT_HOME = 0.9
SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Story:
    """What is to be believed. Rates and chances are those of a distribution over customers.

    pace: shape and rate (in days) of the gamma-distributed visits a day. leaving: parameters of the beta-distributed
    chance to leave for good after a visit, except the first. pull: how much shorter the gap before a round's last stamp
    is than the one after its first, as a share. stamps_each: the mean of stamps a visit, 1 or more.
    redeems: the chance that a visit takes a reward that waits. mistaken: a share of stamps that are given once more by
    mistake, and undone. hours, week, shops: how visits share out over a day's hours, the days from Monday, the shops.
    """

    cards: int = 1_000
    days: int = 364
    began: date = date(2025, 1, 6)
    zone: str = "Europe/Warsaw"
    pace: tuple[float, float] = (0.8, 9.0)
    leaving: tuple[float, float] = (0.9, 9.0)
    pull: float = 0.2
    stamps_each: float = 1.2
    redeems: float = 0.8
    mistaken: float = 0.003
    hours: tuple[float, ...] = CAFE_HOURS
    week: tuple[float, ...] = CAFE_WEEK
    shops: tuple[float, ...] = (0.5, 0.3, 0.2)
    promise: Promise = SANDWICH


@dataclass(frozen=True, slots=True)
class _Visits:
    """Visits, card after card and a card's in order. at: ms since 1970."""

    card: I32
    at: I64
    stamps: I32


def believable(story: Story, dice: np.random.Generator) -> Columns:
    """The ledger such customers leave behind, every line taken in at the moment it happened."""
    card, moment, stamps = _paces(story, dice)
    visits = _in_order(card, _clock(story, moment, dice), stamps)
    first = np.flatnonzero(np.append(True, visits.card[1:] != visits.card[:-1]))
    home = _places(story, len(first), dice)
    away = dice.random(len(visits.card)) >= AT_HOME
    shop = np.where(away, _places(story, len(visits.card), dice), home[visits.card]).astype(np.int16)
    made_at = visits.at[first] - 60 * SECOND_MS
    cards = Cards(np.zeros(len(first), np.int16), home, np.ones(len(first), np.int16), made_at)
    events = _events(story, visits, shop, first, dice)
    names = tuple(f"Shop {number}" for number in range(1, len(story.shops) + 1))
    ids = [number.to_bytes(16, "big") for number in range(1, len(first) + 1)]
    return Columns(cards, events, (Programme("Stamp card", (story.promise,)),), names, story.zone, ids)


def _paces(story: Story, dice: np.random.Generator) -> tuple[I32, F64, I32]:
    """Every visit's card, moment (days since the story began, of a week whose days are all alike) and stamps."""
    needed = story.promise.stamps_needed
    card = np.arange(story.cards, dtype=np.int32)
    moment = dice.random(story.cards) * story.days
    rate = np.maximum(dice.gamma(story.pace[0], 1 / story.pace[1], story.cards), 1e-9)
    leaves = dice.beta(*story.leaving, story.cards)
    stamps = np.full(story.cards, story.promise.welcome_stamps, dtype=np.int32)
    pieces: list[tuple[I32, F64, I32]] = []
    while len(card):
        given = np.minimum(1 + dice.poisson(story.stamps_each - 1, len(card)), MOST_STAMPS).astype(np.int32)
        stamps = (stamps + given) % needed
        is_first = not pieces
        pieces.append((card, moment, given))
        nearer = np.maximum(stamps - 1, 0) / max(1, needed - 2)
        moment = moment + dice.standard_exponential(len(card)) / rate * (1 - story.pull * nearer)
        comes = moment < story.days
        if not is_first:
            comes &= dice.random(len(card)) >= leaves
        card, moment, stamps = card[comes], moment[comes], stamps[comes]
        rate, leaves = rate[comes], leaves[comes]
    card, moment, given = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return card, moment, given


def _clock(story: Story, moment: F64, dice: np.random.Generator) -> I64:
    """Moments put into days and hours when the shop is open, ms since 1970."""
    week = np.roll(story.week, -story.began.weekday())
    till = np.concatenate(([0.0], np.cumsum(week))) * 7 / sum(week)
    weeks, within = np.divmod(moment, 7)
    day = (weeks * 7 + np.floor(np.interp(within, till, np.arange(8)))).astype(np.int64)
    chances = np.cumsum(story.hours) / sum(story.hours)
    hour = np.searchsorted(chances, dice.random(len(moment)), side="right")
    began = (story.began - date(1970, 1, 1)).days
    there = (began + day) * DAY_MS + hour * HOUR_MS + dice.integers(0, HOUR_MS, len(moment))
    return there - ahead_of_utc(there - ahead_of_utc(there, story.zone), story.zone)


def _in_order(card: I32, at: I64, stamps: I32) -> _Visits:
    """Card after card, and each card's visits in order."""
    order = np.argsort(card * (at.max() - at.min() + 1) + (at - at.min()))
    return _Visits(card[order], at[order], stamps[order])


def _places(story: Story, size: int, dice: np.random.Generator) -> I16:
    """Shops, each as often as it is busy."""
    chances = np.cumsum(story.shops) / sum(story.shops)
    return np.searchsorted(chances, dice.random(size), side="right").astype(np.int16)


def _events(story: Story, visits: _Visits, shop: I16, first: I64, dice: np.random.Generator) -> Events:
    """Every visit's lines: the stamps, a reward that was waiting, and what was stamped by mistake and undone."""
    everyone = np.arange(len(visits.card))
    twice = everyone[dice.random(len(everyone)) < story.mistaken]
    takes = _redeemed(story, visits, first, dice)
    welcomed = first[: len(first) if story.promise.welcome_stamps else 0]
    # Of each kind of line: which visits have it, its stamps and rewards, and how much later than the visit it comes.
    kinds = (
        (BONUS, welcomed, np.full(len(welcomed), story.promise.welcome_stamps), 0, -60),
        (REDEEM, takes, np.zeros(len(takes)), -1, -5),
        (STAMP, everyone, visits.stamps, 0, 0),
        (STAMP, twice, visits.stamps[twice], 0, 20),
        (VOID, twice, -visits.stamps[twice], 0, 40),
    )
    visit = np.concatenate([which for _, which, *_ in kinds])
    sizes = [len(which) for _, which, *_ in kinds]
    at = visits.at[visit] + np.repeat([later * SECOND_MS for *_, later in kinds], sizes)
    order = np.argsort(at)
    voids = np.full(len(order), -1, dtype=np.int32)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    given_twice, undone = len(order) - 2 * len(twice), len(order) - len(twice)
    voids[place[undone:]] = place[given_twice:undone]
    return Events.plain(
        card=visits.card[visit][order],
        kind=np.repeat([kind for kind, *_ in kinds], sizes).astype(np.uint8)[order],
        stamps=np.concatenate([stamps for _, _, stamps, *_ in kinds]).astype(np.int32)[order],
        rewards=np.repeat([rewards for *_, rewards, _ in kinds], sizes).astype(np.int16)[order],
        at=at[order],
        version=np.ones(len(order), dtype=np.int16),
        shop=shop[visit][order],
        voids=voids,
    )


def _redeemed(story: Story, visits: _Visits, first: I64, dice: np.random.Generator) -> I64:
    """The visits that take a reward, once for each: later than the one that filled the round, if the card has one."""
    counts = np.diff(np.append(first, len(visits.card)))
    sums = np.cumsum(visits.stamps, dtype=np.int64)
    before = np.repeat(sums[first] - visits.stamps[first] - story.promise.welcome_stamps, counts)
    filled = (sums - before) // story.promise.stamps_needed
    filled[1:] -= np.where(visits.card[1:] == visits.card[:-1], filled[:-1], 0)
    earned = np.repeat(np.arange(len(filled)), filled)
    takes = earned + dice.geometric(story.redeems, len(earned))
    last = (first + counts)[visits.card[earned]]
    return takes[takes < last]
