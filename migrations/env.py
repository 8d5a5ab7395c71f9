"""Runs the migrations on the connection `flask migrate` hands over, all of them in one transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    if connection.dialect.name == "sqlite":  # the driver would otherwise begin only before the first INSERT
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    context.run_migrations()
