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
    """One version of a programme, as the model needs it."""

    needed: int
    policy: str = "better"
    most: int = 3
    welcome: int = 0
    cooldown: int = 0
    daily: int = 0
    stamps_days: int = 0
    rewards_days: int = 0


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
    """What a card shows."""

    stamps: int
    needed: int
    next_needed: int
    rewards_ready: int
    stamps_owed: int
    rewards_owed: int
    last_stamp_at: int | None


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
        rounds = [self.promises[first - 1].needed] * 1000
        total = 0
        for number in range(first, len(self.promises) + 1):
            new = self.promises[number - 1]
            if number > first:
                here, _ = _place(rounds, total)
                if new.policy == "better":
                    rounds[here] = min(rounds[here], new.needed)
                rounds[here + 1 :] = [new.needed] * (len(rounds) - here - 1)
            total += sum(line.stamps for line in lines if line.version == number)
        filled, stamps = _place(rounds, total)
        balance = filled + sum(line.rewards for line in lines)
        undone = {line.ref for line in lines}
        visits = [line.at for line in lines if line.kind == "stamp" and line.id not in undone]
        return Standing(
            stamps=stamps,
            needed=rounds[filled],
            next_needed=self.promise.needed,
            rewards_ready=max(balance, 0),
            stamps_owed=max(-total, 0),
            rewards_owed=max(-balance, 0),
            last_stamp_at=max(visits, default=None),
        )

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
        objection = self._stamp_objection(claim, now) if claim.kind == "stamp" else self._redeem_objection(claim, now)
        overridden = claim.reason and objection in ("too_soon", "daily_limit")
        if objection and not (claim.already_happened or overridden or objection == "clock_skew"):
            return self._keep(claim, who, "refused", objection.replace("overdrawn", "no_reward"), now)
        self._count(claim, who, objection, now)
        return ("flagged" if objection else "applied"), objection

    def house(self, card: bytes, kind: str, stamps: int, rewards: int, id: bytes, now: int) -> None:
        """The owner or the service adds something itself."""
        version = len(self.promises)
        self.lines[id] = Line(id, card, kind, stamps, rewards, now, version, None, None, None, None, None)

    def runs_out(self, card: bytes, now: int) -> list[tuple[int, int]]:
        """What expires now: (stamps, rewards) of each event to come."""
        seen, promise = self.standing(card), self.promise
        if seen.last_stamp_at is None:
            return []
        days = (now - seen.last_stamp_at) / DAY
        out = []
        if promise.rewards_days and days >= promise.rewards_days and seen.rewards_ready:
            out.append((0, -seen.rewards_ready))
        if promise.stamps_days and days >= promise.stamps_days and seen.stamps:
            out.append((-seen.stamps, 0))
        return out

    def _stamp_objection(self, claim: Any, now: int) -> str | None:
        card, alive = self.codes[claim.card]
        seen, promise = self.standing(card), self.promise
        if not alive:
            return "card_replaced"
        if self.ended:
            return "programme_ended"
        if claim.quantity > promise.most:
            return "visit_limit"
        visit = min(claim.happened_at, now) if claim.already_happened else now
        if promise.cooldown and seen.last_stamp_at is not None:
            since = visit - seen.last_stamp_at
            if 0 <= since < promise.cooldown * 1000:
                return "too_soon"
        if promise.daily and self._stamps_today(card, now) + claim.quantity > promise.daily:
            return "daily_limit"
        return "clock_skew" if claim.happened_at > now + 5 * MINUTE else None

    def _redeem_objection(self, claim: Any, now: int) -> str | None:
        card, alive = self.codes[claim.card]
        if not alive and not claim.already_happened:
            return "card_replaced"
        if self.standing(card).rewards_ready < claim.quantity:
            return "overdrawn"
        if not alive:
            return "card_replaced"
        return "clock_skew" if claim.happened_at > now + 5 * MINUTE else None

    def _stamps_today(self, card: bytes, now: int) -> int:
        midnight = (now + AHEAD) // DAY * DAY - AHEAD
        undone = {line.ref for line in self.lines.values()}
        lines = [line for line in self.of_card(card) if line.kind == "stamp" and line.id not in undone]
        return sum(line.stamps for line in lines if line.at >= midnight)

    def _count(self, claim: Any, who: Who, flag: str | None, now: int) -> None:
        stamps, rewards = (claim.quantity, 0) if claim.kind == "stamp" else (0, -claim.quantity)
        self._write(claim, who, claim.kind, stamps, rewards, flag, now)
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
        line = self._write(claim, who, "void", -target.stamps, -target.rewards, None, now)
        after = self.standing(card)
        owes_more = after.stamps_owed > before.stamps_owed or after.rewards_owed > before.rewards_owed
        flag = "overdrawn" if owes_more else None
        self.lines[line.id] = replace(line, flag=flag)
        if target.order_ref:
            del self.receipts[target.order_ref]
        return ("flagged" if flag else "applied"), flag

    def _write(self, claim: Any, who: Who, kind: str, stamps: int, rewards: int, flag: str | None, now: int) -> Line:
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
    return claim.kind, claim.card, claim.quantity, claim.happened_at, claim.order_ref, claim.ref, claim.reason


def _place(rounds: list[int], total: int) -> tuple[int, int]:
    """Which round a total falls in, and how far into it."""
    left, here = max(total, 0), 0
    while left >= rounds[here]:
        left, here = left - rounds[here], here + 1
    return here, left
