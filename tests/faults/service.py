"""A service of its own that a trial may kill, with a shop in it: tills, cards, and a look at what is written."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from api import auth, create_app, db
from api import settings as settings_module
from api.actions import cards, set_up
from api.actions.callers import Caller
from api.commands import serve_command, serve_options, upgrade
from api.ids import id_text, new_id, now_ms
from api.keys import new_secret
from api.store import shops
from rules.programme import Terms
from tests.faults.nursery import Child, Nursery
from tests.faults.tills import Till
from tests.world import open_database, rows

ROOT = Path(__file__).resolve().parents[2]
# What a shop on a busy machine may take to come up.
LONGEST_START_SECONDS = 60
REWARDS_EACH = 100


class Service:
    """Tenth in a process group of its own: one business, some tills, some cards with rewards on them."""

    def __init__(
        self,
        folder: Path,
        *,
        tills: int = 4,
        cards: int = 40,
        database_url: str = "",
        target: str = "wsgi:serve --factory",
        nursery: Nursery | None = None,
    ) -> None:
        self.folder, self.port = folder, free_port()
        self.mine = {"TENTH_DATA": str(folder), "TENTH_PORT": str(self.port), "TENTH_RATE_LIMITS": "1000000"}
        if database_url:
            self.mine["TENTH_DATABASE_URL"] = database_url
        self.settings = settings_module.read(self.mine)
        self.target, self.nursery = target, nursery
        self.process: subprocess.Popen[bytes] | Child | None = None
        self.tills: list[Till] = []
        self.codes: list[str] = []
        self._fill(tills, cards)

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Serve, and wait until it answers."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Begin to serve, without waiting."""
        if self.nursery is not None:
            self.process = self.nursery.serve(self.mine, serve_options(self.settings, self.target))
            return
        self.process = subprocess.Popen(
            serve_command(self.settings, self.target), cwd=ROOT, env=os.environ | self.mine,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + LONGEST_START_SECONDS
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the service did not start")

    def wait_until_at_work(self) -> None:
        """Wait until it has answered one of its tills anew."""
        before = self.answered
        self.wait_until_ready()
        end = time.monotonic() + LONGEST_START_SECONDS
        while self.answered == before:
            assert time.monotonic() < end, "no till is answered"
            time.sleep(0.005)

    @property
    def answered(self) -> int:
        """How many events of its tills have their answer."""
        return sum(len(till.told) for till in self.tills)

    def signal(self, number: int) -> None:
        """Send all of its processes a signal."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # it has ended by itself, which what comes next will notice
                os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9 of all its processes at once."""
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def verify(self) -> str:
        """What `flask verify` prints. Raises AssertionError when it finds a card that is wrong."""
        whole = [sys.executable, "-m", "flask", "--app", "wsgi", "verify"]
        done = subprocess.run(whole, cwd=ROOT, env=os.environ | self.mine, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def written(self) -> tuple[dict[str, tuple[int, int]], set[str]]:
        """What is in the ledger from tills, each id with its stamps and rewards, and the ids of what was set aside.

        Raises AssertionError when an id is there twice.
        """
        database = open_database(self.settings.database_url, str(self.folder))
        try:
            lines = rows(database, "SELECT id, stamps, rewards FROM events WHERE source = 'till'")
            aside = rows(database, "SELECT id FROM asides")
        finally:
            database.close()
        twice = [id for id, count in Counter(bytes(line[0]) for line in lines).items() if count > 1]
        assert twice == []
        return {id_text(bytes(id)): (s, r) for id, s, r in lines}, {id_text(bytes(id)) for (id,) in aside}

    def _fill(self, tills: int, cards_count: int) -> None:
        app = create_app(self.settings)
        with app.app_context():
            upgrade(db.database().engine)
            keys, now = app.extensions["tenth.keys"], now_ms()
            terms = Terms(stamps_needed=10, reward="a free sandwich", max_per_visit=20)
            wish = set_up.NewBusiness("Ada", "a@b.example", "", "Corner", "Market", "EUR", "UTC", "en", terms, "Card")
            made = db.write(lambda connection: set_up.make_business(connection, wish, now=now))
            secrets = [new_secret(made.business_id) for _ in range(tills)]
            hashes = [keys.lookup("till", made.business_id, secret) for secret in secrets]

            def pair(connection: Any, number: int) -> None:
                shops.add_till(
                    connection, made.business_id, id=new_id(), shop_id=made.shop_id, name=f"Till {number}",
                    secret_hash=hashes[number], paired_at=now,
                )  # fmt: skip

            def make(connection: Any) -> bytes:
                caller = Caller(made.business_id, "service")
                card = cards.make(
                    connection, caller=caller, programme_id=made.programme_id, version=1, keys=keys, now=now
                ).card.row
                cards.adjust(
                    connection, card=card, stamps=0, rewards=REWARDS_EACH, reason="to redeem", caller=caller, now=now
                )
                return card.id

            db.write_each([lambda connection, number=number: pair(connection, number) for number in range(tills)])
            ids = db.write_each([make] * cards_count)
            self.codes = [keys.card_code(made.business_id, card_id, 0) for card_id in ids]
            app.extensions["tenth.live"].close()
            db.database().close()
        self.tills = [
            Till(self.port, {"Cookie": f"{auth.TILL_COOKIE}={secret}", "X-CSRF-Token": keys.csrf(secret_hash)})
            for secret, secret_hash in zip(secrets, hashes, strict=True)
        ]


def free_port() -> int:
    """A port nobody uses, below those the system hands out to callers.

    Among those, a till that calls while the service is down might be given the very port it calls.
    """
    for _ in range(1000):
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def settle(service: Service) -> str:
    """Let every till say what it still has to say, and the service end; returns what is then true, in a sentence."""
    if service.process is None:
        service.start()
    for till in service.tills:
        till.empty()
        till.hang_up()
    service.kill()
    return hold_to_account(service, service.tills)


def hold_to_account(service: Service, tills: list[Till]) -> str:
    """Hold what is written to what tills were told; returns it in a sentence.

    Every event that was acknowledged is in the ledger with its own amount, or set aside if it was answered so;
    everything in the ledger was sent by a till; `flask verify` passes.
    """
    ledger, aside = service.written()
    said = {id: claim for till in tills for id, claim in till.said.items()}
    told = {id: status for till in tills for id, status in till.told.items()}
    counted = {id for id, status in told.items() if status in ("applied", "flagged", "duplicate")}

    lost = sorted(counted - ledger.keys())  # in the order of the moments that their ids name
    assert lost == [], f"{len(lost)} of {len(counted)} acknowledged and lost: {[(id, told[id]) for id in lost[:100]]}"
    assert (told.keys() - counted) & ledger.keys() == set(), "refused or kept, and counted all the same"
    assert (told.keys() - counted) - aside == set(), "refused or kept, and dropped"
    assert ledger.keys() - said.keys() == set(), "counted, though nobody sent it"
    assert {id: ledger[id] for id in counted} == {id: effect(said[id]) for id in counted}
    return f"{len(told)} acknowledged, 0 lost, 0 doubled; {service.verify().strip()}"


def effect(claim: dict[str, Any]) -> tuple[int, int]:
    """The stamps and rewards that a claim stands for."""
    return (claim["quantity"], 0) if claim["kind"] == "stamp" else (0, -claim["quantity"])
