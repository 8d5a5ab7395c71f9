"""Migrations: brings a database to this version of Tenth, or a new one to an older version."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

ROOT = Path(__file__).resolve().parents[1]


def upgrade(engine: Engine, *, folder: Path = ROOT / "migrations", to: str = "head") -> None:
    """Run what migrations of this folder are missing, all in one transaction."""
    level = "SERIALIZABLE" if engine.dialect.name == "sqlite" else "READ COMMITTED"
    with engine.connect().execution_options(isolation_level=level) as connection:
        upgrade_within(connection, folder=folder, to=to)


def upgrade_within(connection: Connection, *, folder: Path = ROOT / "migrations", to: str = "head") -> None:
    """The same on a connection; where it is in a transaction already, as a part of that."""
    from alembic import command  # a quarter of a second, which the serving process need not spend

    config = _config(folder)
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def knows(revision: str) -> bool:
    """Is this one of the migrations there are?"""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        return ScriptDirectory.from_config(_config(ROOT / "migrations")).get_revision(revision) is not None
    except CommandError:
        return False


def _config(folder: Path) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder))
    return config
