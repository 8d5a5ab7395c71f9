"""The service as it must not be: it does not wait for the disk. Power cuts must be seen to lose events."""

from typing import Any

from flask import Flask
from sqlalchemy import event

import wsgi
from api import db


def serve() -> Flask:
    """What granian loads in place of wsgi:serve."""
    connect = db.connect

    def connect_carelessly(engine):
        careless = {"sqlite": "PRAGMA synchronous=NORMAL", "postgresql": "SET synchronous_commit = off"}
        database = connect(engine)
        event.listen(engine, "connect", lambda raw, _: _ask(raw, careless[engine.dialect.name]))
        return database

    db.connect = connect_carelessly
    return wsgi.serve()


def _ask(raw: Any, sql: str) -> None:
    raw.execute(sql)
    raw.commit()
