"""Cases, vouchers and a budget in the hands of two tills, an owner and a stranger, held to a naive telling.

A Hypothesis state machine drives the real actions through db.write; what each of them should answer is told again here
in the plainest way, and after each step what is kept has to say the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api import db
from api.actions import cards, cases, goodwill, goodwill_sums, housekeeping, vouchers
from api.actions.callers import Caller
from api.errors import Problem
from api.ids import id_text
from api.store import goodwill as goodwill_store
from api.store import ledger
from rules.cases import Standing
from rules.goodwill import Policy, Remedy
from rules.programme import Terms
from tests.world import KEYS, START, make_quiet_shop, make_till

HOUR, DAY = 3_600_000, 86_400_000
TERMS = Terms(stamps_needed=10, reward="a sandwich", max_per_visit=20, unit_cost=250, unit_price=700)
# Remedies, and what each of them costs with these terms.
COSTS = {
    Remedy("apology"): 0,
    Remedy("stamps", stamps=2): 50,
    Remedy("replacement", item="a sandwich"): 250,
    Remedy("percent", percent=10): 70,
    Remedy("amount", amount=400): 400,
    Remedy("money_back", amount=700): 700,
}
ON_VOUCHERS = ("replacement", "percent", "amount")
policies = st.builds(
    Policy,
    monthly_budget=st.sampled_from([None, None, 300, 900, 2000]),
    staff_per_case=st.sampled_from([0, 260, 1000, 1000]),
    staff_per_day=st.sampled_from([60, 100, 300, 1000]),
    voucher_days=st.sampled_from([1, 3]),
)
backwards = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])


@dataclass
class Gift:
    """What was given for a case, as a shopkeeper would write it down."""

    cost: int
    at: int
    till: int | None
    voucher: bytes | None = None
    expires_at: int = 0
    use: bytes | None = None
    bonus: bytes | None = None
    taken_back: bool = False

    def weighs(self, now: int) -> bool:
        ran_out = self.voucher is not None and self.use is None and self.expires_at <= now
        return not self.taken_back and not ran_out


@dataclass
class Tale:
    """A case, as a shopkeeper would write it down."""

    id: bytes
    card: int | None
    state: str = "open"
    offered: Remedy | None = None
    gift: Gift | None = None


class GoodwillMachine(RuleBasedStateMachine):
    """One business with two cards and two tills, one stranger, and what goes wrong between them."""

    database: db.Database

    @initialize(policy=policies)
    def open_shop(self, policy: Policy) -> None:
        self.now, self.count, self.policy = START, 0, policy
        self.corner = make_quiet_shop(self.database, TERMS, "Corner")
        self.elsewhere = make_quiet_shop(self.database, TERMS, "Elsewhere")
        self.tills = [make_till(self.database, self.corner, name) for name in ("Till 1", "Till 2")]
        self.owner = Caller(self.corner.id, "owner", "Ada")
        self.stranger = make_till(self.database, self.elsewhere, "Their till")
        self.cards = [self._write(self._make_card).card.row.id for _ in range(2)]
        self.tales: list[Tale] = []
        self.uses: dict[bytes, tuple[bytes, bool]] = {}
        self.set_policy(policy)

    @rule(on=st.lists(st.sampled_from([0, 0, 1, None]), min_size=1, max_size=4))
    def tell(self, on: list[int | None]) -> None:
        for card in on:
            tale = Tale(self._id(), card)
            card_id = None if card is None else self.cards[card]
            told = cases.Told(tale.id, "till", 2, "The soup was cold.", None, None, None, self.corner.shop, card_id)
            for _ in range(2):
                self._write(
                    lambda c, told=told: cases.open_case(c, told, caller=self.tills[0], keys=KEYS, now=self.now)
                )
            self.tales.append(tale)

    @rule(
        remedies=st.lists(st.sampled_from(list(COSTS)), min_size=2, max_size=4),
        who=st.sampled_from([0, 0, 1, None]),
    )
    def a_bad_hour(self, remedies: list[Remedy], who: int | None) -> None:
        for remedy in remedies:
            self.tell([0])
            self.put_right(0, remedy, who)

    @precondition(lambda self: self.tales)
    @rule(which=backwards, remedy=st.sampled_from(list(COSTS)), who=st.sampled_from([0, 1, None]))
    def somebody_puts_right(self, which: int, remedy: Remedy, who: int | None) -> None:
        self.put_right(which, remedy, who)

    def put_right(self, which: int, remedy: Remedy, who: int | None) -> None:
        tale, caller = self._tale(which), self.owner if who is None else self.tills[who]
        expected = self._verdict(tale, remedy, who)

        said = self._ask(lambda c: cases.remedy(c, tale.id, remedy, words=None, caller=caller, keys=KEYS, now=self.now))

        self._came(tale, remedy, who, expected, said)

    @precondition(lambda self: self.tales)
    @rule(which=backwards)
    def approve(self, which: int) -> None:
        tale = self._tale(which)
        expected = "conflict" if tale.state == "open" else self._verdict(tale, tale.offered or Remedy("apology"), None)

        said = self._ask(lambda c: cases.approve(c, tale.id, words=None, caller=self.owner, keys=KEYS, now=self.now))

        self._came(tale, tale.offered, None, expected, said)

    @precondition(lambda self: self.tales)
    @rule(which=backwards)
    def decline(self, which: int) -> None:
        tale = self._tale(which)
        said = self._ask(lambda c: cases.decline(c, tale.id, words="No.", caller=self.owner, now=self.now))
        assert (said == "already_settled") == (tale.state in ("settled", "declined"))
        tale.state = "declined" if said != "already_settled" else tale.state

    @precondition(lambda self: self._given())
    @rule(which=backwards, till=st.integers(0, 1), place=st.sampled_from(["right", "right", "wrong"]))
    def use(self, which: int, till: int, place: str) -> None:
        tale = self._given()[-1 - which % len(self._given())]
        gift, card = tale.gift, None if tale.card is None else self.cards[tale.card]
        assert gift is not None
        if tale.card is not None and place == "wrong":
            expected = "voucher_not_for_this_card"
            card = self.cards[1 - tale.card]
        else:
            expected = self._why_not(gift)
        use_id = self._id()

        said = self._ask(self._use(gift, use_id, card, self.tills[till]))

        if expected is not None:
            assert said == expected
            return
        assert said.use.id == use_id
        gift.use = use_id
        self.uses[use_id] = (tale.id, True)

    @precondition(lambda self: self.uses)
    @rule(which=backwards, till=st.integers(0, 1))
    def use_the_same_again(self, which: int, till: int) -> None:
        use_id, tale, stands = self._some_use(which)
        card = None if tale.card is None else self.cards[tale.card]
        said = self._ask(self._use(tale.gift, use_id, card, self.tills[till]))
        assert said == "already_voided" if not stands else said.use.id == use_id

    @precondition(lambda self: self.uses)
    @rule(which=backwards)
    def undo(self, which: int) -> None:
        use_id, tale, stands = self._some_use(which)
        voucher = tale.gift.voucher
        said = self._ask(lambda c: vouchers.undo(c, voucher, use_id, caller=self.owner, now=self.now))
        assert (said == "already_voided") == (not stands)
        if stands:
            tale.gift.use = None
            self.uses[use_id] = (tale.id, False)

    @precondition(lambda self: self._given())
    @rule(which=backwards)
    def withdraw(self, which: int) -> None:
        gift = self._given()[-1 - which % len(self._given())].gift
        expected = self._why_not(gift)
        said = self._ask(lambda c: vouchers.withdraw(c, gift.voucher, words="a slip", caller=self.owner, now=self.now))
        assert (said == expected) == (expected is not None)
        gift.taken_back = gift.taken_back or expected is None

    @precondition(lambda self: any(tale.gift and tale.gift.bonus for tale in self.tales))
    @rule(which=backwards)
    def void_the_stamps(self, which: int) -> None:
        with_stamps = [tale for tale in self.tales if tale.gift and tale.gift.bonus]
        tale = with_stamps[-1 - which % len(with_stamps)]
        gift, card = tale.gift, self.cards[tale.card]

        def void(connection: Any) -> Any:
            row = ledger.card_by_id(connection, self.corner.id, card)
            code = KEYS.card_code(row.business_id, row.id, row.code_number)
            return cards.void(
                connection, card=row, code=code, ref=gift.bonus, reason="a slip", caller=self.owner, keys=KEYS,
                now=self.now,
            )  # fmt: skip

        said = self._ask(void)
        assert (said == "already_voided") == gift.taken_back
        gift.taken_back = True

    @precondition(lambda self: self.tales)
    @rule(which=backwards)
    def a_stranger_tries(self, which: int) -> None:
        tale, theirs = self._tale(which), Caller(self.elsewhere.id, "owner", "Eve")
        tries: list[Callable[[Any], Any]] = [
            lambda c: cases.remedy(
                c, tale.id, Remedy("apology"), words=None, caller=self.stranger, keys=KEYS, now=self.now
            ),
            lambda c: cases.decline(c, tale.id, words="No.", caller=theirs, now=self.now),
        ]
        if tale.gift is not None and tale.gift.voucher is not None:
            tries.append(self._use(tale.gift, self._id(), None, self.stranger))
        assert {self._ask(each) for each in tries} == {"not_found"}

    @rule(policy=policies)
    def set_policy(self, policy: Policy) -> None:
        self.policy = policy
        self._write(lambda c: goodwill.set_policy(c, self.corner.id, policy, author="Ada", now=self.now))

    @rule(hours=st.sampled_from([1, 1, 5, 30, 100, 800]))
    def wait(self, hours: int) -> None:
        self.now += hours * HOUR

    # What must hold.

    @invariant()
    def what_is_kept_is_what_was_told(self) -> None:
        with self.database.reading() as connection:
            since, until = self._month()
            spent = goodwill_store.spent(connection, self.corner.id, since=since, until=until, at=self.now)
            states = {tale.id: cases.find(connection, self.corner.id, tale.id).standing for tale in self.tales}
        assert spent == self._spent()
        for tale in self.tales:
            standing: Standing = states[tale.id]
            cost = tale.gift.cost if tale.gift is not None and not tale.gift.taken_back else 0
            assert (standing.state, standing.cost) == (tale.state, cost), id_text(tale.id)

    # The naive telling.

    def _verdict(self, tale: Tale, remedy: Remedy, who: int | None) -> str:
        cost, budget = COSTS[remedy], self.policy.monthly_budget
        if tale.state in ("settled", "declined"):
            return "already_settled"
        if remedy.kind == "stamps" and tale.card is None:
            return "no_card"
        if cost and budget is not None and self._spent() + cost > budget:
            return "over_budget"
        today = sum(
            each.gift.cost
            for each in self.tales
            if each.gift and each.gift.till == who and not each.gift.taken_back and each.gift.at >= self._midnight()
        )
        too_much = cost > self.policy.staff_per_case or today + cost > self.policy.staff_per_day
        return "offered" if who is not None and cost and too_much else "settled"

    def _came(self, tale: Tale, remedy: Remedy | None, who: int | None, expected: str, said: Any) -> None:
        if expected not in ("offered", "settled"):
            assert said == expected
            return
        assert said.case.standing.state == expected
        tale.state = expected
        if expected == "offered":
            tale.offered = remedy
            return
        assert remedy is not None
        tale.gift = Gift(COSTS[remedy], self.now, who)
        assert (said.voucher is not None) == (remedy.kind in ON_VOUCHERS)
        if said.voucher is not None:
            tale.gift.voucher, tale.gift.expires_at = said.voucher.id, self._end_of(self.policy.voucher_days)
            assert said.voucher.for_rules.expires_at == tale.gift.expires_at
        if remedy.kind == "stamps":
            with self.database.reading() as connection:
                tale.gift.bonus = goodwill_store.given_for(connection, self.corner.id, "case", tale.id).bonus_id

    def _why_not(self, gift: Gift) -> str | None:
        if gift.taken_back:
            return "voucher_withdrawn"
        if gift.use is not None:
            return "voucher_used"
        return "voucher_expired" if gift.expires_at <= self.now else None

    def _spent(self) -> int:
        since, until = self._month()
        gifts = [tale.gift for tale in self.tales if tale.gift is not None]
        return sum(gift.cost for gift in gifts if since <= gift.at < until and gift.weighs(self.now))

    def _there(self) -> datetime:
        """The clock on the wall, an hour ahead of UTC the whole year."""
        return datetime.fromtimestamp(self.now / 1000, UTC) + timedelta(hours=1)

    def _month(self) -> tuple[int, int]:
        first = self._there().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        return self._utc(first), self._utc((first + timedelta(days=32)).replace(day=1))

    def _midnight(self) -> int:
        return self._utc(self._there().replace(hour=0, minute=0, second=0, microsecond=0))

    def _end_of(self, days: int) -> int:
        return self._midnight() + (days + 1) * DAY

    @staticmethod
    def _utc(there: datetime) -> int:
        return int(there.timestamp() * 1000) - HOUR

    def _tale(self, which: int) -> Tale:
        return self.tales[-1 - which % len(self.tales)]

    def _given(self) -> list[Tale]:
        return [tale for tale in self.tales if tale.gift is not None and tale.gift.voucher is not None]

    def _some_use(self, which: int) -> tuple[bytes, Any, bool]:
        use_id = list(self.uses)[-1 - which % len(self.uses)]
        case_id, stands = self.uses[use_id]
        return use_id, next(tale for tale in self.tales if tale.id == case_id), stands

    # The real thing.

    def _use(self, gift: Any, use_id: bytes, card: bytes | None, till: Caller) -> Callable[[Any], Any]:
        voucher, now = gift.voucher, self.now
        return lambda c: vouchers.use(c, voucher, use_id=use_id, card_id=card, caller=till, now=now)

    def _ask(self, action: Callable[[Any], Any]) -> Any:
        """What an action returns, or the code of what it refused with."""
        try:
            return self.database.write(action)
        except Problem as problem:
            return problem.code

    def _write(self, action: Callable[[Any], Any]) -> Any:
        return self.database.write(action)

    def _make_card(self, connection: Any) -> Any:
        caller = Caller(self.corner.id, "service", shop_id=self.corner.shop)
        return cards.make(
            connection, caller=caller, programme_id=self.corner.programme, version=1, keys=KEYS, now=self.now
        )

    def _id(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(16, "big")

    def teardown(self) -> None:
        """In the end every card, case, gift and voucher is what it adds up to."""
        with self.database.reading() as connection:
            assert goodwill_sums.verify(connection)[1] is None
            assert housekeeping.verify(connection)[1] is None
