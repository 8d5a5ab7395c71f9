"""What every browser test stands on: the real service in a process of its own, and a real Chromium."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api import keys
from api import settings as settings_module
from api.actions import set_up
from api.commands import serve_options
from api.ids import now_ms
from tests.browser import at_the_console, chromium
from tests.browser.at_the_till import Till
from tests.faults.nursery import Child, Nursery
from tests.world import open_database

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PASSWORD = "nine sandwiches and a tenth"
expect.set_options(timeout=15_000)  # the machine may be busy with other things


class Service:
    """A service of its own folder and port, which a test may stop and start again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://localhost:{port}"
        self.environment = {"TENTH_DATA": str(folder), "TENTH_PORT": str(port), "TENTH_RATE_LIMITS": "1000"}
        self._settings = settings_module.read(self.environment)
        self._nursery = Nursery()
        self._serving: Child | None = None
        self.flask("migrate")

    def flask(self, *command: str) -> str:
        """Run one of the service's commands; returns what it prints."""
        whole = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        done = subprocess.run(
            whole, cwd=ROOT, env=os.environ | self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        """Serve, and wait until pages come."""
        self._serving = self._nursery.serve(
            self.environment, serve_options(self._settings, "tests.hasty:serve --factory")
        )
        for _ in range(1500):
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the service did not start")

    def stop(self) -> None:
        """Stop at once, as a power cut would: all of its processes."""
        if self._serving is not None:
            os.killpg(self._serving.pid, signal.SIGKILL)
            self._serving.wait()
            self._serving = None

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._nursery.close()

    def set_up_link(self) -> str:
        """A fresh one-time link as the command prints it, so that a test can have a business of its own."""
        return f"{self.url}/console/#setup={self._set_up_token()}"

    def _set_up_token(self) -> str:
        own = keys.load(self._settings.data)
        with closing(open_database("", str(self._settings.data))) as database:
            return database.write(lambda connection: set_up.new_link(connection, keys=own, now=now_ms()))

    def set_up(self, **change: Any) -> "Owner":
        """A business of its own, and its owner, signed in."""
        wish = {
            "token": self._set_up_token(),
            "owner": {"name": "Ada", "email": f"{uuid.uuid4().hex[:8]}@corner.example", "password": PASSWORD},
            "business": "Corner",
            "shop": "Market Street",
            "currency": "EUR",
            "time_zone": "Europe/Warsaw",
            "language": "en",
            "stamps_needed": 10,
            "reward": "a free sandwich",
        }
        owner = Owner(self.url)
        owner.post("/setup", wish | change)
        return owner


class Owner:
    """An owner's own program: cookies and all, without a browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self._call("POST", path, {} if body is None else body)

    def put(self, path: str, body: Any) -> Any:
        return self._call("PUT", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, body)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRF-Token": self.cookies.get("__Host-owner-csrf", ""),
        }
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(asked) as answer:
                for cookie in answer.headers.get_all("Set-Cookie") or []:
                    name, _, rest = cookie.partition("=")
                    self.cookies[name] = rest.split(";")[0]
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from None
        return json.loads(text) if text else None


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all browser tests; each test makes a business of its own."""
    made = Service(tmp_path_factory.mktemp("service"))
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests; each test opens a context of its own."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.find(), headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def corner(service: Service) -> dict[str, Any]:
    """A business for the tests of one file, as the cookies of its owner's browser."""
    owner = service.set_up()
    usual = {"domain": "localhost", "path": "/", "secure": True, "sameSite": "Strict", "expires": -1}
    cookies = [{"name": name, "value": value, "httpOnly": False} | usual for name, value in owner.cookies.items()]
    return {"cookies": cookies, "origins": []}


@pytest.fixture
def owner(browser: Browser, service: Service, corner: dict[str, Any]) -> Iterator[at_the_console.Owner]:
    """The owner of that business, signed in, before the console."""
    owner = at_the_console.open_page(browser, service.url, storage_state=corner)
    owner.open("today")
    yield owner
    assert owner.trouble == []
    owner.page.context.close()


@pytest.fixture
def till(browser, service, owner):
    """A till that is paired and open."""
    made = Till(browser, service, owner)
    made.open()
    yield made
    made.close()


@pytest.fixture
def no_service(service):
    """Stop the service; whatever the test did, it runs again afterwards."""
    yield service.stop
    service.stop()
    service.start()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Somebody's phone: phone(locale="pl-PL", color_scheme="dark")."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        contexts.append(browser.new_context(viewport={"width": 360, "height": 740}, **{"locale": "en-GB"} | options))
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()
