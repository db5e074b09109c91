"""The database file cannot be written for a while: the disk is full, somebody holds it, it is read-only."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.kills import SLOW
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import Worker, Yard, yard
from tests.drill.faults import locked
from tests.drill.fulldisk import Disk, disk

Trouble = Callable[[Yard, Worker, Disk], AbstractAsyncContextManager[None]]
DURING = 15  # taps


@asynccontextmanager
async def full(_: Yard, worker: Worker, where: Disk) -> AsyncIterator[None]:
    """Nothing more can be written."""
    where.fill(worker.pid)
    yield
    where.free(worker.pid)


@asynccontextmanager
async def held(one: Yard, _: Worker, __: Disk) -> AsyncIterator[None]:
    """Another process holds the write lock."""
    async with locked(one.folder / "demo.db"):
        yield


@asynccontextmanager
async def read_only(one: Yard, worker: Worker, _: Disk) -> AsyncIterator[None]:
    """SQLite refuses every write with SQLITE_READONLY."""
    await one.post(worker, "/chaos/readonly", {"on": True})
    yield
    await one.post(worker, "/chaos/readonly", {"on": False})


TROUBLES: dict[str, Trouble] = {"disk full": full, "database locked": held, "database read-only": read_only}


async def unwritable(folder: Path, name: str, seed: int, people: int, seconds: float) -> Figures:
    """People tap and doses fall due meanwhile; afterwards everything is as if nothing had been."""
    folder.mkdir()  # noqa: ASYNC240 - nothing else runs yet
    with ExitStack() as stack:
        where = stack.enter_context(disk(folder))
        chats = await settle(folder, people)
        async with yard(folder, START) as one:
            load = Load(one, chats, random.Random(seed))
            await load.welcome([SLOW])
            worker = await one.start()
            await load.crowd()
            await asyncio.sleep(0.5)
            acknowledged = load.tap(10)
            await load.heard()
            await load.more_to_tap(DURING)
            async with TROUBLES[name](one, worker, where):
                made = load.tap(DURING)
                load.next_slot()
                await asyncio.sleep(seconds)
                waiting, alive = load.unread, worker.alive
            await load.finish()
            alive = alive and worker.alive
            count = await oracle.count(one.log, one.database, load.expected)
            recorded = await oracle.answers(one.database)
    lost_taps = oracle.missing(load.taps, recorded)
    counts = {
        "seconds": seconds, "taps_before": acknowledged, "taps_meanwhile": made,
        "acknowledged_meanwhile": made - waiting, "doses": count.doses, "lost": count.lost,
        "copies": count.copies, "lost_taps": lost_taps, "how": where.how if name == "disk full" else name,
    }  # fmt: skip
    wrong = check(
        the_bot_died=not alive,
        lost=count.lost > 0,
        copies=count.copies > 0,
        acknowledged_without_storing=waiting < made,
        taps_lost=lost_taps > 0,
        never_settled=count.unsettled > 0,
    )
    return Figures(name, "sqlite", seed, counts, wrong)
