"""A till in small: the queue of kiosk/outbox.js, the line of kiosk/line.js and the counter of kiosk/counter.js, retold.

Its disk is what a crash leaves. Beside it stands a notebook of what was shown to people, which no crash takes away.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from api.ids import moment_text
from tests.model import DAY, MINUTE
from tests.simulation.service import Answer

LARGEST_BATCH = 500
SENT_KEPT_MS = 30 * DAY
HOUR = 60 * MINUTE
# A request and whether it is only asked for news: (method, path, body). None when no answer came.
Call = Callable[[str, str, Any], Answer | None]


@dataclass
class Said:
    """One claim, and what people were shown of it: checking, saved, done, no, withdrawn, or nothing (a crash).

    at: when it happened, by the right clock. handed: somebody ate the reward. lost: the disk forgot it before an
    answer came; forgotten: after one. answers: (epoch, status).
    """

    claim: dict[str, Any]
    at: int
    jumps: int
    shown: str = "nothing"
    handed: bool = False
    fact: bool = False
    lost: bool = False
    forgotten: bool = False
    answers: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Row:
    """A claim in the queue. again: it had its answer from a service that has lost its memory since."""

    sequence: int
    claim: dict[str, Any]
    standing: str
    again: bool = False


@dataclass
class Disk:
    """What is safe: every change of it stands for one strict transaction. after: the highest number answered."""

    outbox: dict[int, Row] = field(default_factory=dict)
    sent: dict[int, tuple[Row, int]] = field(default_factory=dict)
    faces: dict[str, dict[str, Any]] = field(default_factory=dict)
    offline: dict[str, Any] = field(default_factory=lambda: {"redeem": "never"})
    next_sequence: int = 1
    after: int = 0
    epoch: str | None = None

    def add(self, claim: dict[str, Any], standing: str) -> None:
        """One more at the end of the queue."""
        self.outbox[self.next_sequence] = Row(self.next_sequence, claim, standing)
        self.next_sequence += 1


class Till:
    """A paired device and its cashier. ahead: how far its clock is off; jumps: how often it was set."""

    def __init__(self, name: str, who: dict[str, str], call: Call, clock: Callable[[], int]) -> None:
        self.name, self.who, self.call, self.true_time = name, who, call, clock
        self.disk = Disk()
        self.said: dict[str, Said] = {}
        self.ahead = self.jumps = 0
        self.wipes = 0
        self.lost_numbers: set[int] = set()
        self.paired, self.cut_off = True, False
        self.start_anew()

    @property
    def now(self) -> int:
        """What its clock says."""
        return self.true_time() + self.ahead

    def start_anew(self) -> None:
        """The page opens, perhaps after a crash: nobody waits for an answer now."""
        self.connected: bool | None = None
        self.withheld: set[int] = set()
        self.batch = LARGEST_BATCH
        self.last: dict[str, Any] | None = None
        self._withdraw([row for row in self._asking() if row.claim["kind"] == "redeem"])
        self._stamps_are_facts()

    # At the counter.

    def look(self, code: str) -> dict[str, Any] | None:
        """The card as the service knows it, else as last seen here."""
        answer = self.call("GET", f"/till/cards/{code}", None)
        if answer is not None and answer.status == 200:
            self._keep_face(answer.body["card"])
        return self.disk.faces.get(code)

    def stamp(self, id: uuid.UUID, code: str, quantity: int, *, reason: str | None = None) -> None:
        """Stamps: a question while somebody answers, a fact otherwise."""
        self._carry_out(self._claim(id, "stamp", code, quantity=quantity, reason=reason))

    def redeem(self, id: uuid.UUID, code: str) -> str:
        """A reward: asked for; or with no network handed out within the owner's limits. Says what was shown."""
        claim = self._claim(id, "redeem", code)
        if self.connected is False:
            if not self.may_hand_over(code):
                return "not now"
            self._note(claim).fact = True
            self.disk.add(claim, "fact")
            self._show(claim, "saved")
            self.send()
        else:
            self._carry_out(claim)
        return self.said[claim["id"]].shown

    def undo(self, id: uuid.UUID) -> None:
        """Take the last thing back."""
        if self.last is not None:
            claim, self.last = self.last, None
            self._carry_out(self._claim(id, "void", claim["card"], quantity=claim["quantity"], ref=claim["id"]))

    def hand_over(self, id: str) -> bool:
        """The answer to a redemption is lost and the reward is handed over all the same, if the limits allow it."""
        row = self._row(id)
        if row is None or row.standing != "asking" or not self.may_hand_over(row.claim["card"]):
            return False
        row.standing = "fact"
        self.said[id].fact = True
        self._show(row.claim, "saved")
        return True

    def later(self, id: str) -> None:
        """The answer is lost and nobody waits for it: whatever became of it, it is undone."""
        row = self._row(id)
        if row is not None and row.standing == "asking":
            self._withdraw([row])

    def may_hand_over(self, code: str) -> bool:
        """Within the owner's limits, on a card last seen full and not long ago, with no answer since?"""
        rules, face = self.disk.offline, self.disk.faces.get(code)
        if rules["redeem"] != "limited" or face is None or self.now - face["seen_at"] > rules["hours"] * HOUR:
            return False
        waiting = [row.claim["card"] for row in self.disk.outbox.values() if self._is_handed(row)]
        here = waiting.count(code)
        return len(waiting) < rules["per_till"] and here < rules["per_card"] and here < face["rewards_ready"]

    # On the line.

    def heartbeat(self) -> None:
        """Now and then: what was left behind is tried again, and news is asked for."""
        self.withheld.clear()
        self.send()
        if not self.disk.outbox and self.paired:
            answer = self.call("GET", f"/till?epoch={self.disk.epoch or ''}", None)
            if answer is None:
                return self._missed()
            if "epoch" in answer.body:  # named also to a till that was cut off, but not to one that nobody knows
                self._heard_epoch(answer.body["epoch"])
            if self.disk.outbox:  # a service that has lost its memory
                self.send()
            elif answer.status == 401:
                self.paired, self.cut_off = False, answer.cut_off
            else:
                self._heard()
                self.disk.offline = answer.body["offline"]
        return None

    def send(self) -> None:
        """Send what waits, oldest first, until nothing does or nobody answers."""
        while self.paired and (rows := self._next_batch()):
            answer = self.call("POST", "/sync", self.to_send(rows))
            if answer is None or answer.status == 503:
                return self._missed()
            if answer.status == 401:
                self.paired = False
                return None
            if answer.status == 200:
                self._heard()
                self._heard_epoch(answer.body["epoch"])
                self._settle(rows, answer.body["results"])
            elif len(rows) > 1:
                self.batch = max(1, len(rows) // 2)
            else:  # this one goes on failing: everything behind it goes on
                self.withheld.add(rows[0].sequence)
                self.batch = LARGEST_BATCH
        return None

    def to_send(self, rows: list[Row]) -> dict[str, Any]:
        """A batch, with what the service needs to see that nothing is missing from it."""
        events = [row.claim | {"sequence": row.sequence, "already_happened": row.standing == "fact"} for row in rows]
        body = {"sent_at": moment_text(self.now), "events": events}
        if any(row.again for row in rows):
            return body
        withheld = [number for number in sorted(self.withheld) if self.disk.after < number < rows[-1].sequence]
        return body | {"after": self.disk.after, "withheld": withheld}

    def saved_file(self) -> list[dict[str, Any]]:
        """What waits, as it is saved to a file for the owner."""
        rows = [row for _, row in sorted(self.disk.outbox.items())]
        return self.to_send(rows)["events"] if rows else []

    def clear(self) -> None:
        """It was cut off and has nothing left to say: what it knows of the shop goes."""
        for row, _ in self.disk.sent.values():
            self.said[row.claim["id"]].forgotten = True
        self.disk.sent.clear()
        self.disk.faces.clear()

    def lose_everything(self) -> None:
        """Somebody has emptied the browser's storage; the cookie is still there."""
        for row in self.disk.outbox.values():
            self._lose(row)
        self.clear()
        self.disk, self.wipes = Disk(), self.wipes + 1
        self.start_anew()

    def lose_one(self, number: int) -> None:
        """One row is gone, which no disk should do."""
        self._lose(self.disk.outbox.pop(number))
        self.lost_numbers.add(number)

    def _lose(self, row: Row) -> None:
        said = self.said[row.claim["id"]]
        if said.answers:
            said.forgotten = True
        else:
            said.lost = True

    # The queue.

    def _carry_out(self, claim: dict[str, Any]) -> None:
        said = self._note(claim)
        asking = self.connected is not False
        self.disk.add(claim, "asking" if asking else "fact")
        self._show(claim, "checking" if asking else "saved")
        if claim["kind"] == "stamp":
            self.last = claim
        self.send()
        if said.shown == "checking" and claim["kind"] != "redeem" and self.connected is False:
            self._show(claim, "saved")

    def _next_batch(self) -> list[Row]:
        waiting = [row for number, row in sorted(self.disk.outbox.items()) if number not in self.withheld]
        return waiting[: self.batch]

    def _settle(self, rows: list[Row], results: list[dict[str, Any]]) -> None:
        """What has its own answer leaves the queue; what was done is kept for a while."""
        by_id = {row.claim["id"]: row for row in rows}
        by_number = [row.sequence for row in rows]
        for result in results:
            row = by_id[result["id"]]
            self.disk.outbox.pop(row.sequence, None)
            row.again = False
            if self._may_be_said_again(row, result):
                self.disk.sent[row.sequence] = (row, self.now)
            self.said[row.claim["id"]].answers.append((self.disk.epoch or "", result["status"]))
            self._show_result(row, result)
            if result["card"] is not None:
                self._keep_face(result["card"])
        self.disk.after = max(self.disk.after, *by_number)

    def _may_be_said_again(self, row: Row, result: dict[str, Any]) -> bool:
        """As a fact, should the service forget it. Not what was asked and not done; but every void, or else what it
        undid comes back without it."""
        not_done = result["status"] == "refused" or (result["status"] == "kept" and row.standing == "asking")
        return row.claim["kind"] == "void" or not not_done

    def _show_result(self, row: Row, result: dict[str, Any]) -> None:
        said = self.said[row.claim["id"]]
        if said.shown not in ("checking", "nothing"):
            return None  # saved, done or withdrawn before: what was shown stands
        if result["status"] in ("refused", "kept") and row.standing != "fact":
            return self._show(row.claim, "no")
        self._show(row.claim, "done")
        return None

    def _heard(self) -> None:
        self.connected, self.batch = True, LARGEST_BATCH

    def _heard_epoch(self, epoch: str) -> None:
        """A service with another memory than before is sent again what it may have lost."""
        if self.disk.epoch not in (None, epoch):
            for number, (row, _) in sorted(self.disk.sent.items()):
                row.standing, row.again = "fact", True
                self.disk.outbox[number] = row
            self.disk.sent.clear()
        self.disk.epoch = epoch
        long_ago = self.now - SENT_KEPT_MS
        for number in [number for number, (_, at) in self.disk.sent.items() if at < long_ago]:
            del self.disk.sent[number]

    def _missed(self) -> None:
        self.connected, self.batch = False, max(1, self.batch // 2)
        self._stamps_are_facts()

    def _stamps_are_facts(self) -> None:
        """What was shown as done is a fact from now on. Redemptions still ask."""
        for row in self._asking():
            if row.claim["kind"] != "redeem":
                row.standing = "fact"
                said = self.said[row.claim["id"]]
                said.fact = True
                if said.shown == "checking":
                    self._show(row.claim, "saved")

    def _withdraw(self, redemptions: list[Row]) -> None:
        for row in redemptions:
            row.standing = "withdrawn"
            said = self.said[row.claim["id"]]
            said.shown = "withdrawn"
            id = uuid.UUID(int=int(row.claim["id"].replace("-", ""), 16) ^ 1)
            void = self._claim(id, "void", row.claim["card"], ref=row.claim["id"])
            self._note(void).shown = "withdrawn"
            self.disk.add(void, "withdrawn")

    def _asking(self) -> list[Row]:
        return [row for _, row in sorted(self.disk.outbox.items()) if row.standing == "asking"]

    def _row(self, id: str) -> Row | None:
        return next((row for row in self.disk.outbox.values() if row.claim["id"] == id), None)

    def _is_handed(self, row: Row) -> bool:
        return row.claim["kind"] == "redeem" and row.standing == "fact" and not row.again

    def _keep_face(self, face: dict[str, Any]) -> None:
        self.disk.faces[face["code"]] = face | {"seen_at": self.now}

    def _show(self, claim: dict[str, Any], what: str) -> None:
        said = self.said[claim["id"]]
        said.shown = what
        said.handed = said.handed or (claim["kind"] == "redeem" and what in ("saved", "done"))

    def _note(self, claim: dict[str, Any]) -> Said:
        said = self.said[claim["id"]] = Said(claim, self.true_time(), self.jumps)
        return said

    def _claim(self, id: uuid.UUID, kind: str, code: str, **more: Any) -> dict[str, Any]:
        happened_at = moment_text(self.now)
        return {"id": str(id), "kind": kind, "card": code, "quantity": 1, "happened_at": happened_at, **more}
