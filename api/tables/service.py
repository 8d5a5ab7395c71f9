"""The database about itself."""

from sqlalchemy import CheckConstraint

from api.db import db
from api.tables.columns import number, text


class Service(db.Model):
    """One row. epoch: a random id, new with the database and after each restore, so that tills notice a restore."""

    __tablename__ = "service"
    id = number(primary_key=True, autoincrement=False)
    epoch = text()
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
