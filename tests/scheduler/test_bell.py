"""Who sends hears at once what another worker posted. A real server, real time."""

import asyncio
import math
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from scheduler.bell import WAIT_FIRST, Ear
from scheduler.clock import SteerableClock
from scheduler.courier import REST_SECONDS
from scheduler.lanes import Lane
from scheduler.outcomes import Outcome
from scheduler.parcel import Parcel
from storage import bell, outbox
from storage.database import Database
from tests import postgres
from tests.postgres import OwnServer
from tests.scheduler.posthouse import START, PostHouse, open_house_on_postgresql, running, until

AT_ONCE = REST_SECONDS / 2
LISTENERS = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'")


@pytest.fixture
async def house() -> AsyncIterator[PostHouse]:
    async with open_house_on_postgresql() as house:
        yield house


@asynccontextmanager
async def another_worker(house: PostHouse) -> AsyncIterator[PostHouse]:
    """The same house, seen from a worker with connections of its own."""
    database = Database(house.database.url.render_as_string(hide_password=False))
    yield PostHouse(database, house.clock, sealers=house.sealers, refs=house.refs)
    await database.close()


@asynccontextmanager
async def listening(ear: Ear) -> AsyncIterator[None]:
    task = asyncio.create_task(ear.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def listeners(database: Database) -> int:
    async with database.engine.connect() as connection:
        return int((await connection.execute(LISTENERS)).scalar_one())


async def someone_listens(database: Database) -> None:
    """Also when the server was away: the connections of before are of no use then."""
    async with asyncio.timeout(30):
        while True:
            with suppress(OperationalError):
                if await listeners(database):
                    return
            await asyncio.sleep(0.02)


async def delays(house: PostHouse, times: int) -> list[float]:
    """Seconds from the commit of another worker until the message is on its way."""
    people = await house.crowd([f"{random.random()}" for _ in range(times)])
    found, left = [], asyncio.Event()

    def leave(parcel: Parcel) -> Outcome:
        left.set()
        return house.platform.accept(parcel)

    house.platform.script = leave
    async with another_worker(house) as other:
        for person in people:
            await asyncio.sleep(random.uniform(0.02, 0.06))
            left.clear()
            await other.write(person, "dose")
            committed = time.perf_counter()
            async with asyncio.timeout(10):
                await left.wait()
            found.append(time.perf_counter() - committed)
    return found


async def test_what_another_worker_posts_leaves_at_once(house: PostHouse) -> None:
    courier = house.courier()
    async with running(courier), listening(Ear(house.database, courier.wake)):
        await someone_listens(house.database)
        found = await delays(house, 20)
    print(f"\nwith the bell: median {statistics.median(found) * 1e3:.1f} ms, most {max(found) * 1e3:.1f} ms")
    assert statistics.median(found) < AT_ONCE


async def test_without_the_bell_it_leaves_when_the_courier_looks_by_itself(house: PostHouse) -> None:
    async with running(house.courier()):
        found = await delays(house, 2)
    print(f"\nwithout it: median {statistics.median(found) * 1e3:.1f} ms, most {max(found) * 1e3:.1f} ms")
    assert AT_ONCE < max(found) < 2 * REST_SECONDS


@asynccontextmanager
async def rings(house: PostHouse) -> AsyncIterator[list[str]]:
    """What somebody who listens hears of the transactions inside the block; filled when it ends."""
    heard: list[str] = []
    url = house.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as ear:
        await ear.execute("LISTEN evenkeel_outbox")
        yield heard
        await ear.execute("NOTIFY evenkeel_outbox, 'the end'")
        async for ring in ear.notifies(timeout=10):
            if ring.payload:
                break
            heard.append(ring.payload)


async def test_a_batch_that_can_leave_at_once_rings_once(house: PostHouse) -> None:
    people = await house.crowd(["7", "8", "9"])
    async with rings(house) as heard:
        await house.post(*(house.row(person, "dose") for person in people))
    assert len(heard) == 1


async def test_nobody_is_disturbed_for_what_does_not_wait_for_them(house: PostHouse) -> None:
    person, later = await house.person("7"), house.clock.now() + timedelta(seconds=1)
    await house.write(person, "said before", dedupe_key="once")
    courier = house.courier()
    async with rings(house) as heard:
        assert not await house.post(house.row(person, "said before", dedupe_key="once"))
        await house.write(person, "tomorrow", not_before=later)
        await house.post(*courier.lease([house.row(await house.person("8"), "a reply", Lane.REPLY)]))
        with suppress(ZeroDivisionError):
            async with house.database.transaction() as session:
                await outbox.post(session, [house.row(person, "taken back")])
                raise ZeroDivisionError
    assert heard == []


@asynccontextmanager
async def own_house(server: OwnServer) -> AsyncIterator[PostHouse]:
    database = Database(server.url)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield PostHouse(database, SteerableClock(START, frozen=True))
    await database.close()


async def test_the_bell_is_heard_again_after_the_server_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[float] = []
    listen = bell.listen

    async def counted(*given: object) -> None:
        tries.append(time.perf_counter())
        await listen(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(bell, "listen", counted)
    async with postgres.own_server() as server, own_house(server) as house:
        courier = house.courier()
        with capture_logs() as lines:
            async with running(courier), listening(Ear(house.database, courier.wake)):
                await someone_listens(house.database)
                assert statistics.median(await delays(house, 2)) < AT_ONCE
                stopping = time.perf_counter()
                await server.stop()
                await asyncio.sleep(0.7)
                away = time.perf_counter() - stopping
                assert len(tries) <= 2 + math.log2(1 + away / WAIT_FIRST), "it asked again and again"
                await server.start()
                async with another_worker(house) as fresh:  # the connections of before are of no use now
                    await fresh.write(await fresh.person("7"), "posted while nobody listened")
                await someone_listens(house.database)
                await until(lambda: len(house.platform.accepted) == 3)
                assert statistics.median(await delays(house, 3)) < AT_ONCE
    assert len(house.platform.accepted) == 6
    assert [line["event"] for line in lines if "bell" in line["event"]] == [
        "bell_not_heard",
        "bell_heard_again",
    ]
