"""PostgreSQL stops at once, again and again, while reminders go out."""

import asyncio
import random
from pathlib import Path

from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.kills import SLOW
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import within, yard
from tests.postgres import own_server

RESUMED_SECONDS = 2.0
LONGEST_DOWN = 3.0
SETTLED_SECONDS = 3.0  # real time in which what had landed is settled, before the watch ends its lease


async def restarted(folder: Path, seed: int, people: int, restarts: int) -> Figures:
    """`pg_ctl -m immediate` under two workers; how long after its return the next message leaves."""
    draw, loop = random.Random(seed), asyncio.get_running_loop()
    resumed: list[float] = []
    async with own_server() as server:
        chats = await settle(folder, people, server.url)
        async with yard(folder, START, server.url) as one:
            load = Load(one, chats, draw)
            await load.welcome([SLOW])
            workers = [await one.start(), await one.start()]
            for _ in range(restarts):
                await load.crowd()
                load.tap(10)
                await asyncio.sleep(draw.uniform(0.1, 0.3))
                await server.crash()
                await one.database.close()
                await asyncio.sleep(draw.uniform(0.0, LONGEST_DOWN))
                await server.start()
                back, before = loop.time(), one.log.methods["sendMessage"]
                await within(30, lambda before=before: one.log.methods["sendMessage"] > before)  # type: ignore[misc]
                resumed.append(round(loop.time() - back, 2))
                await asyncio.sleep(SETTLED_SECONDS)
                await load.finish()
            alive = sum(worker.alive for worker in workers)
            count = await oracle.count(one.log, one.database, load.expected)
            recorded = await oracle.answers(one.database)
    lost_taps = oracle.missing(load.taps, recorded)
    counts = {
        "restarts": restarts, "workers_alive": alive, "doses": count.doses, "lost": count.lost,
        "copies": count.copies, "resumed_after_s": resumed, "taps": len(load.taps), "lost_taps": lost_taps,
    }  # fmt: skip
    wrong = check(
        lost=count.lost > 0,
        told_instead_of_asked=count.told > 0,
        a_worker_died=alive < len(workers),
        copies=count.copies > 0,
        resumed_too_late=max(resumed) > RESUMED_SECONDS,
        taps_lost=lost_taps > 0,
        never_settled=count.unsettled > 0,
    )
    return Figures("PostgreSQL stopped at once", "postgresql", seed, counts, wrong)
