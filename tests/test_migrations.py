"""Migrations: from nothing to the tables as the code knows them, all or nothing, and nothing the second time."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, UniqueConstraint, inspect, text

from api import tables
from api.db import Base
from api.upgrades import ROOT, upgrade
from tests.world import open_database

NUMBERED = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
FAILS = '''"""A migration that fails half-way."""
from alembic import op
revision = "9999"
down_revision = {head!r}
def upgrade():
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("CREATE TABLE half_done (id INTEGER)")
'''


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """An empty database."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = request.getfixturevalue("postgres")
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE tenth_empty")
        address = urlsplit(server)._replace(path="/tenth_empty").geturl()
    opened = open_database(address, str(tmp_path))
    yield opened
    opened.close()
    if request.param == "postgresql":
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("DROP DATABASE tenth_empty WITH (FORCE)")


@pytest.fixture
def failing_migrations(tmp_path):
    """The migrations and one more, which fails."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder)
    (folder / "versions" / "9999_fails.py").write_text(FAILS.format(head=NUMBERED[-1][:4]))
    return folder


def shape(opened):
    """Everything that stands in a database's catalogue, as text."""
    if opened.engine.dialect.name == "sqlite":
        sql = "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2"
    else:
        sql = (
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
            "WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef, '', '' FROM pg_indexes "
            "WHERE schemaname = 'public' UNION ALL SELECT tgname, pg_get_triggerdef(oid), '', '', '' FROM pg_trigger "
            "ORDER BY 1, 2"
        )
    with opened.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def test_the_migrations_make_the_tables_that_the_code_knows(empty):
    upgrade(empty.engine)

    with empty.engine.connect() as connection:
        # SQLite writes an empty default otherwise than it is told it; PostgreSQL tells whether defaults agree.
        defaults = connection.dialect.name == "postgresql"
        options = {"compare_type": True, "compare_server_default": defaults}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_make_every_check_that_the_code_knows(empty):
    upgrade(empty.engine)
    catalogue = inspect(empty.engine)

    for table in Base.metadata.sorted_tables:
        told = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {check["name"] for check in catalogue.get_check_constraints(table.name)} == told


def test_migrating_again_changes_nothing(empty):
    upgrade(empty.engine)
    before = shape(empty)

    upgrade(empty.engine)

    assert shape(empty) == before


def test_a_migration_that_fails_leaves_no_trace_not_even_of_those_before_it(empty, failing_migrations):
    before = shape(empty)

    with pytest.raises(Exception, match="half_done"):
        upgrade(empty.engine, folder=failing_migrations)

    assert shape(empty) == before


def test_after_a_failed_migration_the_right_ones_still_run(empty, failing_migrations):
    with pytest.raises(Exception, match="half_done"):
        upgrade(empty.engine, folder=failing_migrations)

    upgrade(empty.engine)

    assert "events" in inspect(empty.engine).get_table_names()


@pytest.mark.parametrize("name", NUMBERED)
def test_a_migration_is_numbered_opens_with_a_sentence_and_stands_alone(name):
    source = (ROOT / "migrations" / "versions" / name).read_text()

    assert name[:4].isdecimal()
    assert f'revision = "{name[:4]}"' in source
    assert source.startswith('"""')
    assert not any(line.startswith(("import api", "from api", "from rules")) for line in source.splitlines())


def test_business_leads_every_key_so_that_nothing_crosses():
    alone = {"businesses", "service", "set_up_links"}

    for table in Base.metadata.sorted_tables:
        if table.name in alone:
            continue
        keys = [table.primary_key, *table.foreign_key_constraints]
        keys += [key for key in table.constraints if isinstance(key, UniqueConstraint)]
        for key in keys:
            assert next(iter(key.columns)).name == "business_id", f"{table.name}: {key}"


def test_every_file_of_tables_is_known():
    folder = Path(tables.__file__).parent

    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "columns"} == set(tables.__all__)
