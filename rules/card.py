"""A card is its events added up: the sums, the rounds they fill, and how a change of programme is entered.

A card's stamps fill rounds one after another. Each round needs so many stamps; what is left over when it fills
starts the next. A new version of the programme begins at the total a card has reached when it enters that version:
the round in progress keeps the better of the old and the new goal ("better") or its old goal ("finish"), and every
later round has the new goal. Events carry the version they were counted under, so the sums of each version fix
where each version began, and the order of events within a version does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rules.programme import Version


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the ledger, as far as the sums need it: what it adds to stamps and to rewards (signed)."""

    id: bytes
    kind: str
    stamps: int
    rewards: int
    counted_at: int
    version: int
    ref: bytes | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a card comes to.

    total: stamps ever counted, net. earned: rounds filled. rewards: rewards added or taken since (redeeming takes
    one, so usually negative). round_start, round_need: the total at which the round in progress began, and how many
    stamps it needs. anchor: where the round in progress began when the card entered its version; below it, only a
    replay knows the older rounds. last_stamp_at: milliseconds since 1970, of the latest stamp not voided.
    """

    version: int
    round_need: int
    total: int = 0
    earned: int = 0
    rewards: int = 0
    round_start: int = 0
    anchor: int = 0
    last_stamp_at: int | None = None

    @property
    def stamps(self) -> int:
        """Stamps in the round in progress."""
        return max(0, self.total - self.round_start)

    @property
    def stamps_owed(self) -> int:
        """Stamps taken back beyond those the card had."""
        return max(0, -self.total)

    @property
    def rewards_ready(self) -> int:
        """Rewards that can be handed over now."""
        return max(0, self.earned + self.rewards)

    @property
    def rewards_owed(self) -> int:
        """Rewards handed over beyond those earned; the next ones earned settle them."""
        return max(0, -self.earned - self.rewards)


def blank(version: Version) -> Figures:
    """The figures of a card before its first event."""
    return Figures(version=version.number, round_need=version.terms.stamps_needed)


def enter(figures: Figures, version: Version) -> Figures:
    """The same card under a newer version of its programme."""
    need = version.terms.stamps_needed
    goal = min(figures.round_need, need) if version.policy == "better" else figures.round_need
    moved = replace(figures, version=version.number, round_need=goal, anchor=figures.round_start)
    return _fill(moved, need)


def catch_up(figures: Figures, versions: Mapping[int, Version], current: int) -> Figures:
    """The card brought to the programme's current version, through every version between.

    Raises KeyError if a version between is missing. A card never goes back to an older version.
    """
    for number in range(figures.version + 1, current + 1):
        figures = enter(figures, versions[number])
    return figures


def add(figures: Figures, event: Event, version: Version) -> Figures | None:
    """The card after one more event of its own version; None when only a replay of the whole card can tell."""
    if event.kind == "void" or event.stamps < 0 or figures.round_start < figures.anchor or figures.total < 0:
        return None
    last = figures.last_stamp_at
    if event.kind == "stamp" and (last is None or event.counted_at > last):
        last = event.counted_at
    grown = Figures(
        figures.version,
        figures.round_need,
        figures.total + event.stamps,
        figures.earned,
        figures.rewards + event.rewards,
        figures.round_start,
        figures.anchor,
        last,
    )
    return _fill(grown, version.terms.stamps_needed)


def replay(events: Iterable[Event], versions: Mapping[int, Version], first: int, last: int) -> Figures:
    """The figures of a card from nothing but its events, in any order.

    first, last: the version the card was made under and the one it has entered. Raises KeyError if one is missing.
    """
    events = list(events)
    stamps_of: dict[int, int] = {}
    for event in events:
        stamps_of[event.version] = stamps_of.get(event.version, 0) + event.stamps

    rounds = _Rounds(versions[first].terms.stamps_needed)
    total = stamps_of.get(first, 0)
    anchor = 0
    for number in range(first + 1, last + 1):
        anchor = rounds.enter(total, versions[number])
        total += stamps_of.get(number, 0)

    start, need, earned = rounds.at(total)
    voided = {event.ref for event in events if event.kind == "void"}
    stamped_at = [event.counted_at for event in events if event.kind == "stamp" and event.id not in voided]
    return Figures(
        version=last,
        round_need=need,
        total=total,
        earned=earned,
        rewards=sum(event.rewards for event in events),
        round_start=start,
        anchor=anchor,
        last_stamp_at=max(stamped_at, default=None),
    )


def _fill(figures: Figures, next_need: int) -> Figures:
    """Fill rounds while there are stamps for them."""
    start, need, earned = figures.round_start, figures.round_need, figures.earned
    while figures.total >= start + need:
        start, need, earned = start + need, next_need, earned + 1
    if start == figures.round_start:
        return figures
    return replace(figures, round_start=start, round_need=need, earned=earned)


class _Rounds:
    """Where the rounds of a card lie along its total: stretches of equal rounds, each (start, need, earned before)."""

    def __init__(self, need: int) -> None:
        self.stretches = [(0, need, 0)]

    def at(self, total: int) -> tuple[int, int, int]:
        """The round in progress at this total: its start, its need, and the rounds filled before it."""
        start, need, earned = next((s for s in reversed(self.stretches) if s[0] <= total), self.stretches[0])
        filled = max(0, total - start) // need
        return start + filled * need, need, earned + filled

    def enter(self, total: int, version: Version) -> int:
        """Begin a version at this total; returns where the round in progress began."""
        start, need, earned = self.at(total)
        goal = min(need, version.terms.stamps_needed) if version.policy == "better" else need
        self.stretches = [stretch for stretch in self.stretches if stretch[0] < start]
        self.stretches += [(start, goal, earned), (start + goal, version.terms.stamps_needed, earned + 1)]
        return start
