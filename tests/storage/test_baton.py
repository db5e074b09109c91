"""One worker of all holds the baton, and notices when it slipped. Real connections, real locks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import baton
from storage.baton import Baton
from storage.database import Database
from tests import made, postgres
from tests.storage.line import line_to

WHAT = "poll"
A_MOMENT, PROMPT_SECONDS = 0.3, 1.0
_HOLDERS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
_CUT = f"SELECT pg_terminate_backend(pid, 5000) FROM ({_HOLDERS}) AS held"  # noqa: S608 - all our own words


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baton, "LOOK_SECONDS", 0.02)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    url = postgres.empty_database()
    opened = Database(url)
    yield opened
    await opened.close()
    postgres.drop_database(url)


@asynccontextmanager
async def keeping(one: Baton) -> AsyncIterator[asyncio.Task[None]]:
    """It was taken, and is kept inside the block."""
    assert await one.take()
    task = asyncio.create_task(one.keep())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def holders(database: Database) -> list[int]:
    async with database.reading() as session:
        return list((await (await session.connection()).execute(text(_HOLDERS))).scalars())


async def cut(database: Database) -> None:
    """The server ends the connection of whoever holds a baton."""
    async with database.reading() as session:
        await (await session.connection()).execute(text(_CUT))


async def until_held(database: Database, other_than: list[int]) -> None:
    async with asyncio.timeout(20):
        while await holders(database) in ([], other_than):
            await asyncio.sleep(0.01)


async def until_free(database: Database) -> None:
    async with asyncio.timeout(5):
        while await holders(database):
            await asyncio.sleep(0.01)


async def test_one_worker_holds_it_and_the_next_when_that_lets_go(database: Database) -> None:
    async with aclosing(Baton(database, WHAT)) as second:
        async with aclosing(Baton(database, WHAT)) as first, aclosing(Baton(database, "other")) as apart:
            assert [await first.take(), await second.take(), await apart.take()] == [True, False, True]
        await until_free(database)
        assert await second.take()


async def test_a_file_has_one_worker_anyway(tmp_path: Path) -> None:
    database = Database(made.at(tmp_path / "evenkeel.db"))
    async with aclosing(Baton(database, WHAT)) as one, keeping(one) as kept:
        await asyncio.sleep(A_MOMENT)
        assert not kept.done()
    await database.close()


async def test_it_is_taken_anew_when_its_connection_was_cut(database: Database) -> None:
    async with aclosing(Baton(database, WHAT)) as one, keeping(one) as kept:
        before = await holders(database)
        await cut(database)
        await until_held(database, before)
        async with aclosing(Baton(database, WHAT)) as other:
            assert not await other.take()
        assert not kept.done()
    await until_free(database)


async def test_who_had_it_is_told_when_somebody_took_it_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baton, "LOOK_SECONDS", A_MOMENT)
    async with aclosing(Baton(database, WHAT)) as one, aclosing(Baton(database, WHAT)) as other:
        async with keeping(one) as kept:
            await asyncio.sleep(A_MOMENT / 3)
            await cut(database)
            assert await other.take()
            await asyncio.wait_for(kept, 5)
        assert not await one.take(), "who took it has it"


async def test_a_connection_that_fell_silent_is_ended_at_the_server_and_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does not know that it is gone, and would keep the lock for it: nobody else has it."""
    monkeypatch.setattr(baton, "PATIENCE_SECONDS", 0.5)
    async with line_to(database.url.render_as_string(hide_password=False)) as line:
        behind = Database(line.url)
        async with aclosing(Baton(behind, WHAT)) as one, keeping(one) as kept:
            before = await holders(database)
            line.fall_silent()
            await until_held(database, before)
            assert not kept.done()
        await behind.close()


async def test_a_server_that_says_nothing_keeps_nobody_from_stopping(database: Database) -> None:
    async with line_to(database.url.render_as_string(hide_password=False)) as line:
        behind = Database(line.url)
        async with aclosing(Baton(behind, WHAT)) as one, keeping(one):
            line.fall_silent()
            stopping = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - stopping < PROMPT_SECONDS
        await behind.close()


async def test_while_the_server_is_away_it_goes_on_and_afterwards_it_has_it_again() -> None:
    async with postgres.own_server() as server:
        database = Database(server.url)
        async with aclosing(Baton(database, WHAT)) as one, keeping(one) as kept:
            await server.crash()
            await database.close()
            await asyncio.sleep(A_MOMENT)
            assert not kept.done()
            await server.start()
            await until_held(database, [])
            assert not kept.done()
        await database.close()
