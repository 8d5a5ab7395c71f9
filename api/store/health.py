"""How the database is doing: which migration it is at, and what waits in it."""

from sqlalchemy import Connection, column, func, literal_column, select, table
from sqlalchemy.exc import OperationalError

from api.db import Statement
from api.store.asides import SETTLED
from api.tables.events import Aside
from api.tables.integrations import Notice

_VERSION = Statement(select(column("version_num")).select_from(table("alembic_version")))
_KEPT = Statement(select(func.count()).select_from(Aside).where(Aside.status == literal_column("'kept'"), ~SETTLED))
_NOTICES = Statement(select(func.count()).select_from(Notice).where(Notice.next_try_at.is_not(None)))


def version(connection: Connection) -> str | None:
    """The migration this database is at; None when it has none or does not answer."""
    try:
        row = _VERSION.one(connection)
    except OperationalError:
        return None
    return None if row is None else row[0]


def kept_count(connection: Connection) -> int:
    """How many events wait for an owner's look, all businesses together."""
    row = _KEPT.one(connection)
    return row[0] if row else 0


def notices_waiting(connection: Connection) -> int:
    """How many notices are still on their way."""
    row = _NOTICES.one(connection)
    return row[0] if row else 0
