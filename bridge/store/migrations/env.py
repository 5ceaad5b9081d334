"""Where Alembic runs a migration: on the connection that bridge.store.database hands over."""

import sqlalchemy as sa
from alembic import context

from bridge.store.tables import metadata

connection: sa.Connection = context.config.attributes["connection"]
several = connection.dialect.name == "postgresql"  # daemons that start together take turns
if several:
    connection.execute(sa.text("SELECT pg_advisory_lock(hashtext('threadline migrations'))"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()  # before the next one may look
if several:
    connection.execute(sa.text("SELECT pg_advisory_unlock(hashtext('threadline migrations'))"))
    connection.commit()
