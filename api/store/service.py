"""The database about itself: its epoch."""

from sqlalchemy import Connection, bindparam, select, update

from api.db import Statement
from api.tables.service import Service

_EPOCH = Statement(select(Service.epoch))
_NEW_EPOCH = Statement(update(Service).values(epoch=bindparam("new_epoch")))


def epoch(connection: Connection) -> str:
    """The random id this database has had since it was made or restored."""
    row = _EPOCH.one(connection)
    if row is None:
        raise LookupError("the database has no epoch")
    found: str = row[0]
    return found


def new_epoch(connection: Connection, epoch: str) -> None:
    """Begin a new epoch: from now on tills know that what they were told before may be missing."""
    _NEW_EPOCH.run(connection, new_epoch=epoch)
