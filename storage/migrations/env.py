"""Alembic's way in: the connection comes from `storage.migration`, which also owns the transaction."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can alter little in place
    compare_type=True,
)
context.run_migrations()
