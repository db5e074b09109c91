"""Bringing a database to the present shape of the tables, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

import storage.migrations
from storage.database import Database, DatabaseUnusable

# Any number that nothing else in the house locks.
_LOCK = 7_305_117_032


async def migrate(database: Database) -> None:
    """Bring the tables to the newest shape; does nothing when they have it.

    A process killed half-way leaves the old shape. Raises DatabaseUnusable when the database was made by a
    newer version of the program, or when the new shape would break a reference.
    """
    async with _without_references(database) as connection, connection.begin():
        await connection.run_sync(_upgrade)
        if database.is_sqlite:
            await connection.run_sync(_check_references)


async def pending(database: Database) -> bool:
    """True when the tables do not have the newest shape."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_current) != _scripts().get_current_head()


async def revise(database: Database, number: str, name: str) -> None:
    """For developers: write `versions/<number>_<name>.py` with what `database` lacks. Read it before use."""
    async with database.engine.connect() as connection:
        await connection.run_sync(
            lambda found: command.revision(configuration(found), name, autogenerate=True, rev_id=number)
        )


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, found from the installed package; no file of its own."""
    config = Config()
    [folder] = storage.migrations.__path__
    # A "%" would be read as the start of a placeholder.
    config.set_main_option("script_location", str(Path(folder)).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@asynccontextmanager
async def _without_references(database: Database) -> AsyncIterator[AsyncConnection]:
    """A connection that can rebuild a table others refer to. SQLite ignores this inside a transaction."""
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            yield connection
        return
    engine = database.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        if raw is None:
            raise DatabaseUnusable("The database closed its connection.")
        await raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            await raw.execute("PRAGMA foreign_keys=ON")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Several workers may start at once; the others wait here, and find nothing left to do.
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    current = _current(connection)
    if current == _scripts().get_current_head():
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    if current is not None and current not in known:
        raise DatabaseUnusable("The database was made by a newer version of Evenkeel.")
    command.upgrade(configuration(connection), "head")


def _check_references(connection: Connection) -> None:
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise DatabaseUnusable(f"The migration would break {len(broken)} references between tables.")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _scripts() -> ScriptDirectory:
    """The migrations of this version; reading them anew takes longer than looking at a database."""
    return ScriptDirectory.from_config(configuration())
