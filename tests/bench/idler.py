"""Ticks of a bot for which nothing is due, in a process of its own.

`python -m tests.bench.idler <wish>`: {"database", "key", "sink", "ticks"}.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median

from bot.app import compose
from bot.vault import open_vault
from scheduler.clock import SystemClock
from tests.bench.gauge import Gauge, say
from tests.bench.worker import Wish

WARMING_TICKS = 10


async def milliseconds(tick: Callable[[], Awaitable[object]], ticks: int) -> float:
    """The median of so many ticks."""
    took = []
    for _ in range(WARMING_TICKS + ticks):
        began = time.perf_counter()
        await tick()
        took.append(1000 * (time.perf_counter() - began))
    return median(took[WARMING_TICKS:])


async def main(wish: Wish, ticks: int) -> None:
    """Tick both, and say how long each takes."""
    settings = wish.settings()
    vault = await open_vault(settings.database_url, settings.key_file)
    async with compose(settings, vault, SystemClock()) as app:
        gauge = Gauge(beats=False)
        wake = await milliseconds(app.wakes.tick, ticks)
        courier = await milliseconds(app.courier.round, ticks)
        say(gauge.read(2 * ticks), wake=wake, courier=courier)
    await vault.close()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    number = given.pop("ticks")
    asyncio.run(main(Wish(**given), number))
