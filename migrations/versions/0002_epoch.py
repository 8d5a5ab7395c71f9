"""The service's one row: its epoch, a random id that is new with the database and after each restore."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    service = op.create_table(
        "service",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_service_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    # The table and its row come together: a service without an epoch has no meaning.
    op.bulk_insert(service, [{"id": 1, "epoch": str(uuid.uuid4())}])
