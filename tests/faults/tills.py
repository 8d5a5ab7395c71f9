"""A till's own program: it makes each event, remembers it, and sends it until the event's own result came back."""

import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from api.ids import id_text, moment_text, new_id, now_ms

# As the till's page has it, and a little more for a busy machine.
ANSWER_TIMEOUT_SECONDS = 10
# Before it calls a service that is not there once more; a real one waits longer, and longer each time.
PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Answer:
    """One answer of the service. seconds: from the first byte sent to the last one read."""

    status: int
    retry_after: str | None
    body: bytes
    seconds: float


@dataclass
class Till:
    """A till. said: every event it made; told: what it was last answered about each; outbox: what it was not."""

    port: int
    headers: dict[str, str]
    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    outbox: list[str] = field(default_factory=list)
    sendings: int = 0
    _line: socket.socket | None = None

    def see(self, kind: str, code: str, *, quantity: int = 1) -> str:
        """Something happens at this till; it will be sent. Returns the event's id."""
        id = id_text(new_id())
        self.said[id] = {
            "id": id, "kind": kind, "card": code, "quantity": quantity, "happened_at": moment_text(now_ms()),
        }  # fmt: skip
        self.outbox.append(id)
        return id

    def send(self, *, most: int = 500, also: tuple[str, ...] = ()) -> Answer | None:
        """Send what waits, oldest first, and `also` what has its answer already; None when no whole answer came.

        Raises AssertionError for an answer that a till could not work with.
        """
        ids = [*self.outbox[:most], *also]
        answer = self.post({"sent_at": moment_text(now_ms()), "events": [self.said[id] for id in ids]})
        self.sendings += 1
        if answer is None or answer.status == 503:
            return answer
        assert answer.status == 200, (answer.status, answer.body[:500])
        results = json.loads(answer.body)["results"]
        assert [result["id"] for result in results] == ids
        for result in results:
            self.told[result["id"]] = result["status"]
        answered = set(ids)
        self.outbox = [id for id in self.outbox if id not in answered]
        return answer

    def post(self, body: dict[str, Any]) -> Answer | None:
        """POST to /api/v1/sync; None when no whole answer came."""
        data = json.dumps(body).encode()
        head = self.headers | {"Host": "localhost", "Content-Type": "application/json", "Content-Length": len(data)}
        lines = ["POST /api/v1/sync HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        start = time.perf_counter()
        try:
            if self._line is None:
                self._line = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_TIMEOUT_SECONDS)
            self._line.sendall("\r\n".join(lines).encode() + data)  # in one piece, as browsers do
            with http.client.HTTPResponse(self._line, method="POST") as got:
                got.begin()
                whole = got.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return None
        if got.will_close:
            self.hang_up()
        if got.headers["Content-Length"] is None:  # cut off among its headers
            return None
        return Answer(got.status, got.headers["Retry-After"], whole, time.perf_counter() - start)

    def hang_up(self) -> None:
        """Close the connection; the next sending opens another."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def visit(self, codes: list[str], dice: random.Random) -> Answer | None:
        """One customer or a few, as they come: mostly a stamp, now and then a reward or a batch; then send."""
        for _ in range(dice.choice((1, 1, 1, 1, 2, 8))):
            if dice.random() < 0.15:
                self.see("redeem", dice.choice(codes))
            else:
                self.see("stamp", dice.choice(codes), quantity=dice.choice((1, 1, 2, 3)))
        # Now and then something that was answered long ago is sent once more.
        again = (dice.choice([*self.told]),) if self.told and dice.random() < 0.05 else ()
        return self.send(also=again)

    def empty(self, *, within: float = 60) -> None:
        """Send until nothing waits. Raises AssertionError when for so many seconds nothing gets less."""
        end = time.monotonic() + within
        while self.outbox:
            waiting = len(self.outbox)
            assert time.monotonic() < end, f"{waiting} events still wait"
            # Few at a time: on a busy machine hundreds might take longer than a till waits.
            if self.send(most=50) is None:
                time.sleep(PAUSE_SECONDS)
            if len(self.outbox) < waiting:
                end = time.monotonic() + within


@contextmanager
def at_work(tills: list[Till], codes: list[str], dice: random.Random) -> Iterator[None]:
    """All these tills serve customers, each in a thread of its own, whatever the service does meanwhile."""
    closing, broken = threading.Event(), []

    def work(till: Till, dice: random.Random) -> None:
        try:
            while not closing.is_set():
                answer = till.send() if till.outbox and dice.random() < 0.7 else till.visit(codes, dice)
                time.sleep(PAUSE_SECONDS if answer is None else 0)
        except BaseException as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=(till, random.Random(dice.random()))) for till in tills]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        closing.set()
        for thread in threads:
            thread.join()
        for till in tills:
            till.hang_up()
        for error in broken:  # also when something else went wrong: perhaps because of it
            raise error
