"""The history of the tables, for Alembic. Run it through `storage.migration`."""
