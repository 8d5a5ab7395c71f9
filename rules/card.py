"""A card is its events added up: the sums, the rounds they fill, and how a change of programme is entered.

A card counts stamps, or where its programme goes by spend, money; both are called units here. They fill rounds one
after another. Each round has a goal; what is left over when it fills starts the next. On the way to the goal lie tiers,
each a smaller reward that is earned when the round passes it. A new version of the programme begins at the total a card
has reached when it enters that version: the round in progress keeps the better of the old and the new promise
("better") or its old one ("finish"), and every later round has the new one. Events carry the version they were counted
under, so the sums of each version fix where each version began, and the order of events within a version does not
matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.programme import Terms, Version


class Event(NamedTuple):
    """One line of the ledger, as far as the sums need it: what it adds to stamps and to rewards (signed).

    tier: whose rewards (None: the main ones). amount: what it adds in money, signed, on a card that counts money.
    """

    id: bytes
    kind: str
    stamps: int
    rewards: int
    counted_at: int
    version: int
    ref: bytes | None = None
    tier: int | None = None
    amount: int | None = None

    @property
    def units(self) -> int:
        """What it adds to what the card counts."""
        return self.stamps if self.amount is None else self.amount

    @property
    def keeps_tier(self) -> bool:
        """Is it a tier that stays earned although the stamps below it ran out?"""
        return self.kind == "expire" and self.rewards > 0


@dataclass(frozen=True, slots=True)
class TierSum:
    """What a card has of one tier.

    at: where it lies in the round in progress, in units (0: this round is without it). reached: how often earlier
    rounds passed it. rewards: added or taken since, signed. once: it is earned once, however often it is reached.
    """

    key: int
    once: bool
    at: int = 0
    reached: int = 0
    rewards: int = 0


class Figures(NamedTuple):
    """What a card comes to.

    total: units ever counted, net. earned: rounds filled. rewards: main rewards added or taken since (redeeming takes
    one, so usually negative). round_start, round_need: the total at which the round in progress began, and how many
    units it needs. anchor: where the round in progress began when the card entered its version; below it, only a
    replay knows the older rounds. last_stamp_at: milliseconds since 1970, of the latest stamp not voided. unit: what a
    stamp of the round in progress is worth. tiers: by key; empty for programmes without.
    """

    version: int
    round_need: int
    total: int = 0
    earned: int = 0
    rewards: int = 0
    round_start: int = 0
    anchor: int = 0
    last_stamp_at: int | None = None
    unit: int = 1
    tiers: tuple[TierSum, ...] = ()

    @property
    def progress(self) -> int:
        """Units in the round in progress."""
        return max(0, self.total - self.round_start)

    @property
    def stamps(self) -> int:
        """Whole stamps in the round in progress."""
        progress = max(0, self.total - self.round_start)
        return progress if self.unit == 1 else progress // self.unit

    @property
    def needed(self) -> int:
        """Stamps that fill the round in progress."""
        return self.round_need if self.unit == 1 else self.round_need // self.unit

    @property
    def remainder(self) -> int:
        """Units in the round in progress beyond its whole stamps."""
        return self.progress % self.unit

    @property
    def stamps_owed(self) -> int:
        """Stamps taken back beyond those the card had; a part of one counts as one."""
        return max(0, -(self.total // self.unit)) if self.total < 0 else 0

    @property
    def rewards_ready(self) -> int:
        """Rewards of all kinds that can be handed over now."""
        ready = max(0, self.earned + self.rewards)
        return ready + sum(max(0, self._of(tier)) for tier in self.tiers) if self.tiers else ready

    @property
    def rewards_owed(self) -> int:
        """Rewards of all kinds handed over beyond those earned; the next ones earned settle them."""
        owed = max(0, -self.earned - self.rewards)
        return owed + sum(max(0, -self._of(tier)) for tier in self.tiers) if self.tiers else owed

    def balance(self, tier: int | None) -> int:
        """Rewards earned less those handed over, of a tier or (None) of the main one; below zero they are owed."""
        if tier is None:
            return self.earned + self.rewards
        return next((self._of(found) for found in self.tiers if found.key == tier), 0)

    def times_earned(self, tier: TierSum) -> int:
        """How often this card has earned a tier."""
        times = tier.reached + (0 < tier.at <= self.total - self.round_start)
        return min(times, 1) if tier.once else times

    def _of(self, tier: TierSum) -> int:
        return self.times_earned(tier) + tier.rewards


def blank(version: Version) -> Figures:
    """The figures of a card before its first event."""
    terms = version.terms
    if not terms.tiers:
        return Figures(version=version.number, round_need=terms.goal, unit=terms.unit)
    tiers = _sums(promise(terms).tiers, {}, {}, _once(version))
    return Figures(version=version.number, round_need=terms.goal, unit=terms.unit, tiers=tiers)


def enter(figures: Figures, version: Version) -> Figures:
    """The same card under a newer version of its programme."""
    now = Round(figures.round_need, figures.unit, {tier.key: tier.at for tier in figures.tiers if tier.at})
    kept = _kept(now, version)
    tiers = figures.tiers
    if kept.tiers != now.tiers:
        reached = {tier.key: tier.reached for tier in tiers}
        taken = {tier.key: tier.rewards for tier in tiers}
        tiers = _sums(kept.tiers, reached, taken, {tier.key: tier.once for tier in tiers} | _once(version))
    moved = figures._replace(
        version=version.number,
        round_need=kept.need,
        anchor=figures.round_start,
        unit=kept.unit,
        tiers=tiers,
    )
    return _fill(moved, version.terms)


def catch_up(figures: Figures, versions: Mapping[int, Version], current: int) -> Figures:
    """The card brought to the programme's current version, through every version between.

    Raises KeyError if a version between is missing. A card never goes back to an older version.
    """
    for number in range(figures.version + 1, current + 1):
        figures = enter(figures, versions[number])
    return figures


def add(figures: Figures, event: Event, version: Version) -> Figures | None:
    """The card after one more event of its own version; None when only a replay of the whole card can tell."""
    units = event.stamps if event.amount is None else event.amount
    if event.kind == "void" or units < 0 or figures.round_start < figures.anchor or figures.total < 0:
        return None
    last = figures.last_stamp_at
    if event.kind == "stamp" and (last is None or event.counted_at > last):
        last = event.counted_at
    grown = Figures(
        figures.version,
        figures.round_need,
        figures.total + units,
        figures.earned,
        figures.rewards + (event.rewards if event.tier is None else 0),
        figures.round_start,
        figures.anchor,
        last,
        figures.unit,
        figures.tiers if event.tier is None else _credited(figures.tiers, event, version),
    )
    return _fill(grown, version.terms)


def replay(events: Iterable[Event], versions: Mapping[int, Version], first: int, last: int) -> Figures:
    """The figures of a card from nothing but its events, in any order.

    first, last: the version the card was made under and the one it has entered. Raises KeyError if one is missing.
    """
    events = list(events)
    units_of: dict[int, int] = {}
    rewards = 0
    kept: dict[int, int] = {}
    taken: dict[int, int] = {}
    for event in events:
        units_of[event.version] = units_of.get(event.version, 0) + event.units
        if event.tier is None:
            rewards += event.rewards
        else:
            sums = kept if event.keeps_tier else taken
            sums[event.tier] = sums.get(event.tier, 0) + event.rewards

    rounds = _Rounds(promise(versions[first].terms))
    once = _once(versions[first])
    total = units_of.get(first, 0)
    anchor = 0
    for number in range(first + 1, last + 1):
        anchor = rounds.enter(total, versions[number])
        once |= _once(versions[number])
        total += units_of.get(number, 0)

    here = rounds.at(total)
    voided = {event.ref for event in events if event.kind == "void"}
    stamped_at = [event.counted_at for event in events if event.kind == "stamp" and event.id not in voided]
    tiers: tuple[TierSum, ...] = ()
    if here.round.tiers or here.reached or kept or taken:
        reached = {key: here.reached.get(key, 0) + kept.get(key, 0) for key in (*here.reached, *kept)}
        tiers = _sums(here.round.tiers, reached, taken, once)
    return Figures(
        version=last,
        round_need=here.round.need,
        total=total,
        earned=here.earned,
        rewards=rewards,
        round_start=here.start,
        anchor=anchor,
        last_stamp_at=max(stamped_at, default=None),
        unit=here.round.unit,
        tiers=tiers,
    )


def stamps_gained(before: Figures, after: Figures, terms: Terms) -> int:
    """Whole stamps between two standings of a card, below zero when it lost some: what an amount came to.

    terms: of the rounds that began between the two.
    """
    if after.earned < before.earned:
        return -stamps_gained(after, before, terms)
    gained = _whole(after) - _whole(before)
    if after.earned > before.earned:
        gained += before.needed + (after.earned - before.earned - 1) * terms.stamps_needed
    return gained


def _whole(figures: Figures) -> int:
    return (figures.total - figures.round_start) // figures.unit


class Round(NamedTuple):
    """What one round promises, in units: its goal, what a stamp is worth, and where its tiers lie, by key."""

    need: int
    unit: int
    tiers: Mapping[int, int]


def promise(terms: Terms) -> Round:
    """What a round that begins under these terms promises."""
    return Round(terms.goal, terms.unit, {tier.key: tier.at * terms.unit for tier in terms.tiers})


def _kept(now: Round, version: Version) -> Round:
    """What the round in progress promises once its card has entered a version.

    No tier may lie beyond a goal that came nearer: it is earned with the goal then, earlier than it was promised.
    """
    if version.policy == "finish":
        return now
    new = promise(version.terms)
    goal = min(now.need, new.need)
    tiers = {key: min(now.tiers.get(key, goal), new.tiers.get(key, goal), goal) for key in (*now.tiers, *new.tiers)}
    return Round(goal, now.unit if goal == now.need else new.unit, tiers)


def _fill(figures: Figures, terms: Terms) -> Figures:
    """Fill rounds while there are units for them; those after the first have these terms."""
    start, need, earned = figures.round_start, figures.round_need, figures.earned
    next_need = terms.goal
    while figures.total >= start + need:
        start, need, earned = start + need, next_need, earned + 1
    if earned == figures.earned:
        return figures
    tiers = figures.tiers
    if tiers or terms.tiers:
        tiers = _after_rounds(tiers, terms, earned - figures.earned)
    return figures._replace(round_start=start, round_need=need, earned=earned, unit=terms.unit, tiers=tiers)


def _after_rounds(tiers: tuple[TierSum, ...], terms: Terms, filled: int) -> tuple[TierSum, ...]:
    """The tiers of a card once the round in progress and `filled` − 1 more under these terms are over."""
    following = promise(terms).tiers
    reached = {tier.key: tier.reached + (tier.at > 0) for tier in tiers}
    for key in following:
        reached[key] = reached.get(key, 0) + filled - 1
    taken = {tier.key: tier.rewards for tier in tiers}
    once = {tier.key: tier.once for tier in tiers} | {tier.key: tier.once for tier in terms.tiers}
    return _sums(following, reached, taken, once)


def _credited(tiers: tuple[TierSum, ...], event: Event, version: Version) -> tuple[TierSum, ...]:
    """The tiers of a card after an event that adds or takes rewards of one of them."""
    places = {tier.key: tier.at for tier in tiers}
    reached = {tier.key: tier.reached for tier in tiers}
    taken = {tier.key: tier.rewards for tier in tiers}
    sums = reached if event.keeps_tier else taken
    key = event.tier or 0
    sums[key] = sums.get(key, 0) + event.rewards
    return _sums(places, reached, taken, _once(version) | {tier.key: tier.once for tier in tiers})


def _sums(
    places: Mapping[int, int], reached: Mapping[int, int], taken: Mapping[int, int], once: Mapping[int, bool]
) -> tuple[TierSum, ...]:
    """Tier sums by key; one that says nothing is left out, so that the same card always has the same figures."""
    sums = (
        TierSum(key, once.get(key, False), places.get(key, 0), reached.get(key, 0), taken.get(key, 0))
        for key in sorted({*places, *reached, *taken})
    )
    return tuple(tier for tier in sums if tier.at or tier.reached or tier.rewards)


def _once(version: Version) -> dict[int, bool]:
    return {tier.key: tier.once for tier in version.terms.tiers}


class _Place(NamedTuple):
    """A stretch of equal rounds along a card's total, or one round of it.

    start: where it begins. earned, reached: rounds filled and tiers passed in the rounds before it.
    """

    start: int
    round: Round
    earned: int
    reached: Mapping[int, int]


class _Rounds:
    """Where the rounds of a card lie along its total: stretches of equal rounds."""

    def __init__(self, first: Round) -> None:
        self.stretches = [_Place(0, first, 0, {})]

    def at(self, total: int) -> _Place:
        """The round in progress at this total."""
        start, round_, earned, reached = next(
            (place for place in reversed(self.stretches) if place.start <= total), self.stretches[0]
        )
        filled = max(0, total - start) // round_.need
        if filled and round_.tiers:
            reached = dict(reached)
            for key in round_.tiers:
                reached[key] = reached.get(key, 0) + filled
        return _Place(start + filled * round_.need, round_, earned + filled, reached)

    def enter(self, total: int, version: Version) -> int:
        """Begin a version at this total; returns where the round in progress began."""
        here = self.at(total)
        kept = _kept(here.round, version)
        after = {key: here.reached.get(key, 0) + (key in kept.tiers) for key in (*here.reached, *kept.tiers)}
        self.stretches = [place for place in self.stretches if place.start < here.start]
        self.stretches += [
            here._replace(round=kept),
            _Place(here.start + kept.need, promise(version.terms), here.earned + 1, after),
        ]
        return here.start
