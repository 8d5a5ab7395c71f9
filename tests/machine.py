"""A shop in trouble: tills that repeat, reorder, lose answers and come late, owners who change everything meanwhile.

A Hypothesis state machine drives the real actions through db.write and holds every answer, every card, the ledger and
what was set aside to the naive telling in model.py. Its checks are the invariants I1 to I9 and I12.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from api import db
from api.actions import cards, events, housekeeping, programmes, standing, tills
from api.actions.callers import Caller
from api.actions.claims import Claim
from api.errors import Problem
from api.store import ledger
from tests.model import DAY, MINUTE, REWARD, Line, Model, Promise, Standing, Who
from tests.world import KEYS, START, Shop, make_shop, make_till, rows, terms_of

NO_CARD = "000000000000000001"

# Who: the two tills or other software. Where: a card there is, one whose code has died, or none at all.
tellers = st.sampled_from([0, 0, 1, 1, 2])
places = st.sampled_from([0, 0, 0, 1, 1, 1, 2, 3, "dead", "none"])
# Which of what was said, counted from the latest.
backwards = st.sampled_from([0, 0, 1, 1, 2, 3, 5, 8, 13, 21])
# Stamps as an amount of money, where cards count that: never a whole number of stamps.
A_STAMPS_MONEY = 70
# Where each tier may lie; the third is earned once.
tiers = st.dictionaries(st.integers(1, 3), st.sampled_from([1, 1, 2, 2, 3, 4]), min_size=1, max_size=2)


def _promise(tiers: dict[int, int], **values: Any) -> Promise:
    within = ((key, at, key == 3) for key, at in tiers.items() if at < values["needed"])
    return Promise(**values, tiers=tuple(sorted(within)))


promises = st.builds(
    _promise,
    tiers=st.one_of(st.just({}), tiers, tiers),
    spend=st.sampled_from([50, 50, 60]),
    needed=st.integers(2, 6),
    policy=st.sampled_from(["better", "finish"]),
    welcome=st.sampled_from([0, 0, 1]),
    cooldown=st.sampled_from([0, 0, 600]),
    daily=st.sampled_from([0, 0, 4]),
    stamps_days=st.sampled_from([0, 30]),
    rewards_days=st.sampled_from([0, 25, 25]),
)
VISIT = [
    "stamp", "stamp", "fill", "redeem", "redeem a tier", "redeem a tier", "redeem two", "undo", "theirs undo",
    "once more", "it happened",
]  # fmt: skip
# What becomes of a claim once a till has made it.
fates = st.sampled_from(["sent", "sent", "sent", "answer lost", "late"])


class Machine(RuleBasedStateMachine):
    """One business with two cards and two tills, one stranger, and everything that can go wrong between them."""

    database: db.Database

    @initialize(promise=promises, by_spend=st.booleans())
    def open_shop(self, promise: Promise, by_spend: bool) -> None:
        self.by_spend = by_spend
        promise = self._fitting(promise)
        self.now = START
        self.count = 0
        self.corner = make_shop(self.database, promise)
        self.elsewhere = make_shop(self.database, Promise(needed=3), "Elsewhere")
        self.model = Model([promise])
        self.tills = [make_till(self.database, self.corner, name) for name in ("Till 1", "Till 2")]
        self.software = Caller(self.corner.id, "software", "Shop system")
        self.owner = Caller(self.corner.id, "owner", "Ada")
        self.stranger = make_till(self.database, self.elsewhere, "Their till")
        self.strangers_model = Model([Promise(needed=3)])
        self.strangers_code = self._strangers_card()
        self.live_codes: dict[bytes, str] = {}
        self.dead_codes: list[str] = []
        self.said: list[tuple[Caller, Claim]] = []
        self.outbox: list[tuple[Caller, Claim]] = []
        for _ in range(2):
            self.new_card()

    # What people do.

    @rule(
        who=tellers,
        card=places,
        kind=st.sampled_from(["stamp", "stamp", "redeem"]),
        quantity=st.sampled_from([1, 1, 1, 2, 3, 4, 9]),
        fact=st.booleans(),
        lag=st.sampled_from([0, 0, 0, 5 * MINUTE, 26 * 60 * MINUTE, -6 * MINUTE]),
        order_ref=st.sampled_from([None, None, None, "A1", "A2"]),
        reason=st.sampled_from([None, None, "a friend"]),
        tier=st.sampled_from([None, None, 0, 1, "gone"]),
        item=st.sampled_from([None, None, None, "right", "a boat"]),
        confused=st.sampled_from([False] * 4 + [True]),
        fate=fates,
    )
    def stamp_or_redeem(self, who, card, kind, quantity, fact, lag, order_ref, reason, tier, item, confused, fate):
        code = self._code(card)
        quantity = min(quantity, 3) if kind == "redeem" else quantity
        happened_at = self.now - lag
        claim = Claim(self._id(), kind, code, quantity, happened_at, fact, None, order_ref, None, reason, {})
        if kind == "redeem":
            key = self._key(tier)
            named = REWARD if key is None else f"tier {key}"
            claim = claim._replace(tier=key, item=named if item == "right" else item)
        elif self.by_spend is not confused:  # who is confused says stamps for money, or money for stamps
            claim = self._paid(claim)
        self._say(self._teller(who), claim, fate)

    @rule(
        card=st.integers(0, 1),
        steps=st.lists(st.sampled_from(VISIT), min_size=2, max_size=6),
        quantity=st.integers(1, 3),
        order_ref=st.sampled_from([None, None, "B1"]),
        tier=st.integers(0, 1),
    )
    def a_visit(self, card, steps, quantity, order_ref, tier):
        """A few things one after another on one card, as it goes at a counter."""
        mine, theirs = self.tills
        code = self._code(card)
        last = Claim(self._id(), "stamp", code, quantity, self.now, False, None, order_ref, None, None, {})
        for step in ("stamp", *steps):
            if step in ("stamp", "fill", "redeem", "redeem a tier", "redeem two"):
                kind = "redeem" if step.startswith("redeem") else "stamp"
                n = {"stamp": quantity, "fill": 6, "redeem": 1, "redeem a tier": 1, "redeem two": 2}[step]
                fact = step == "fill"
                key = self._key(tier) if step == "redeem a tier" else None
                last = last._replace(id=self._id(), kind=kind, quantity=n, already_happened=fact, tier=key, amount=None)
                if kind == "stamp" and self.by_spend:
                    last = self._paid(last)
                self._say(mine, last, "sent")
            elif step in ("undo", "theirs undo"):
                void = Claim(self._id(), "void", code, 1, self.now, False, None, None, last.id, None, {})
                self._say(mine if step == "undo" else theirs, void, "sent")
            else:
                fact = last.already_happened or step == "it happened"
                self._send([(mine, last._replace(already_happened=fact))])

    @precondition(lambda self: self.said)
    @rule(
        which=backwards,
        who=st.sampled_from(["same", "same", "another", "software"]),
        elsewhere=st.sampled_from([False] * 5 + [True]),
        fact=st.booleans(),
        fate=fates,
    )
    def undo(self, which, who, elsewhere, fact, fate):
        """Undo anything that was ever said, arrived or not; mostly by who said it and on its own card."""
        teller, undone = self._said(which)
        code = self._other_code(undone.card) if elsewhere else undone.card
        another = self.tills[0] if teller is self.tills[1] else self.tills[1]
        by = {"same": teller, "another": another, "software": self.software}[who]
        self._say(by, Claim(self._id(), "void", code, 1, self.now, fact, None, None, undone.id, None, {}), fate)

    @rule(
        first=st.sampled_from(["another till", "another card", "software", "nobody"]),
        then=st.booleans(),
        fact=st.booleans(),
    )
    def undo_before_it_arrives(self, first, then, fact):
        """Voids overtake their event; the first of them may have no right to it."""
        mine, theirs = self.tills
        code = self._code(0)
        stamp = Claim(self._id(), "stamp", code, 2, self.now, True, None, None, None, None, {})
        stamp = self._paid(stamp) if self.by_spend else stamp
        void = Claim(self._id(), "void", code, 1, self.now, fact, None, None, stamp.id, None, {})
        early = {
            "another till": (theirs, void),
            "another card": (mine, void._replace(card=self._other_code(code))),
            "software": (self.software, void),
        }
        if first in early:
            self._say(*early[first], "sent")
        if then:
            self._say(mine, void._replace(id=self._id()), "sent")
        self._say(mine, stamp, "sent")

    @precondition(lambda self: self.said)
    @rule(which=backwards, fact=st.booleans())
    def repeat(self, which, fact):
        """The same claim again, perhaps as news that it happened."""
        teller, claim = self._said(which)
        self._send([(teller, claim._replace(already_happened=claim.already_happened or fact))])

    @precondition(lambda self: self.outbox)
    @rule(order=st.randoms(use_true_random=False), some=st.integers(1, 6))
    def deliver(self, order, some):
        """What waited is sent, in any order, in one batch."""
        order.shuffle(self.outbox)
        batch, self.outbox = self.outbox[:some], self.outbox[some:]
        self._send(batch)

    @precondition(lambda self: self.said)
    @rule(which=backwards, who=tellers, change=st.sampled_from(["quantity", "card", "kind"]))
    def reuse_an_id(self, which, who, change):
        """A broken till makes an id twice."""
        _, claim = self._said(which)
        if change == "card":
            other = claim._replace(card=self._other_code(claim.card), already_happened=True)
        elif change == "kind" and claim.kind != "void":
            kind = "redeem" if claim.kind == "stamp" else "stamp"
            other = claim._replace(kind=kind, tier=None, item=None, amount=None, already_happened=True)
        else:
            other = claim._replace(quantity=claim.quantity % 4 + 1, already_happened=True)
        self._say(self._teller(who), other, "sent")

    @rule(ms=st.sampled_from([1000, 11 * MINUTE, 12 * 60 * MINUTE]))
    def time_passes(self, ms):
        self.now += ms

    @rule(promise=promises)
    def change_the_programme(self, promise):
        """A new version: no card may be worse off than what it showed."""
        promise = self._fitting(promise)
        before = {card: self.model.standing(card) for card in self.live_codes}
        shop, version = self.corner, len(self.model.promises)
        self.database.write(
            lambda connection: programmes.change(
                connection,
                shop.id,
                shop.programme,
                terms=terms_of(promise),
                policy=promise.policy,
                expected_version=version,
                author="Ada",
                note="",
                now=self.now,
            )
        )
        self.model.promises.append(promise)
        for card, shown in before.items():
            face = self._face(card)
            then, now = (each.rewards_ready - each.rewards_owed for each in (shown, face))
            assert now > then or (now == then and self._left(face) <= self._left(shown)), "worse off"
            assert face.rewards_ready >= shown.rewards_ready, "worse off"

    @rule(ended=st.sampled_from([True, False, False, False]))
    def end_or_resume_the_programme(self, ended):
        shop = self.corner
        self.database.write(
            lambda connection: programmes.edit(
                connection, shop.id, shop.programme, name=None, active=not ended, now=self.now
            )
        )
        self.model.ended = ended

    @rule(card=st.integers(0, 1), shown=st.booleans())
    def replace_a_card(self, card, shown):
        """A lost card; shown: whoever found it tries it."""
        card_id = self._card(card)
        made = self.database.write(
            lambda connection: cards.replace(
                connection,
                card=self._row(connection, card_id),
                caller=self.owner,
                reason="lost",
                keys=KEYS,
                now=self.now,
            )
        )
        old = self.live_codes[card_id]
        self.model.codes[old] = (card_id, False)
        self.dead_codes.append(old)
        self._learn(card_id, made.card.row.code_number)
        if shown:
            stamp = Claim(self._id(), "stamp", old, 1, self.now, False, None, None, None, None, {})
            self._say(self.tills[0], self._paid(stamp) if self.by_spend else stamp, "sent")

    @precondition(lambda self: len(self.live_codes) < 4)
    @rule()
    def new_card(self):
        made = self._make_card(self.corner, self.tills[0])
        card_id, version = made.card.row.id, len(self.model.promises)
        self.model.made_under[card_id] = version
        self._learn(card_id, 0)
        if self.model.promise.welcome:
            welcome = self.model.worth_of(card_id, self.model.promise.welcome)
            self.model.house(card_id, "bonus", welcome, 0, made.card.row.last_event_id, self.now)

    @rule(
        card=st.integers(0, 1),
        stamps=st.integers(-3, 3),
        rewards=st.integers(-1, 1),
        tier=st.sampled_from([None, None, None, 1, 2, 3]),
    )
    def owner_adjusts(self, card, stamps, rewards, tier):
        card_id = self._card(card)
        shown = self.model.standing(card_id)
        adds = self.model.worth_of(card_id, stamps)
        result, problem = self._try(
            lambda connection: cards.adjust(
                connection,
                card=self._row(connection, card_id),
                stamps=stamps,
                rewards=rewards,
                tier=tier,
                reason="sorry",
                caller=self.owner,
                now=self.now,
            )
        )
        known = tier is None or any(key == tier for promise in self.model.promises for key, _, _ in promise.tiers)
        too_much = shown.stamps + stamps < 0 or max(0, self.model.balance(card_id, tier)) + rewards < 0
        line = Line(b"", card_id, "adjust", 0, rewards, 0, len(self.model.promises), *[None] * 5, tier, adds)
        too_much = too_much or self.model.standing(card_id, line).rewards_owed > shown.rewards_owed
        assert problem == ("unknown_tier" if not known else "below_zero" if too_much else None)
        if result:
            self.model.house(card_id, "adjust", adds, rewards, result.id, self.now, tier)

    @precondition(lambda self: self.model.lines)
    @rule(which=backwards)
    def owner_undoes(self, which):
        lines = list(self.model.lines.values())
        line = lines[-1 - which % len(lines)]
        code = self.live_codes[line.card]
        result, problem = self._try(
            lambda connection: cards.void(
                connection,
                card=self._row(connection, line.card),
                code=code,
                ref=line.id,
                reason="sorry",
                caller=self.owner,
                keys=KEYS,
                now=self.now,
            )
        )
        voided = any(other.ref == line.id for other in lines)
        no = "already_voided" if voided else "not_voidable" if line.kind in ("void", "expire") else None
        assert problem == no
        if result:
            told = Claim(result.id, "void", code, 1, self.now, False, None, None, line.id, "sorry", {})
            assert (result.status, result.reason) == self.model.tell(told, Who("owner"), self.now)

    @rule(days=st.sampled_from([0, 26, 31]))
    def what_is_due_runs_out(self, days):
        self.now += days * DAY
        for card_id in self.live_codes:
            due = self.model.runs_out(card_id, self.now)
            results = self.database.write(
                lambda connection, card=card_id: cards.expire(
                    connection, business_id=self.corner.id, card_id=card, now=self.now
                )
            )
            assert len(results) == len(due)
            for result, (adds, rewards, tier) in zip(results, due, strict=True):
                self.model.house(card_id, "expire", adds, rewards, result.id, self.now, tier)

    @rule(which=st.integers(0, 1))
    def a_till_is_revoked_and_another_paired(self, which):
        gone = self.tills[which]
        self.database.write(lambda connection: tills.revoke(connection, self.corner.id, gone.till_id, now=self.now))
        self.model.revoked.add(gone.till_id)
        self.tills[which] = make_till(self.database, self.corner, "New till")

    @rule(ours=st.booleans())
    def a_stranger_tries(self, ours):
        """Another business stamps our card: no such card. It may use our ids: they are ours alone only here."""
        id = self._said(0)[1].id if self.said else self._id()
        code = self._code(0) if ours else self.strangers_code
        claim = Claim(id, "stamp", code, 1, START, True, None, None, None, None, {})
        self._send([(self.stranger, claim)], self.strangers_model)

    # What must hold.

    @invariant()
    def every_card_shows_what_its_events_come_to(self):
        for card in self.live_codes:
            assert self._face(card) == self.model.standing(card)

    @invariant()
    def the_ledger_holds_each_event_once_and_as_it_was_told(self):
        found = rows(
            self.database,
            "SELECT id, card_id, kind, COALESCE(amount, stamps), rewards, version, ref, flag, tier, amount IS NULL "
            "FROM events WHERE business_id = :b",
            b=self.corner.id,
        )
        told = [
            (
                line.id, line.card, line.kind, line.adds, line.rewards, line.version, line.ref, line.flag, line.tier,
                line.amount is None,
            )
            for line in self.model.lines.values()
        ]  # fmt: skip
        assert sorted(found) == sorted(told)
        with self.database.reading() as connection:
            for card in self.live_codes:
                lines = ledger.history(connection, self.corner.id, self._row(connection, card).last_event_id)
                assert [line.id for line in reversed(lines)] == [line.id for line in self.model.of_card(card)]

    @invariant()
    def what_is_not_in_the_ledger_is_kept_or_was_refused(self):
        found = rows(self.database, "SELECT id, status, reason FROM asides WHERE business_id = :b", b=self.corner.id)
        told = [(kept.claim.id, kept.status, kept.reason) for kept in self.model.kept.values()]
        assert sorted(map(_plainly, found)) == sorted(told)

    @invariant()
    def each_receipt_counts_once(self):
        found = rows(self.database, "SELECT order_ref, event_id FROM receipts WHERE business_id = :b", b=self.corner.id)
        assert sorted(found) == sorted(self.model.receipts.items())

    @invariant()
    def every_event_has_its_notice(self):
        found = rows(self.database, "SELECT event_id FROM notices WHERE business_id = :b", b=self.corner.id)
        assert sorted(row[0] for row in found) == sorted(self.model.lines)

    @invariant()
    def nothing_reached_the_stranger(self):
        found = rows(self.database, "SELECT id FROM events WHERE business_id = :b", b=self.elsewhere.id)
        assert sorted(row[0] for row in found) == sorted(self.strangers_model.lines)

    def teardown(self) -> None:
        """In the end everything arrives, and every card is what its events add up to."""
        if not hasattr(self, "corner"):
            return
        self._send(self.outbox)
        self.every_card_shows_what_its_events_come_to()
        with self.database.reading() as connection:
            _, wrong = housekeeping.verify(connection)
        assert wrong is None

    # How it is done.

    def _say(self, who: Caller, claim: Claim, fate: str) -> None:
        self.said.append((who, claim))
        if fate != "sent":
            self.outbox.append((who, claim))
        if fate != "late":
            self._send([(who, claim)])

    def _send(self, batch: list[tuple[Caller, Claim]], model: Model | None = None) -> None:
        """Send claims and hold each answer to the model's."""
        now, model = self.now, model or self.model
        actions = [
            lambda connection, who=who, claim=claim: events.record(connection, claim, caller=who, keys=KEYS, now=now)
            for who, claim in batch
        ]
        for (who, claim), result in zip(batch, self.database.write_each(actions), strict=True):
            assert result.id == claim.id
            reason = "no_reward" if result.reason == "already_redeemed" else result.reason
            assert (result.status, reason) == model.tell(claim, Who(who.source, who.till_id), now)

    def _try(self, action: Callable[[Any], events.Result]) -> tuple[events.Result | None, str | None]:
        """The result of an owner's action, or the code of the problem it met."""
        try:
            return self.database.write(action), None
        except Problem as problem:
            return None, problem.code

    def _id(self) -> bytes:
        self.count += 1
        return self.count.to_bytes(16, "big")

    def _teller(self, who: int) -> Caller:
        return [*self.tills, self.software][who]

    def _said(self, which: int) -> tuple[Caller, Claim]:
        return self.said[-1 - which % len(self.said)]

    def _card(self, place: int) -> bytes:
        return list(self.live_codes)[place % len(self.live_codes)]

    def _code(self, place: int | str) -> str:
        if place == "dead" and self.dead_codes:
            return self.dead_codes[-1]
        return NO_CARD if isinstance(place, str) else self.live_codes[self._card(place)]

    def _other_code(self, code: str) -> str:
        """The code of another card than this one."""
        return next(other for other in self.live_codes.values() if other != code)

    def _make_card(self, shop: Shop, caller: Caller) -> cards.NewCard:
        version = len(self.model.promises) if shop is self.corner else 1
        return self.database.write(
            lambda connection: cards.make(
                connection, caller=caller, programme_id=shop.programme, version=version, keys=KEYS, now=self.now
            )
        )

    def _learn(self, card_id: bytes, number: int) -> None:
        code = KEYS.card_code(self.corner.id, card_id, number)
        self.live_codes[card_id] = code
        self.model.codes[code] = (card_id, True)

    def _strangers_card(self) -> str:
        row = self._make_card(self.elsewhere, self.stranger).card.row
        code = KEYS.card_code(self.elsewhere.id, row.id, 0)
        self.strangers_model.made_under[row.id] = 1
        self.strangers_model.codes[code] = (row.id, True)
        return code

    def _row(self, connection: Any, card_id: bytes) -> ledger.CardRow:
        row = ledger.card_by_id(connection, self.corner.id, card_id)
        assert row is not None
        return row

    def _face(self, card_id: bytes) -> Standing:
        with self.database.reading() as connection:
            state = standing.card_state(connection, self._row(connection, card_id))
        figures = state.figures
        return Standing(
            figures.stamps,
            figures.needed,
            state.version.terms.stamps_needed,
            figures.rewards_ready,
            figures.stamps_owed,
            figures.rewards_owed,
            figures.last_stamp_at,
            figures.unit,
            figures.remainder,
            tuple((t.key, t.at, figures.times_earned(t), figures.balance(t.key)) for t in figures.tiers),
        )

    def _key(self, which: int | str | None) -> int | None:
        """The key of a tier there is, or of one that may be gone or may never have been."""
        keys = [key for key, _, _ in self.model.promise.tiers]
        if which == "gone":
            return next(key for key in (3, 2, 1, 4) if key not in keys)
        return keys[which % len(keys)] if keys and which is not None else None

    def _fitting(self, promise: Promise) -> Promise:
        """The promise as a programme of this kind can make it."""
        return promise if self.by_spend else replace(promise, spend=0)

    def _paid(self, claim: Claim) -> Claim:
        """The stamps of a claim as money."""
        return claim._replace(quantity=1, amount=claim.quantity * A_STAMPS_MONEY)

    def _left(self, shown: Standing) -> int:
        """How far it is to the next reward, in what the card counts."""
        return (shown.needed - shown.stamps) * shown.worth - shown.remainder


def _plainly(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[0], row[1], row[2].replace("already_redeemed", "no_reward")
