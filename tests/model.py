"""A second, naive telling of what a shop's cards come to, written without a line of rules/, to hold the real one to.

It keeps everything in dictionaries, lays rounds out one after another as one would on paper, and counts every card
from the beginning each time it is asked.
"""

from dataclasses import dataclass, field, replace
from typing import Any

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
# The business of the model lives one hour ahead of UTC all year.
AHEAD = 60 * MINUTE


@dataclass(frozen=True)
class Promise:
    """One version of a programme, as the model needs it. tiers: key, stamps, and whether it is earned once."""

    needed: int
    policy: str = "better"
    most: int = 3
    welcome: int = 0
    cooldown: int = 0
    daily: int = 0
    stamps_days: int = 0
    rewards_days: int = 0
    spend: int = 0
    tiers: tuple[tuple[int, int, bool], ...] = ()

    @property
    def worth(self) -> int:
        return self.spend or 1


# What the model's rewards are called; a tier's name is made of its key.
REWARD = "a free sandwich"


@dataclass(frozen=True)
class Round:
    """What fills a round, what a stamp of it is worth, and where its tiers lie, all in stamps or all in money."""

    goal: int
    worth: int
    tiers: dict[int, int]


@dataclass(frozen=True)
class Who:
    """Who tells something: a till (by its id), or with no till the owner or other software."""

    source: str
    till: bytes | None = None


@dataclass(frozen=True)
class Line:
    """One line of the ledger. content: what was claimed, to tell a repeat from another claim under the same id."""

    id: bytes
    card: bytes
    kind: str
    stamps: int
    rewards: int
    at: int
    version: int
    ref: bytes | None
    till: bytes | None
    order_ref: str | None
    flag: str | None
    content: Any
    tier: int | None = None
    amount: int | None = None

    @property
    def adds(self) -> int:
        return self.stamps if self.amount is None else self.amount


@dataclass(frozen=True)
class Kept:
    """A claim that is not in the ledger."""

    claim: Any
    who: Who
    status: str
    reason: str
    card: bytes | None
    waits: bool
    at: int


@dataclass(frozen=True)
class Standing:
    """What a card shows. tiers: key, where it lies in this round (0: nowhere), earned, left of it (below 0: owed)."""

    stamps: int
    needed: int
    next_needed: int
    rewards_ready: int
    stamps_owed: int
    rewards_owed: int
    last_stamp_at: int | None
    worth: int = 1
    remainder: int = 0
    tiers: tuple[tuple[int, int, int, int], ...] = ()


@dataclass
class Model:
    """One business, one programme, any number of cards."""

    promises: list[Promise]
    ended: bool = False
    made_under: dict[bytes, int] = field(default_factory=dict)
    codes: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    lines: dict[bytes, Line] = field(default_factory=dict)
    kept: dict[tuple[bytes, Any], Kept] = field(default_factory=dict)
    receipts: dict[str, bytes] = field(default_factory=dict)
    revoked: set[bytes | None] = field(default_factory=set)

    @property
    def promise(self) -> Promise:
        return self.promises[-1]

    def of_card(self, card: bytes) -> list[Line]:
        """A card's lines in the order they were counted."""
        return [line for line in self.lines.values() if line.card == card]

    def standing(self, card: bytes, extra: Line | None = None) -> Standing:
        """What the card comes to; extra: with this line too."""
        lines = self.of_card(card) + ([extra] if extra else [])
        first = self.made_under[card]
        rounds = [_round_of(self.promises[first - 1])] * 1000
        total = 0
        for number in range(first, len(self.promises) + 1):
            new = self.promises[number - 1]
            if number > first:
                here, _ = _place(rounds, total)
                if new.policy == "better":
                    rounds[here] = _better(rounds[here], _round_of(new))
                rounds[here + 1 :] = [_round_of(new)] * (len(rounds) - here - 1)
            total += sum(line.adds for line in lines if line.version == number)
        filled, units = _place(rounds, total)
        round_ = rounds[filled]
        balances = {None: filled + sum(line.rewards for line in lines if line.tier is None)}
        tiers = []
        for key in sorted(self._keys(lines, rounds[: filled + 1])):
            of_tier = [line for line in lines if line.tier == key]
            kept = sum(line.rewards for line in of_tier if line.kind == "expire" and line.rewards > 0)
            taken = sum(line.rewards for line in of_tier) - kept
            passed = sum(key in over.tiers for over in rounds[:filled]) + kept
            earned = passed + (0 < round_.tiers.get(key, 0) <= units)
            if not (passed or taken or key in round_.tiers):
                continue
            earned = min(earned, 1) if self.is_once(key) else earned
            balances[key] = earned + taken
            tiers.append((key, round_.tiers.get(key, 0), earned, balances[key]))
        undone = {line.ref for line in lines}
        visits = [line.at for line in lines if line.kind == "stamp" and line.id not in undone]
        return Standing(
            stamps=units // round_.worth,
            needed=round_.goal // round_.worth,
            next_needed=self.promise.needed,
            rewards_ready=sum(max(balance, 0) for balance in balances.values()),
            stamps_owed=-(min(total, 0) // round_.worth),
            rewards_owed=sum(max(-balance, 0) for balance in balances.values()),
            last_stamp_at=max(visits, default=None),
            worth=round_.worth,
            remainder=units % round_.worth,
            tiers=tuple(tiers),
        )

    def is_once(self, key: int) -> bool:
        return any(known == key and once for promise in self.promises for known, _, once in promise.tiers)

    def balance(self, card: bytes, tier: int | None) -> int:
        """Rewards left of one kind; below zero they are owed."""
        seen = self.standing(card)
        of_tiers = {key: left for key, _, _, left in seen.tiers}
        if tier is not None:
            return of_tiers.get(tier, 0)
        ready = sum(max(left, 0) for left in of_tiers.values())
        owed = sum(max(-left, 0) for left in of_tiers.values())
        return seen.rewards_ready - ready - (seen.rewards_owed - owed)

    def _keys(self, lines: list[Line], rounds: list[Round]) -> set[int]:
        return {key for round_ in rounds for key in round_.tiers} | {line.tier for line in lines if line.tier}

    def tell(self, claim: Any, who: Who, now: int) -> tuple[str, str | None]:
        """A claim arrives; the status and reason it must get. A repeat changes nothing."""
        content = content_of(claim)
        if claim.id in self.lines:
            if self.lines[claim.id].content == content:
                return "duplicate", self.lines[claim.id].flag
            return self._keep(claim, who, "kept", "id_reuse", now)
        before = self.kept.get((claim.id, content))
        if before is None and any(key[0] == claim.id for key in self.kept):
            return self._keep(claim, who, "kept", "id_reuse", now)
        if before is not None and (before.status == "kept" or not claim.already_happened):
            return before.status, before.reason
        sure = "kept" if claim.already_happened else "refused"
        if claim.card not in self.codes:
            return self._keep(claim, who, "kept" if claim.kind == "void" else sure, "unknown_card", now)
        if who.till in self.revoked:
            return self._keep(claim, who, "kept", "revoked_till", now)
        if claim.kind == "void":
            return self._undo(claim, who, now)
        if claim.order_ref and claim.order_ref in self.receipts:
            return self._keep(claim, who, sure, "receipt_used", now)
        nonsense = self._nonsense(claim)
        if nonsense:
            return self._keep(claim, who, sure, nonsense, now)
        objection = self._stamp_objection(claim, now) if claim.kind == "stamp" else self._redeem_objection(claim, now)
        overridden = claim.reason and objection in ("too_soon", "daily_limit")
        if objection and not (claim.already_happened or overridden or objection == "clock_skew"):
            return self._keep(claim, who, "refused", objection.replace("overdrawn", "no_reward"), now)
        self._count(claim, who, objection, now)
        return ("flagged" if objection else "applied"), objection

    def house(
        self, card: bytes, kind: str, adds: int, rewards: int, id: bytes, now: int, tier: int | None = None
    ) -> None:
        """The owner or the service adds something itself; adds: stamps, or money where the card counts that."""
        stamps, amount = (0, adds) if self.promise.spend and adds else (adds, None)
        version = len(self.promises)
        self.lines[id] = Line(id, card, kind, stamps, rewards, now, version, None, None, None, None, None, tier, amount)

    def worth_of(self, card: bytes, stamps: int) -> int:
        """What so many stamps come to on this card now."""
        return stamps * self.standing(card).worth

    def runs_out(self, card: bytes, now: int) -> list[tuple[int, int, int | None]]:
        """What expires now: what each event to come adds to stamps (or money) and to rewards, and of which tier."""
        seen, promise = self.standing(card), self.promise
        if seen.last_stamp_at is None:
            return []
        days = (now - seen.last_stamp_at) / DAY
        out: list[tuple[int, int, int | None]] = []
        if promise.rewards_days and days >= promise.rewards_days:
            left = [(None, self.balance(card, None)), *((key, left) for key, _, _, left in seen.tiers)]
            out += [(0, -ready, key) for key, ready in left if ready > 0]
        round_, units = self._round(card)
        if promise.stamps_days and days >= promise.stamps_days and units:
            out.append((-units, 0, None))
            out += [(0, 1, key) for key in sorted(round_.tiers) if round_.tiers[key] <= units]
        return out

    def _round(self, card: bytes) -> tuple[Round, int]:
        """The round in progress, and how far it is."""
        seen = self.standing(card)
        tiers = {key: at for key, at, _, _ in seen.tiers if at}
        return Round(seen.needed * seen.worth, seen.worth, tiers), seen.stamps * seen.worth + seen.remainder

    def _nonsense(self, claim: Any) -> str | None:
        """Why nobody can say what this claim would add."""
        if claim.kind == "stamp" and bool(self.promise.spend) != (claim.amount is not None):
            return "amount_needed" if self.promise.spend else "no_amount_counted"
        if claim.kind == "redeem" and claim.tier is not None:
            known = {key for key, _, _ in self.promise.tiers}
            known |= {key for key, *_ in self.standing(self.codes[claim.card][0]).tiers}
            return None if claim.tier in known else "unknown_reward"
        return None

    def _stamp_objection(self, claim: Any, now: int) -> str | None:
        card, alive = self.codes[claim.card]
        seen, promise = self.standing(card), self.promise
        if not alive:
            return "card_replaced"
        if self.ended:
            return "programme_ended"
        adds = claim.quantity if claim.amount is None else claim.amount
        if adds > promise.most * promise.worth:
            return "visit_limit"
        visit = min(claim.happened_at, now) if claim.already_happened else now
        if promise.cooldown and seen.last_stamp_at is not None:
            since = visit - seen.last_stamp_at
            if 0 <= since < promise.cooldown * 1000:
                return "too_soon"
        if promise.daily and self._today(card, now) + adds > promise.daily * promise.worth:
            return "daily_limit"
        return "clock_skew" if claim.happened_at > now + 5 * MINUTE else None

    def _redeem_objection(self, claim: Any, now: int) -> str | None:
        card, alive = self.codes[claim.card]
        if not alive and not claim.already_happened:
            return "card_replaced"
        if self.balance(card, claim.tier) < claim.quantity:
            return "overdrawn"
        if claim.item is not None and claim.item != (REWARD if claim.tier is None else f"tier {claim.tier}"):
            return "unknown_item"
        if not alive:
            return "card_replaced"
        return "clock_skew" if claim.happened_at > now + 5 * MINUTE else None

    def _today(self, card: bytes, now: int) -> int:
        midnight = (now + AHEAD) // DAY * DAY - AHEAD
        undone = {line.ref for line in self.lines.values()}
        lines = [line for line in self.of_card(card) if line.kind == "stamp" and line.id not in undone]
        return sum(line.adds for line in lines if line.at >= midnight)

    def _count(self, claim: Any, who: Who, flag: str | None, now: int) -> None:
        stamps, rewards = (claim.quantity, 0) if claim.kind == "stamp" else (0, -claim.quantity)
        self._write(claim, who, claim.kind, stamps, rewards, flag, now, claim.tier, claim.amount)
        if claim.order_ref:
            self.receipts[claim.order_ref] = claim.id
        card = self.codes[claim.card][0]
        waiting = [kept for kept in self.kept.values() if kept.waits and kept.status == "kept"]
        waiting = [kept for kept in waiting if kept.claim.ref == claim.id and kept.card == card]
        waiting = [kept for kept in waiting if kept.who.source == "software" or kept.who.till == who.till]
        for kept in sorted(waiting, key=lambda kept: (kept.at, kept.claim.id))[:1]:
            self.kept[kept.claim.id, content_of(kept.claim)] = replace(kept, status="taken")
            self._undo(kept.claim, kept.who, now)

    def _undo(self, claim: Any, who: Who, now: int) -> tuple[str, str | None]:
        card, _ = self.codes[claim.card]
        target = self.lines.get(claim.ref)
        if target is None or target.card != card:
            return self._keep(claim, who, "kept", "unknown_ref", now, waits=True)
        no = "kept" if claim.already_happened else "refused"
        if any(line.ref == target.id for line in self.lines.values()):
            return self._keep(claim, who, no, "already_voided", now)
        stranger = who.source == "till" and who.till != target.till
        if target.kind in ("void", "expire") or stranger:
            return self._keep(claim, who, no, "not_voidable", now)
        before = self.standing(card)
        amount = None if target.amount is None else -target.amount
        line = self._write(claim, who, "void", -target.stamps, -target.rewards, None, now, target.tier, amount)
        after = self.standing(card)
        owes_more = after.stamps_owed > before.stamps_owed or after.rewards_owed > before.rewards_owed
        flag = "overdrawn" if owes_more else None
        self.lines[line.id] = replace(line, flag=flag)
        if target.order_ref:
            del self.receipts[target.order_ref]
        return ("flagged" if flag else "applied"), flag

    def _write(
        self,
        claim: Any,
        who: Who,
        kind: str,
        stamps: int,
        rewards: int,
        flag: str | None,
        now: int,
        tier: int | None,
        amount: int | None,
    ) -> Line:
        card, version = self.codes[claim.card][0], len(self.promises)
        at = min(claim.happened_at, now)
        line = Line(
            claim.id,
            card,
            kind,
            stamps,
            rewards,
            at,
            version,
            claim.ref,
            who.till,
            claim.order_ref,
            flag,
            content_of(claim),
            tier,
            amount,
        )
        self.lines[claim.id] = line
        return line

    def _keep(
        self, claim: Any, who: Who, status: str, reason: str, now: int, *, waits: bool = False
    ) -> tuple[str, str]:
        card = self.codes.get(claim.card, (None, False))[0]
        self.kept[claim.id, content_of(claim)] = Kept(claim, who, status, reason, card, waits, now)
        return status, reason


def content_of(claim: Any) -> Any:
    """Everything that makes it the same claim: all but whether it is asked or told, and who was on."""
    said = (claim.kind, claim.card, claim.quantity, claim.happened_at, claim.order_ref, claim.ref, claim.reason)
    return (*said, claim.tier, claim.item, claim.amount)


def _round_of(promise: Promise) -> Round:
    """A round that begins under this promise."""
    tiers = {key: at * promise.worth for key, at, _ in promise.tiers}
    return Round(promise.needed * promise.worth, promise.worth, tiers)


def _better(old: Round, new: Round) -> Round:
    """What a round in progress promises when the better of two promises holds: each reward at the nearer place."""
    goal, worth = min((old.goal, old.worth), (new.goal, new.worth), key=lambda promised: promised[0])
    tiers = {}
    for key in {*old.tiers, *new.tiers}:
        tiers[key] = min([goal, *(round_.tiers[key] for round_ in (old, new) if key in round_.tiers)])
    return Round(goal, worth, tiers)


def _place(rounds: list[Round], total: int) -> tuple[int, int]:
    """Which round a total falls in, and how far into it."""
    left, here = max(total, 0), 0
    while left >= rounds[here].goal:
        left, here = left - rounds[here].goal, here + 1
    return here, left
