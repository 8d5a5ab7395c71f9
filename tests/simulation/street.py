"""What goes on: tills serve customers, the owner changes everything meanwhile, and the network does its worst.

One pair of dice decides it all, so the same seed makes the same steps. Every answer is judged when it comes.
"""

import hashlib
import random
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from api.ids import id_text, moment_text
from tests.model import Promise
from tests.simulation import laws, owner
from tests.simulation.kiosk import Till
from tests.simulation.service import Answer, Service
from tests.world import rows

TILLS = 4
CARDS = 16
MOST_UNDER_WAY = 30
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
FIRST_PROMISE = Promise(needed=5, most=6)
NO_CARD = "000000000000000001"
# What happens next, and how often.
CHANCES = {
    "a_visit": 430, "a_look": 60, "an_undo": 45, "a_heartbeat": 150, "the_network_comes_or_goes": 70,
    "a_late_request_arrives": 40, "a_page_is_opened_anew": 15, "a_clock_is_set": 12, "a_new_card": 15,
    "a_lost_card": 8, "a_card_nobody_knows": 6, "a_request_is_too_much": 8, "the_owner_undoes": 15,
    "the_owner_adjusts": 8, "the_owner_settles": 25, "the_owner_reviews": 25, "the_owner_pardons": 12,
    "the_owner_changes_the_programme": 3, "the_owner_changes_what_tills_may_do": 6, "a_till_is_revoked": 0.7,
    "a_backup": 2, "a_restore": 0.5, "a_long_time_passes": 8, "a_disk_loses_a_row": 2, "a_disk_is_emptied": 0.3,
    "a_file_is_brought_in": 4, "the_owner_looks_at_the_tills": 12,
}  # fmt: skip

# The same with more of what is rare: where a bug is to be met soon.
STORM = CHANCES | {
    "a_restore": 8, "a_backup": 12, "a_till_is_revoked": 8, "the_owner_changes_the_programme": 12,
    "the_owner_changes_what_tills_may_do": 15, "the_owner_undoes": 40, "the_owner_settles": 60,
    "the_owner_pardons": 30, "the_owner_looks_at_the_tills": 40, "a_disk_loses_a_row": 12, "a_disk_is_emptied": 1,
    "a_clock_is_set": 25, "a_request_is_too_much": 30, "the_network_comes_or_goes": 90,
}  # fmt: skip


class Crashed(Exception):
    """The till's page is gone in the middle of what it did."""


@dataclass
class Card:
    """A card in a customer's pocket. seen: what its phone showed last, and the lines behind it but stamps."""

    id: bytes
    code: str
    first_version: int
    seen: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Memory:
    """What a backup remembers beside the database: the cards, the promises, the owner's own lines."""

    file: Path
    cards: tuple[Card, ...]
    promises: tuple[Promise, ...]
    house: frozenset[str]
    never: bool


class Street:
    """Everything there is. said is with the tills; house: ids of lines the owner made; life: restores so far."""

    def __init__(
        self, address: str, folder: Path, dice: random.Random, *, chances: Mapping[str, float] = CHANCES
    ) -> None:
        self.dice, self.chances = dice, chances
        self.journal = hashlib.blake2b(digest_size=16)
        self.steps = self.life = 0
        self.epoch = ""
        self.service = Service(address, folder, FIRST_PROMISE)
        self.programme = id_text(self.service.shop.programme)
        self.promises = [FIRST_PROMISE]
        self.never = False
        self.tills: list[Till] = []
        self.gone: list[Till] = []  # revoked
        self.revoked: set[Till] = set()
        self.offline: set[Till] = set()
        self.too_much: set[str] = set()
        self.under_way: list[tuple[Till, dict[str, Any]]] = []
        self.cards: list[Card] = []
        self.known: dict[bytes, Card] = {}
        self.house: set[str] = set()
        self.settled: set[str] = set()
        self.memories: list[Memory] = []
        self.heard: dict[str, str] = {}
        # By till: rewards handed over since it was last in touch; which lost numbers its batches have shown to be lost.
        self.alone: dict[str, list[str]] = {}
        self.shown_lost: dict[tuple[str, int], int] = {}
        # Events that came straight each time, from a clock that nobody had set since they happened.
        self.straight: dict[str, bool] = {}

    def open(self) -> None:
        """The first tills and cards."""
        for _ in range(TILLS):
            self.a_new_till()
        for _ in range(CARDS):
            self.a_new_card()
        self.a_backup()

    def step(self) -> None:
        """One thing more."""
        self.steps += 1
        self.service.now += self.dice.randrange(1, 4 * MINUTE)
        what = self.dice.choices([*self.chances], [*self.chances.values()])[0]
        self.note(what)
        by_owner = getattr(owner, what, None)
        by_owner(self) if by_owner else getattr(self, what)()

    def note(self, *what: object) -> None:
        """Write into the journal what came of it: two runs of one seed have the same."""
        self.journal.update(repr(what).encode())

    # At the counter.

    def a_visit(self) -> None:
        """A customer comes: the card is looked at, stamped, perhaps a reward asked for."""
        till, card = self.dice.choice(self.tills), self.dice.choice(self.cards)
        with self.page(till):
            face = till.look(card.code) if self.dice.random() < 0.5 else till.disk.faces.get(card.code)
            full = face is not None and face["rewards_ready"] > 0
            if self.dice.random() < (0.75 if full else 0.1):
                for _ in range(self.dice.choice([1, 1, 2])):
                    self._redeem(till, card.code)
            if self.dice.random() < 0.85:
                reason = self.dice.choice([None, None, None, "a friend"])
                till.stamp(self.id(), card.code, self.dice.choice([1, 1, 1, 2, 3]), reason=reason)

    def an_undo(self) -> None:
        with self.page(self.dice.choice(self.tills)) as till:
            till.undo(self.id())

    def a_card_nobody_knows(self) -> None:
        with self.page(self.dice.choice(self.tills)) as till:
            till.stamp(self.id(), NO_CARD, 1)

    def _redeem(self, till: Till, code: str) -> None:
        id = self.id()
        what = till.redeem(id, code)
        tries = 0
        while what == "checking" and tries < 3:  # no answer: again, hand it over all the same, or later
            tries += 1
            do = self.dice.choice(["again", "again", "over", "later"])
            if do == "later" or (do == "over" and not till.hand_over(str(id))):
                till.later(str(id))
            till.send()
            what = till.said[str(id)].shown
        if what == "checking":  # walking away means later
            till.later(str(id))
        if any(row.claim["id"] == str(id) and row.standing == "fact" for row in till.disk.outbox.values()):
            self._hand_over_alone(till, code)
        self.note(what)

    def _hand_over_alone(self, till: Till, code: str) -> None:
        handed, rules = self.alone.setdefault(till.name, []), till.disk.offline
        handed.append(code)
        assert rules["redeem"] == "limited", "handed out with no network, against what the till knew"
        assert len(handed) <= rules["per_till"], "a till went over the owner's limit"
        assert handed.count(code) <= rules["per_card"], "a card went over the owner's limit"

    # The till and its line.

    @contextmanager
    def page(self, till: Till) -> Iterator[Till]:
        """A till's page while something is done on it: if it crashes, it is opened anew."""
        try:
            yield till
        except Crashed:
            self.note("crashed")
            till.start_anew()

    def a_heartbeat(self) -> None:
        self.beat(self.dice.choice([*self.tills, *(till for till in self.gone if till.paired)]))

    def beat(self, till: Till) -> None:
        """A till asks for news, and hears perhaps that nobody knows it any more."""
        with self.page(till):
            till.heartbeat()
        if till.cut_off:
            till.clear()
        elif not till.paired:  # paired after the backup that was restored: a new code, and the device goes on
            till.who, till.paired, till.connected = self.service.pair(till.name), True, None
            self.revoked.discard(till)

    def the_network_comes_or_goes(self) -> None:
        till = self.dice.choice(self.tills)
        if till in self.offline:
            self.offline.discard(till)
        elif self.dice.random() < 0.7:
            self.offline.add(till)

    def a_page_is_opened_anew(self) -> None:
        self.dice.choice(self.tills).start_anew()

    def a_clock_is_set(self) -> None:
        till = self.dice.choice(self.tills)
        till.ahead = self.dice.choice([0, 0, 2 * SECOND, -90 * SECOND, 7 * MINUTE, -3 * HOUR, 30 * HOUR])
        till.jumps += 1

    def a_request_is_too_much(self) -> None:
        """Something between till and service lets one event through no more, or does again."""
        waiting = [row.claim["id"] for till in self.tills for row in till.disk.outbox.values()]
        waiting = [id for id in waiting if id not in self._on_its_way()]
        if self.too_much or not waiting:
            self.too_much.clear()
        else:
            self.too_much.add(self.dice.choice(waiting))

    def a_late_request_arrives(self) -> None:
        """Its till has given it up and said the same again since, or something else."""
        if self.under_way:
            till, body = self.under_way.pop(self.dice.randrange(len(self.under_way)))
            for event in body["events"]:
                self.straight[event["id"]] = False
                self.shown_lost.pop((till.name, event["sequence"]), None)  # it has come after all
            self.judge(till, body, self.service.ask("POST", "/sync", body, who=till.who))

    def a_disk_loses_a_row(self) -> None:
        till = self.dice.choice(self.tills)
        numbers = [row.sequence for row in till.disk.outbox.values() if row.claim["id"] not in self._on_its_way()]
        if numbers:
            till.lose_one(self.dice.choice(sorted(numbers)))
            self.alone.pop(till.name, None)  # nor does it know any more what it has handed out

    def _on_its_way(self) -> set[str]:
        """What will come late, and is told apart from a lost memory only when it has come before."""
        return {event["id"] for _, body in self.under_way for event in body["events"]}

    def a_disk_is_emptied(self) -> None:
        self.dice.choice(self.tills).lose_everything()

    def a_file_is_brought_in(self) -> None:
        """The network does not come back: the owner brings what waits at a till, which goes on all the same."""
        till = self.dice.choice(self.tills)
        events, till_id = till.saved_file(), self._till_id(till)
        if not events or till_id is None:
            return
        for event in events:
            self.straight[event["id"]] = False
        for first in range(0, len(events), 500):
            body = {"sent_at": moment_text(till.now), "events": events[first : first + 500]}
            answer = self.owner("POST", f"/tills/{till_id}/imported-events", body)
            self.judge(till, body, answer)

    def a_new_till(self) -> None:
        name = f"Till {len(self.tills) + len(self.gone) + 1}"
        who = self.service.pair(name)
        till = Till(name, who, lambda *request: self._line(till, *request), lambda: self.service.now)
        self.tills.append(till)
        till.heartbeat()

    def a_till_is_revoked(self) -> None:
        """What it still has to say is kept for the owner; another takes its place."""
        till = self.dice.choice(self.tills)
        found = self._till_id(till)
        if found is None:
            return  # it has not been paired again since a restore
        assert self.owner("POST", f"/tills/{found}/revocations", {}).status == 201
        self.tills.remove(till)
        self.gone.append(till)
        self.revoked.add(till)
        self.a_new_till()

    def _line(self, till: Till, method: str, path: str, body: Any) -> Answer | None:
        """One request on its way, and what becomes of it."""
        luck = self.dice.random()
        if till in self.offline or luck < 0.04:
            return None
        if method == "GET":
            answer = self.service.ask(method, path, who=till.who)
            heard = till.disk.epoch in (None, answer.body.get("epoch"))
            assert heard or not answer.cut_off, "a till was cut off and could not hand in what the service has lost"
            self.alone.pop(till.name, None)
            return answer
        if any(event["id"] in self.too_much for event in body["events"]):
            return Answer(413, None)
        if luck < 0.05:
            return Answer(503, None)
        if luck < 0.08 and len(self.under_way) < MOST_UNDER_WAY:
            self.under_way.append((till, body))
            return None
        if luck < 0.09:
            raise Crashed
        answer = self.service.ask(method, path, body, who=till.who)
        if answer.status == 200:
            self._has_arrived(till, body)
        self.judge(till, body, answer)
        if luck < 0.10:
            raise Crashed
        if luck < 0.17:
            return None
        self.alone.pop(till.name, None)
        return answer

    def _has_arrived(self, till: Till, body: dict[str, Any]) -> None:
        """What the service can know of this till from a batch that came straight from it."""
        for event in body["events"]:
            same = till.said[event["id"]].jumps == till.jumps
            self.straight[event["id"]] = same and self.straight.get(event["id"], True)
        if "after" not in body:
            return
        highest = max(event["sequence"] for event in body["events"])
        for number in till.lost_numbers:
            if body["after"] < number < highest:
                self.shown_lost.setdefault((till.name, number), self.life)

    def judge(self, till: Till, body: dict[str, Any], answer: Answer) -> None:
        """What no answer may ever be, whatever has happened before."""
        if answer.status == 401:
            return
        assert answer.status == 200, answer
        results, self.epoch = answer.body["results"], answer.body["epoch"]
        self.note(*((result["status"], result["reason"]) for result in results))
        assert [result["id"] for result in results] == [event["id"] for event in body["events"]]
        for event, result in zip(body["events"], results, strict=True):
            id, status, fact = event["id"], result["status"], event["already_happened"]
            assert not (fact and status == "refused"), f"{id}: what has happened was refused"
            assert result["reason"] != "clock_skew" or status in ("flagged", "duplicate"), f"{id}: a wrong clock"
            assert till not in self.revoked or status not in ("applied", "flagged"), f"{id}: counted for a revoked till"
            if event["kind"] == "redeem" and status in ("applied", "flagged"):
                if not fact:
                    assert result["card"]["rewards_owed"] == 0, f"{id}: a reward that was not there was handed out"
                if fact and self.never:
                    assert status == "flagged", f"{id}: handed out with no network, against the owner's word"
            before = self.heard.get(id)
            if before in ("applied", "flagged"):
                assert (status, result.get("first")) == ("duplicate", before), f"{id}: {before}, then {status}"
            elif before == "kept":
                assert status in ("kept", "duplicate"), f"{id}: kept, then {status}"
            elif before == "refused" and not fact:
                assert status == "refused", f"{id}: refused, then {status}"
            if before not in ("applied", "flagged"):
                self.heard[id] = result.get("first") or status

    # Customers.

    def a_look(self) -> None:
        """A phone shows the card: what the ledger says, and nothing that was promised before is gone."""
        laws.check_card(self, self.dice.choice(self.cards))

    def a_new_card(self) -> None:
        self.service.now += 1  # no two in one moment: the latest is this one
        answer = self.owner("POST", "/cards", {"programme": self.programme})
        assert answer.status == 201, answer
        code = answer.body["card"]["code"]
        ((id, version),) = rows(
            self.service.database, "SELECT id, first_version FROM cards ORDER BY created_at DESC, id DESC LIMIT 1"
        )
        card = self.known[id] = Card(id, code, version)
        self.cards.append(card)
        if len(self.cards) > CARDS:  # somebody moves away
            self.cards.pop(self.dice.randrange(CARDS // 2))

    def a_lost_card(self) -> None:
        card = self.dice.choice(self.cards)
        answer = self.owner("POST", f"/cards/{card.code}/replacements", {"reason": "lost"})
        assert answer.status in (201, 410), answer
        if answer.status == 201 and self.dice.random() < 0.8:  # else somebody goes on with the old one
            card.code = answer.body["card"]["code"]

    # The owner.

    def owner(self, method: str, path: str, body: Any = None) -> Answer:
        """The owner asks for something."""
        answer = self.service.ask(method, path, body, who=self.service.owner)
        self.note(method, answer.status)
        return answer

    # Long times, and the machine room.

    def a_long_time_passes(self) -> None:
        self.service.now += self.dice.choice([HOUR, 5 * HOUR, 14 * HOUR])

    def a_backup(self) -> None:
        cards = tuple(replace(card) for card in self.known.values())
        memory = Memory(self.service.back_up(), cards, tuple(self.promises), frozenset(self.house), self.never)
        self.memories = [*self.memories[-1:], memory]

    def a_restore(self) -> None:
        """The disk is gone: an older backup takes its place. What was under way is cut off."""
        memory = self.dice.choice(self.memories)
        self.under_way.clear()
        self.service.restore(memory.file)
        self.life += 1
        self.memories = self.memories[: self.memories.index(memory) + 1]
        here = {card.id for card in self.cards}
        self.known = {card.id: replace(card, seen=None) for card in memory.cards}
        self.cards = [card for card in self.known.values() if card.id in here] or [*self.known.values()][-CARDS:]
        self.promises, self.house, self.never = [*memory.promises], set(memory.house), memory.never
        self.heard.clear()
        self.epoch = ""
        for till in self.gone:
            if till.paired:
                self._revoke_again(till)

    def _revoke_again(self, till: Till) -> None:
        """The owner remembers whom the service does not: a till that was cut off since the backup."""
        found = self._till_id(till)
        if found is not None:
            self.owner("POST", f"/tills/{found}/revocations", {})

    def _till_id(self, till: Till) -> str | None:
        items = self.owner("GET", "/tills").body["items"]
        return next((item["id"] for item in items if item["name"] == till.name), None)

    def id(self) -> uuid.UUID:
        """An id that nobody has had, from the dice."""
        return uuid.UUID(int=self.dice.getrandbits(127) << 1)
