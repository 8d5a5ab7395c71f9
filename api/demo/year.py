"""The demo's year: every visit, birthday and decision in the order of time, through the actions a real café uses."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.actions import campaigns, cards, customers, events, experiments, programmes
from api.actions.callers import Caller
from api.actions.claims import Claim, Result
from api.actions.customers import Person
from api.actions.standing import CardState
from api.demo import cafe
from api.demo.cafe import Idea
from api.demo.complaints import Complaints
from api.ids import id_text, moment_text, new_id
from api.keys import Keys
from api.store.campaigns import CampaignRow
from rules import campaigns as campaign_rules
from rules.assignment import held_out
from rules.campaigns import DAY_MS
from rules.programme import items


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a counter: the moment in ms since 1970, which customer of the story, stamps, and which till."""

    at: int
    customer: int
    quantity: int
    counter: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands when the year begins: the business, its two programmes, its tills and its staff."""

    business: int
    sandwich: bytes
    coffee: bytes
    counters: list[Caller]
    people: list[bytes]


@dataclass(slots=True)
class _Known:
    """A card in somebody's pocket."""

    id: bytes
    code: str
    last_visit_at: int


class Year:
    """The café while it lives: its cards as they are made, and what its owner decides on the way."""

    def __init__(self, ground: Ground, complaints: Complaints, *, keys: Keys, dice: random.Random, now: int) -> None:
        self.ground, self.complaints, self.keys, self.dice = ground, complaints, keys, dice
        self.cards: dict[int, _Known] = {}
        self.visits = 0
        self._version = 1
        self._running: list[tuple[CampaignRow, Idea]] = []
        self._birthdays: dict[tuple[int, int], list[bytes]] = defaultdict(list)
        self._day = 0
        ideas = [(now - idea.begins * DAY_MS, self._begin(idea)) for idea in cafe.CAMPAIGNS if idea.begins > 0]
        decisions = [(now - 250 * DAY_MS, self._add_a_coffee), (now - 182 * DAY_MS, self._try_another_goal)]
        self._calendar = sorted([*ideas, *decisions], key=lambda planned: planned[0])

    def live_through(self, connection: Connection, visits: list[Visit]) -> None:
        """These visits, which come after those before, and whatever falls due until the last of them."""
        for visit in visits:
            while self._calendar and self._calendar[0][0] <= visit.at:
                at, decide = self._calendar.pop(0)
                decide(connection, at)
            self._celebrate(connection, visit.at)
            self._visit(connection, visit)

    def tell(
        self,
        connection: Connection,
        counter: Caller,
        kind: str,
        code: str,
        at: int,
        *,
        quantity: int = 1,
        ref: bytes | None = None,
        tier: int | None = None,
        item: str | None = None,
        clock_ahead: int = 0,
    ) -> Result:
        """What a till says happened, at this moment by our clock."""
        person = self.ground.people[at // DAY_MS % len(self.ground.people)]
        id, happened_at = new_id(at), at + clock_ahead
        raw = {"id": id_text(id), "kind": kind, "card": code, "quantity": quantity}
        raw |= {"happened_at": moment_text(happened_at), "already_happened": True}
        claim = Claim(
            id, kind, code, quantity, happened_at, True, person, None, ref, None, raw, clock_ahead, tier, item
        )
        return events.record(connection, claim, caller=counter, keys=self.keys, now=at + 400)

    def _visit(self, connection: Connection, visit: Visit) -> None:
        counter = self.ground.counters[visit.counter]
        item = cafe.SOUP if self._has_soup() and self.dice.random() < cafe.SOUP_SHARE else None
        card = self.cards.get(visit.customer)
        if card is None:
            card = self._new_card(connection, visit, counter)
        elif self._stays_away(card, visit, item):
            return
        card.last_visit_at = visit.at
        result = self.tell(connection, counter, "stamp", card.code, visit.at, quantity=visit.quantity, item=item)
        self.visits += 1
        if self.dice.random() < 0.004:  # stamped by mistake, and undone at once
            self.tell(connection, counter, "void", card.code, visit.at + 9_000, ref=result.id)
        elif result.card is not None and result.card.figures.rewards_ready:
            self._hand_over(connection, counter, card, result.card, visit.at + 20_000)
        self.complaints.visit(connection, card.code, counter, visit.at + 30_000)

    def _hand_over(self, connection: Connection, counter: Caller, card: _Known, state: CardState, at: int) -> None:
        """Whatever waits on the card; most people take it at once."""
        terms = state.version.terms
        for key in (None, *(tier.key for tier in terms.tiers)):
            reward = terms if key is None else terms.tier(key)
            if state.figures.balance(key) > 0 and reward is not None and self.dice.random() < 0.8:
                item = self.dice.choice([*items(reward)])
                self.tell(connection, counter, "redeem", card.code, at, tier=key, item=item)

    def _new_card(self, connection: Connection, visit: Visit, counter: Caller) -> _Known:
        likes_coffee, at = visit.customer % 4 == 0, visit.at - 40_000
        programme, version = (self.ground.coffee, 1) if likes_coffee else (self.ground.sandwich, self._version)
        made = cards.make(
            connection, caller=counter, programme_id=programme, version=version, keys=self.keys, now=at
        ).card.row
        if self.dice.random() < cafe.LEAVES_A_NAME:
            self._leave_a_name(connection, made.id, at)
        code = self.keys.card_code(self.ground.business, made.id, 0)
        card = self.cards[visit.customer] = _Known(made.id, code, visit.at)
        return card

    def _leave_a_name(self, connection: Connection, card_id: bytes, at: int) -> None:
        first, last = self.dice.choice(cafe.FIRST_NAMES), self.dice.choice(cafe.LAST_NAMES)
        birthday = (self.dice.randint(1, 12), self.dice.randint(1, 28))
        agreed = f"{cafe.NAME} may send me news and offers now and then. I can change this any time."
        celebrated = f"{cafe.NAME} may keep my birthday (day and month) to give me stamps for it."
        person = Person(
            name=f"{first} {last}",
            phone="",
            email=f"{customers.fold(first)}.{customers.fold(last)}@example.com",
            language=cafe.LANGUAGE,
            news=self.dice.random() < 0.5,
            wording=agreed,
            birthday=birthday,
            birthday_wording=celebrated,
        )
        customers.put(connection, self.ground.business, card_id, person, now=at)
        self._birthdays[birthday].append(card_id)

    def _celebrate(self, connection: Connection, at: int) -> None:
        """The birthdays of the days since the last visit, in the small hours of each."""
        today = at // DAY_MS
        for day in range(self._day or today, today):
            morning = (day + 1) * DAY_MS + 60_000
            local = datetime.fromtimestamp(morning / 1000, cafe.ZONE)
            for card_id in self._birthdays.get((local.month, local.day), ()):
                cards.celebrate(connection, business_id=self.ground.business, card_id=card_id, now=morning)
        self._day = today

    def _stays_away(self, card: _Known, visit: Visit, item: str | None) -> bool:
        """Is this a visit that a campaign would have caused, of somebody whom chance left out of it?"""
        seen = campaign_rules.Visit(visit.at, visit.quantity, card.last_visit_at, item)
        return any(
            (row.ends_at is None or visit.at < row.ends_at)
            and held_out(row.id, card.id, row.rules.hold_out)
            and row.rules.gift(seen, cafe.ZONE) is not None
            and self.dice.random() < idea.caused
            for row, idea in self._running
        )

    def _has_soup(self) -> bool:
        return any(idea.rules.item == cafe.SOUP for _, idea in self._running)

    def _begin(self, idea: Idea) -> Callable[[Connection, int], None]:
        def begin(connection: Connection, at: int) -> None:
            self._running.append((plan(connection, self.ground.business, idea, now=at, starts_at=None), idea))

        return begin

    def _add_a_coffee(self, connection: Connection, at: int) -> None:
        self._version = programmes.change(
            connection,
            self.ground.business,
            self.ground.sandwich,
            terms=cafe.WITH_A_COFFEE,
            policy="better",
            expected_version=1,
            author=cafe.OWNER,
            note=cafe.WHY_A_COFFEE,
            now=at,
        )

    def _try_another_goal(self, connection: Connection, at: int) -> None:
        experiments.start(
            connection,
            self.ground.business,
            self.ground.sandwich,
            stamps_needed=cafe.TRIED_STAMPS,
            welcome_stamps=0,
            share=cafe.TRIED_SHARE,
            planned_cards=cafe.PLANNED_CARDS,
            author=cafe.OWNER,
            now=at,
        )


def plan(connection: Connection, business: int, idea: Idea, *, now: int, starts_at: int | None) -> CampaignRow:
    """Write a campaign down as its owner does: it runs from now, unless starts_at says when (ms since 1970)."""
    lasts = None if idea.until is None else (idea.begins - idea.until) * DAY_MS
    return campaigns.make(
        connection,
        business,
        name=idea.name,
        rules=idea.rules,
        budget=idea.budget,
        starts_at=starts_at,
        ends_at=None if lasts is None else (starts_at or now) + lasts,
        author=cafe.OWNER,
        now=now,
    )
