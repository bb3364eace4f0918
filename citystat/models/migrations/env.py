"""Alembic's entry: runs the migrations on the connection it is handed (citystat.city.upgrade)."""

from alembic import context

from citystat.models import whole

context.configure(connection=context.config.attributes["connection"], target_metadata=whole(), render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
