"""Ticks of a bot for which nothing is due, in a process of its own; with many people and with few in turn.

`python -m tests.bench.idler <wish>`: {"many", "few", "ticks"}, the first two as for a worker. In turn,
because a machine that is slow for a while is slow for both.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from statistics import median

from bot import log
from bot.app import App, compose
from bot.vault import open_vault
from scheduler.clock import SystemClock
from tests.bench.gauge import Gauge, say
from tests.bench.worker import Wish

WARMING_TICKS = 10

Tick = Callable[[], Awaitable[object]]


async def milliseconds(ticks: Sequence[Tick], count: int) -> list[float]:
    """The median of `count` ticks of each kind."""
    took: list[list[float]] = [[] for _ in ticks]
    for _ in range(WARMING_TICKS + count):
        for tick, times in zip(ticks, took, strict=True):
            began = time.perf_counter()
            await tick()
            times.append(1000 * (time.perf_counter() - began))
    return [median(times[WARMING_TICKS:]) for times in took]


async def _composed(stack: AsyncExitStack, wish: Wish) -> App:
    settings = wish.settings()
    vault = await open_vault(settings.database_url, settings.key_file)
    stack.push_async_callback(vault.close)
    return await stack.enter_async_context(compose(settings, vault, SystemClock()))


async def main(wishes: Sequence[Wish], count: int) -> None:
    """Tick, and say how long each takes: those of the wake loop, and those of the courier."""
    async with AsyncExitStack() as stack:
        apps = [await _composed(stack, wish) for wish in wishes]
        gauge = Gauge(beats=False)
        wakes = await milliseconds([app.wakes.tick for app in apps], count)
        couriers = await milliseconds([app.courier.round for app in apps], count)
        say(gauge.read(2 * count * len(apps)), wakes=wakes, couriers=couriers)


if __name__ == "__main__":
    log.configure()  # to standard error: what goes to standard output is read
    given = json.loads(sys.argv[1])
    asyncio.run(main([Wish(**given["many"]), Wish(**given["few"])], given["ticks"]))
