"""What goes wrong in the demo's café, and how it is put right: by the staff at once, or by Maja in the evening."""

import random
from dataclasses import dataclass, field

from sqlalchemy import Connection

from api.actions import cases, goodwill, tills, vouchers
from api.actions.callers import Caller
from api.errors import Problem
from api.ids import new_id
from api.keys import Keys
from api.store import ledger
from rules import codes
from rules.cases import CLOSED
from rules.goodwill import Kind, Policy, Remedy, suggestions

MINUTE, HOUR = 60_000, 3_600_000
POLICY = Policy(monthly_budget=15_000, staff_per_case=500, staff_per_day=1_500, voucher_days=45)
# How bad it was, what happened, and what they would have liked.
TALES: tuple[tuple[int, str, Kind | None], ...] = (
    (1, "Waited a quarter of an hour for one coffee.", None),
    (1, "The music was too loud to talk.", None),
    (1, "No oat milk again.", "stamps"),
    (2, "The sandwich had no cheese in it.", "replacement"),
    (2, "The soup was cold.", "replacement"),
    (2, "Got somebody else's order.", "percent"),
    (3, "Paid twice.", "money_back"),
    (3, "A hair in the salad.", "money_back"),
)
SORRY = ("We are sorry. The next one is on us.", "That should not have happened. Thank you for telling us.")
NO = "We have looked into it and cannot find anything wrong. Come and see me, and we will talk. Maja"


@dataclass(slots=True)
class Complaints:
    """Whoever has something to complain about, visit by visit. often: in how many of them, from 0 to 1.

    waiting: vouchers by their card, until it comes again.
    """

    business: int
    people: list[bytes]
    keys: Keys
    luck: random.Random
    now: int
    often: float
    waiting: dict[bytes, bytes] = field(default_factory=dict)
    stamps_given: int = 0

    @property
    def owner(self) -> Caller:
        """Maja."""
        return Caller(self.business, "owner", "Maja")

    def allow(self, connection: Connection, *, at: int) -> None:
        """What Maja lets her staff give."""
        goodwill.set_policy(connection, self.business, POLICY, author="Maja", now=at)

    def visit(self, connection: Connection, code: str, counter: Caller, at: int) -> None:
        """Somebody has been served: they use what they were given, or something was wrong again."""
        chance, parts = self.luck.random(), codes.split_long(code)
        if parts is None:
            return
        if chance >= self.often and not self.waiting:
            return
        card = ledger.card_by_code(connection, self.business, self.keys.card_lookup(self.business, parts[0]))
        if card is None:
            return
        voucher = self.waiting.pop(card.id, None)
        if voucher is not None and self.luck.random() < 0.8:
            self._use(connection, voucher, card.id, counter, at)
        elif chance < self.often:
            self._complain(connection, card, counter, at + 4 * MINUTE)

    def just_now(self, connection: Connection, code_told: str, code_offered: str, counter: Caller) -> None:
        """What waits for Maja: a case that nobody has answered, and one with an offer beyond her staff's limits."""
        for code, at in ((code_told, self.now - 50 * MINUTE), (code_offered, self.now - 3 * HOUR)):
            secret, _ = codes.split_long(code) or ("", 0)
            card = ledger.card_by_code(connection, self.business, self.keys.card_lookup(self.business, secret))
            if card is None:
                continue
            severity, what, wish = TALES[3 if code == code_told else 7]
            told = cases.Told(new_id(at), "till", severity, what, wish, None, None, counter.shop_id, card.id)
            cases.open_case(connection, told, caller=counter, keys=self.keys, now=at)
            if code == code_offered:
                dear, at_till = Remedy("money_back", amount=1_250), at + 9 * MINUTE
                tills.sign_on(connection, caller=counter, staff_id=self.people[0])
                self._put_right(connection, told.id, dear, counter, at_till)
                tills.sign_off(connection, caller=counter)

    def _use(self, connection: Connection, voucher: bytes, card_id: bytes, counter: Caller, at: int) -> None:
        try:
            vouchers.use(connection, voucher, use_id=new_id(at), card_id=card_id, caller=counter, now=at)
        except Problem as problem:
            if problem.code != "voucher_expired":  # they came too late
                raise

    def _complain(self, connection: Connection, card: ledger.CardRow, counter: Caller, at: int) -> None:
        severity, what, wish = self.luck.choice(TALES)
        by_phone = self.luck.random() < 0.35
        source, who = ("phone", Caller(self.business, "customer")) if by_phone else ("till", counter)
        told = cases.Told(
            new_id(at), source, severity, what, wish, None, None, None if by_phone else counter.shop_id, card.id
        )
        try:
            cases.open_case(connection, told, caller=who, keys=self.keys, now=at)
        except Problem as problem:
            if problem.code != "case_open":
                raise
            return
        answered_at = at + (self.luck.randrange(20, 1_200) if by_phone else 2) * MINUTE
        if answered_at < self.now:
            self._answer(connection, told, card, self.owner if by_phone else counter, answered_at)

    def _answer(self, connection: Connection, told: cases.Told, card: ledger.CardRow, who: Caller, at: int) -> None:
        if who.till_id is None and self.luck.random() < 0.25:
            cases.decline(connection, told.id, words=NO, caller=who, now=at)
            return
        terms = goodwill.prices(connection, self.business, card)
        remedy = suggestions(told.severity, told.wish, POLICY, terms, on_card=True)[0]
        if who.till_id is not None:
            tills.sign_on(connection, caller=who, staff_id=self.people[at // 86_400_000 % len(self.people)])
        try:
            outcome = self._put_right(connection, told.id, remedy, who, at)
        finally:
            if who.till_id is not None:
                tills.sign_off(connection, caller=who)
        if outcome is not None and not outcome.is_settled and at + 6 * HOUR < self.now:
            outcome = cases.approve(
                connection, told.id, words=None, caller=self.owner, keys=self.keys, now=at + 6 * HOUR
            )
        if outcome is None or outcome.case.standing.state not in CLOSED:
            return
        self.stamps_given += remedy.kind == "stamps"
        if outcome.voucher is not None:
            self.waiting[card.id] = outcome.voucher.id
        rated_at = at + 30 * HOUR
        if self.luck.random() < 0.5 and rated_at < self.now:
            rating = "yes" if self.luck.random() < 0.8 else "no"
            cases.rate(connection, told.id, card=card, rating=rating, now=rated_at)

    def _put_right(
        self, connection: Connection, case_id: bytes, remedy: Remedy, who: Caller, at: int
    ) -> cases.Outcome | None:
        """What came of it; None when the month's budget is spent, and it stays open."""
        words = self.luck.choice(SORRY)
        try:
            return cases.remedy(connection, case_id, remedy, words=words, caller=who, keys=self.keys, now=at)
        except Problem as problem:
            if problem.code != "over_budget":
                raise
            return None
