"""The service inside the simulation: the real one, without a network, by the simulation's clock, with its backups."""

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from sqlalchemy import Connection, event

from api import auth, backup, create_app
from api import settings as settings_module
from api.db import sqlite
from api.db.database import Action
from api.ids import new_id
from api.keys import new_secret
from api.routes import door
from api.store import people, shops
from tests.model import DAY, Promise
from tests.world import START, make_shop


@dataclass(frozen=True)
class Answer:
    """What came back. cut_off: the till's cookies were taken away."""

    status: int
    body: Any
    cut_off: bool = False


class Unhurried:
    """No limits: the street lives weeks in seconds, and the usual ones count by the real clock."""

    def hold(self, limit: str, name: str, client: str, headers: dict[str, str]) -> None:
        """Let everyone in."""


class Service:
    """One business, reached through its real door. now: milliseconds since 1970, for the service too."""

    def __init__(self, address: str, folder: Path, promise: Promise) -> None:
        self.now = START
        self.folder, self.address = folder, address
        self.backups = 0
        self._writing: Connection | None = None
        self.app = self._start()
        self.shop = make_shop(self.database, promise, time_zone="Europe/Warsaw")
        self.owner = self._sign_in()

    @property
    def database(self) -> Any:
        """Its database."""
        return self.app.extensions["tenth.database"]

    @contextmanager
    def by_this_clock(self) -> Iterator[None]:
        """While this lasts, the service's clock is the simulation's."""
        real, door.now_ms = door.now_ms, lambda: self.now
        try:
            yield
        finally:
            door.now_ms = real

    def ask(self, method: str, path: str, body: Any = None, *, who: dict[str, str] | None = None) -> Answer:
        """One request below /api/v1. Raises AssertionError when it ends in an error of the service."""
        data = b"" if body is None else orjson.dumps(body)
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": f"/api/v1{path}", "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            **(who or {}),
        }  # fmt: skip
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        pieces = self.app.wsgi_app(environ, lambda status, headers, *_: heads.append((status, headers)))
        text = b"".join(pieces)
        status = int(heads[0][0].split(" ")[0])
        assert status < 500, (method, path, status, text)
        cut_off = status == 401 and any(name == "Set-Cookie" for name, _ in heads[0][1])
        return Answer(status, orjson.loads(text) if text else None, cut_off)

    def pair(self, name: str) -> dict[str, str]:
        """A new till; returns what its requests carry."""
        secret, till_id = new_secret(self.shop.id), new_id()
        secret_hash = self._keys.lookup("till", self.shop.id, secret)
        self.database.write(
            lambda connection: shops.add_till(
                connection,
                self.shop.id,
                id=till_id,
                shop_id=self.shop.shop,
                name=name,
                secret_hash=secret_hash,
                paired_at=self.now,
            )
        )
        return self._cookie(auth.TILL_COOKIE, secret, secret_hash)

    def back_up(self) -> Path:
        """A backup, while it runs."""
        self.backups += 1
        file = self.folder / f"{self.backups}.tenth"
        backup.save(self.database, file, keys=self._keys, now=self.now)
        return file

    def restore(self, file: Path) -> None:
        """Stop, put a backup in the database's place, and start again."""
        database, keys = self.database, self._keys
        self.stop()
        _, replaced = backup.restore(database, file, keys=keys, now=self.now)
        database.close()
        if replaced is not None:
            replaced.unlink()
        self.app = self._start()

    def stop(self) -> None:
        """Let go of the database."""
        self.app.extensions["tenth.live"].close()
        if self._writing is not None:
            self._writing.close()
        self.database.close()

    @property
    def _keys(self) -> Any:
        return self.app.extensions["tenth.keys"]

    def _start(self) -> Flask:
        settings = settings_module.read({"TENTH_DATA": str(self.folder), "TENTH_DATABASE_URL": self.address})
        app = create_app(settings)
        app.extensions["tenth.limits"] = Unhurried()
        database, self._writing = app.extensions["tenth.database"], None
        if settings.on_sqlite:  # no power is cut here, so no disk has to be waited for
            event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
            database.write_each = self._write_each
        return app

    def _write_each(self, actions: Sequence[Action[Any]]) -> list[Any]:
        """As the thread that writes does it. One asks after another here, and to wake that thread took longer than
        the writing."""
        self._writing = self._writing or self.database.engine.connect()
        turn, jobs = self.database.in_turn(), [sqlite._Job(action) for action in actions]
        turn.give_up()
        sqlite._commit_together(self._writing, jobs, turn)
        for job in jobs:
            if job.error is not None:
                raise job.error
        return [job.answer for job in jobs]

    def _sign_in(self) -> dict[str, str]:
        secret = new_secret(self.shop.id)
        secret_hash = self._keys.lookup("session", self.shop.id, secret)
        with self.database.reading() as connection:
            owner_id = connection.exec_driver_sql("SELECT id FROM owners").scalar_one()
        self.database.write(
            lambda connection: people.add_session(
                connection,
                self.shop.id,
                id=new_id(),
                owner_id=owner_id,
                secret_hash=secret_hash,
                created_at=START,
                expires_at=START + 3650 * DAY,
            )
        )
        return self._cookie(auth.OWNER_COOKIE, secret, secret_hash)

    def _cookie(self, name: str, secret: str, secret_hash: bytes) -> dict[str, str]:
        return {"HTTP_COOKIE": f"{name}={secret}", "HTTP_X_CSRF_TOKEN": self._keys.csrf(secret_hash)}
