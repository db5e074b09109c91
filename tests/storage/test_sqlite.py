"""A transaction on a file: it begins with its first statement, and whatever happens it is over afterwards."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CursorResult, TextClause, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from storage.sqlite import Connection

COUNT = text("SELECT count(*) FROM pebble")
ADD = text("INSERT INTO pebble (colour) VALUES ('grey')")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A file with one table."""
    one = Database(f"sqlite:///{tmp_path}/pebbles.db")
    async with one.transaction() as session:
        await run(session, text("CREATE TABLE pebble (colour TEXT)"))
    yield one
    await one.close()


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """The same file as another process has it, which does not wait for a lock."""
    one = Database(database.url.render_as_string())
    event.listen(one.engine.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=0"))
    yield one
    await one.close()


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What went to the thread and back: the statements, and the ends of transactions."""
    made: list[str] = []
    execute = Connection._execute

    async def noted(self: Connection, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(fn, partial):
            made.append(fn.args[1].split()[0])
        elif fn.__name__ in ("commit", "rollback"):
            made.append(fn.__name__)
        return await execute(self, fn, *args, **kwargs)  # type: ignore[no-untyped-call]  # the library's own

    monkeypatch.setattr(Connection, "_execute", noted)
    return made


async def pebbles(database: Database) -> int:
    async with database.reading() as session:
        return await count(session)


async def count(session: AsyncSession) -> int:
    return int((await run(session, COUNT)).scalar_one())


async def add(session: AsyncSession) -> None:
    await run(session, ADD)


async def run(session: AsyncSession, statement: TextClause) -> CursorResult[Any]:
    return await (await session.connection()).execute(statement)


async def test_a_transaction_costs_its_statements_and_one_trip_more(
    database: Database, trips: list[str]
) -> None:
    await pebbles(database)  # opens the connection
    trips.clear()
    async with database.transaction() as session:
        await add(session)
        await add(session)
    assert trips == ["INSERT", "INSERT", "commit"]


async def test_reading_costs_its_statement_and_one_trip_more(database: Database, trips: list[str]) -> None:
    await pebbles(database)
    trips.clear()
    await pebbles(database)
    assert trips == ["SELECT", "rollback"]


async def test_a_transaction_that_asks_nothing_costs_nothing(
    database: Database, other: Database, trips: list[str]
) -> None:
    await pebbles(database)
    trips.clear()
    async with database.transaction():
        assert not trips
        async with other.transaction() as session:
            await add(session)
    assert await pebbles(database) == 1


async def test_a_transaction_that_began_by_reading_keeps_other_writers_out(
    database: Database, other: Database
) -> None:
    async with database.transaction() as session:
        assert await count(session) == 0
        with pytest.raises(OperationalError, match="locked"):
            async with other.transaction() as late:
                await count(late)
        await add(session)
    async with other.transaction() as session:
        await add(session)
    assert await pebbles(database) == 2


async def test_a_lock_that_was_refused_leaves_nothing_behind(database: Database, other: Database) -> None:
    async with database.transaction() as session:
        await add(session)
        for _ in range(3):
            with pytest.raises(OperationalError, match="locked"):
                async with other.transaction() as late:
                    await add(late)
    async with other.transaction() as session:
        await add(session)
    assert await pebbles(other) == 2


async def fail(database: Database, *, refused_by: Database | None = None) -> None:
    """Write, perhaps after a lock that was refused, and fail."""
    async with database.transaction() as session:
        if refused_by is not None:
            async with refused_by.transaction() as first:
                await add(first)
                with pytest.raises(OperationalError, match="locked"):
                    await add(session)
        await add(session)
        raise OSError("a bad day")


async def test_what_a_transaction_wrote_before_it_failed_is_undone(database: Database) -> None:
    with pytest.raises(OSError, match="a bad day"):
        await fail(database)
    assert await pebbles(database) == 0


async def test_what_is_written_after_a_refused_lock_is_undone_with_its_transaction(
    database: Database, other: Database
) -> None:
    with pytest.raises(OSError, match="a bad day"):
        await fail(other, refused_by=database)
    assert await pebbles(database) == 1


async def test_somebody_who_is_cancelled_while_waiting_for_a_lock_leaves_none_behind(
    database: Database, other: Database, trips: list[str]
) -> None:
    async def writes() -> None:
        async with database.transaction() as session:
            await add(session)

    await pebbles(database)
    async with other.transaction() as session:
        await add(session)
        trips.clear()
        writing = asyncio.ensure_future(writes())
        while trips[-1:] != ["INSERT"]:
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError):
        await writing
    async with other.transaction() as session:
        await add(session)
    assert await pebbles(database) == 2


async def test_somebody_who_is_cancelled_while_writing_has_written_nothing(
    database: Database, other: Database
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def dwell() -> int:
        reached.set()
        go_on.wait(10)
        return 1

    await database.engine.dispose()
    event.listen(
        database.engine.sync_engine, "connect", lambda raw, _: raw.create_function("dwell", 0, dwell)
    )

    async def writes() -> None:
        async with database.transaction() as session:
            await run(session, text("INSERT INTO pebble (colour) VALUES (dwell())"))

    writing = asyncio.ensure_future(writes())
    await asyncio.to_thread(reached.wait, 10)
    writing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with suppress(asyncio.CancelledError):
        await writing
    async with other.transaction() as session:
        await add(session)
    assert await pebbles(database) == 1
