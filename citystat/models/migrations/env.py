"""Alembic's entry: runs the migrations on the connection it is handed (citystat.city.upgrade)."""

from alembic import context

from citystat.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
