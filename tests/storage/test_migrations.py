"""The tables, their history and their columns agree."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, DateTime, text
from sqlalchemy import inspect as inspect_database
from sqlmodel import SQLModel

import storage.tables
from storage.database import Database, DatabaseUnusable
from storage.migration import configuration, migrate, pending
from storage.tables import metadata
from tests import postgres


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / '100% new.db'}")
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database, on both engines."""
    on_file = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'new.db'}" if on_file else postgres.empty_database()
    database = Database(url)
    yield database
    await database.close()
    if not on_file:
        postgres.drop_database(url)


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_tables_are_what_their_history_makes_of_an_empty_database(either: Database) -> None:
    await migrate(either)
    async with either.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_file_whose_tables_were_made_anew_still_gives_no_number_twice(database: Database) -> None:
    """Comparing does not show it: a table that is rebuilt without this word looks the same."""
    await migrate(database)
    counting = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    async with database.engine.connect() as connection:
        counted = set((await connection.execute(counting)).scalars())
    wanted = {table.name for table in metadata.tables.values() if table.kwargs.get("sqlite_autoincrement")}
    assert counted == wanted


async def test_a_history_without_its_last_chapter_can_be_finished(either: Database) -> None:
    await migrate(either)
    async with either.engine.begin() as connection:
        await connection.run_sync(lambda found: command.downgrade(configuration(found), "-1"))
    assert await pending(either)
    await migrate(either)
    async with either.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_what_counts_the_rows_of_a_server_is_made_long_too() -> None:
    """A column that holds more than its counter gives would be of no use."""
    url = postgres.empty_database()
    database = Database(url)
    await migrate(database)
    async with database.engine.connect() as connection:
        query = text("SELECT sequencename FROM pg_sequences WHERE data_type <> 'bigint'::regtype")
        assert list((await connection.execute(query)).scalars()) == ["deployment_id_seq"]
    await database.close()
    postgres.drop_database(url)


async def test_a_migrated_database_has_nothing_pending(database: Database) -> None:
    assert await pending(database)
    await migrate(database)
    assert not await pending(database)


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await migrate(database)
    await migrate(database)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_references_are_enforced_again_after_a_migration(database: Database) -> None:
    await migrate(database)
    async with database.engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(database: Database) -> None:
    await migrate(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="newer version"):
        await migrate(database)


async def test_a_migration_that_fails_leaves_no_trace(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Connection) -> None:
        raise DatabaseUnusable("pulled the plug")

    monkeypatch.setattr("storage.migration._check_references", fail)
    with pytest.raises(DatabaseUnusable):
        await migrate(database)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(lambda found: inspect_database(found).get_table_names()) == []


def test_every_instant_is_aware_and_in_utc() -> None:
    """SQLAlchemy's own DateTime loses the offset on SQLite without a word."""
    instants = [
        column for table in metadata.tables.values() for column in table.columns if _is_instant(column.type)
    ]
    assert len(instants) > 10
    assert {type(column.type).__name__ for column in instants} == {"UTCDateTime"}


def _is_instant(kind: Any) -> bool:
    return isinstance(getattr(kind, "impl", kind), DateTime)


def test_no_table_is_forgotten() -> None:
    """`storage.tables` must name every module that has one."""
    named = {
        alias.name
        for node in ast.walk(ast.parse(inspect.getsource(storage.tables)))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        importlib.import_module(module.name)
    with_tables = {mapper.class_.__module__ for mapper in SQLModel._sa_registry.mappers}
    assert {module for module in with_tables if module.startswith("storage.")} == named
