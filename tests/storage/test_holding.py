"""Two workers on one server: whoever works on a person does so alone. Real connections, real locks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from unittest.mock import patch

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.wakes import WakeLoop, Woken
from storage import timers, updates
from storage.database import Database, is_conflict, is_unavailable
from storage.holding import hold_address, hold_free
from storage.timers import Setting
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse, open_house_on_postgresql

PATIENCE = 0.3


@pytest.fixture
async def house() -> AsyncIterator[PostHouse]:
    async with open_house_on_postgresql() as house:
        yield house


@asynccontextmanager
async def another_worker(house: PostHouse) -> AsyncIterator[Database]:
    other = Database(house.database.url.render_as_string(hide_password=False))
    try:
        yield other
    finally:
        await other.close()


async def waits(work: asyncio.Task[None]) -> bool:
    """Whether it is still waiting after a while."""
    await asyncio.wait({work}, timeout=PATIENCE)
    return not work.done()


@pytest.mark.parametrize("known", [True, False], ids=["somebody we know", "a newcomer"])
async def test_two_updates_of_one_person_are_handled_one_after_the_other(
    house: PostHouse, known: bool
) -> None:
    if known:
        await house.person("7")

    async def work() -> None:
        async with another_worker(house) as other, other.transaction() as session:
            await hold_address(session, PLATFORM, ACCOUNT, "7")

    async with house.database.transaction() as session:
        await hold_address(session, PLATFORM, ACCOUNT, "7")
        second = asyncio.create_task(work())
        assert await waits(second)
    await second


async def test_another_person_need_not_wait(house: PostHouse) -> None:
    await house.crowd(["7", "8"])
    async with another_worker(house) as other, house.database.transaction() as first:
        await hold_address(first, PLATFORM, ACCOUNT, "7")
        async with asyncio.timeout(5), other.transaction() as second:
            await hold_address(second, PLATFORM, ACCOUNT, "8")


async def test_one_update_on_two_workers_has_one_effect(house: PostHouse) -> None:
    effects = []

    async def work(database: Database) -> None:
        async with database.transaction() as session:
            if await updates.mark(session, ACCOUNT, 12, house.clock.now()):
                await asyncio.sleep(0)
                effects.append(database)

    async with another_worker(house) as other:
        await asyncio.gather(*(work(database) for database in (house.database, other) * 4))
    assert len(effects) == 1


async def test_an_update_whose_effects_were_undone_is_handled_by_the_other_worker(house: PostHouse) -> None:
    async with another_worker(house) as other:

        async def work() -> None:
            async with other.transaction() as session:
                assert await updates.mark(session, ACCOUNT, 12, house.clock.now())

        async with house.database.transaction() as session:
            assert await updates.mark(session, ACCOUNT, 12, house.clock.now())
            second = asyncio.create_task(work())
            assert await waits(second)
            await session.rollback()
        await second


class Noting:
    """A room that notes whom it was woken for, and wants nothing more."""

    def __init__(self) -> None:
        self.woken: list[int] = []

    async def wake(self, session: AsyncSession, subject_ids: list[int], now: object) -> Woken:
        self.woken += subject_ids
        return Woken()


async def test_whoever_is_talked_to_is_woken_later_and_nobody_waits_for_that(house: PostHouse) -> None:
    talking, silent = await house.crowd(["7", "8"])
    async with house.database.transaction() as session:
        await timers.put(session, [Setting(who, "doses", house.clock.now()) for who in (talking, silent)])
    room = Noting()
    async with another_worker(house) as other:
        loop = WakeLoop(other, house.clock, {"doses": room})
        async with house.database.transaction() as session:
            await hold_address(session, PLATFORM, ACCOUNT, "7")
            async with asyncio.timeout(5):
                await loop.tick()
            assert room.woken == [silent]
        await loop.tick()
    assert room.woken == [silent, talking]


async def test_somebody_who_is_talked_to_for_long_holds_up_no_other_room(house: PostHouse) -> None:
    talking, silent = await house.crowd(["7", "8"])
    now = house.clock.now()
    async with house.database.transaction() as session:
        due = [Setting(talking, "mood", now - timedelta(hours=1)), Setting(silent, "doses", now)]
        await timers.put(session, due)
    mood, doses = Noting(), Noting()
    async with another_worker(house) as other:
        loop = WakeLoop(other, house.clock, {"mood": mood, "doses": doses})
        async with house.database.transaction() as session:
            await hold_address(session, PLATFORM, ACCOUNT, "7")
            await loop.tick()
        assert (mood.woken, doses.woken) == ([], [silent])


async def test_a_pool_whose_connections_all_wait_is_an_outage_and_loses_nothing(house: PostHouse) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(16):
            await (await stack.enter_async_context(house.database.reading())).connection()
        with patch.object(house.database.engine.pool, "_timeout", 0.1), pytest.raises(PoolTimeout) as error:
            async with house.database.reading() as session:
                await session.connection()
    assert is_unavailable(error.value)


async def test_two_wake_loops_share_the_work_and_wake_nobody_twice(house: PostHouse) -> None:
    everybody = await house.crowd([str(n) for n in range(300)])
    due = house.clock.now() - timedelta(seconds=1)
    async with house.database.transaction() as session:
        await timers.put(session, [Setting(who, "doses", due) for who in everybody])
    room = Noting()
    async with another_worker(house) as other:
        loops = [WakeLoop(database, house.clock, {"doses": room}, 20) for database in (house.database, other)]
        await asyncio.gather(*(loop.tick() for loop in loops))
    assert sorted(room.woken) == everybody


async def test_of_two_that_wait_for_each_other_one_is_undone_and_tries_again(house: PostHouse) -> None:
    await house.crowd(["7", "8"])
    met = asyncio.Barrier(2)

    async def work(database: Database, *refs: str) -> None:
        async with database.transaction() as session:
            await hold_address(session, PLATFORM, ACCOUNT, refs[0])
            await met.wait()
            await hold_address(session, PLATFORM, ACCOUNT, refs[1])

    async with another_worker(house) as other:
        ends = await asyncio.gather(
            work(house.database, "7", "8"), work(other, "8", "7"), return_exceptions=True
        )
    [error] = [end for end in ends if end is not None]
    assert is_conflict(error)
    assert is_unavailable(error), "so that it is tried again"


async def test_nobody_works_on_whoever_is_gone(house: PostHouse) -> None:
    known = await house.person("7")
    async with house.database.transaction() as session:
        assert await hold_free(session, [99, known]) == [99, known]
        async with another_worker(house) as other, other.transaction() as second:
            assert await hold_free(second, [99, known]) == [99]
