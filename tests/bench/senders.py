"""Several workers that send, on PostgreSQL, when it is the network that one of them waits for."""

import asyncio
import time
from contextlib import AsyncExitStack
from statistics import median

import psycopg

from bot.roles import Role
from storage.outbox import OutboxState
from tests.bench.databases import POSTGRESQL, Settled, settled
from tests.bench.figures import Figure, at_least, ratios
from tests.bench.process import Said, started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import sink

WORKER = "tests.bench.worker"
LATENCY_SECONDS = 0.020
TWO_OVER_ONE = at_least(1.7)
PATIENCE = 300.0


async def measure(scale: Scale) -> list[Figure]:
    """Two over one. What waits is the same for both."""
    count = scale.killed
    one: list[tuple[float, list[Said]]] = []
    two: list[tuple[float, list[Said]]] = []
    async with settled(POSTGRESQL, scale.folder, due_now(count)) as crowd:
        await _write_messages(crowd, count)
        for _ in range(scale.rounds):
            one.append(await _sent(crowd, count, workers=1))
            two.append(await _sent(crowd, count, workers=2))
    rates_of_one, rates_of_two = ([rate for rate, _ in found] for found in (one, two))
    return [
        _figure("1 sender on PostgreSQL, answers after 20 ms", one),
        _figure("2 senders on PostgreSQL, answers after 20 ms", two),
        Figure("2 senders ÷ 1", ratios(rates_of_two, rates_of_one), goal=TWO_OVER_ONE),
    ]


def _figure(name: str, found: list[tuple[float, list[Said]]]) -> Figure:
    stall = max(said.reading.stall_ms for _, all_said in found for said in all_said)
    cpu = median(said.reading.cpu_ms for _, all_said in found for said in all_said)
    return Figure(name, [rate for rate, _ in found], "/s", None, cpu, stall)


async def _write_messages(crowd: Settled, count: int) -> None:
    """Wake everybody, and send nothing."""
    async with sink() as network, started(WORKER, **crowd.wish, sink=network.url, role=Role.WAKE) as worker:
        async with asyncio.timeout(PATIENCE):
            while await asyncio.to_thread(_waiting, crowd.url) < count:
                await asyncio.sleep(0.1)
        await worker.stop()


def _waiting(url: str) -> int:
    with psycopg.connect(url) as connection:
        [(waiting,)] = connection.execute(
            "select count(*) from outbox where state = %s", (OutboxState.PENDING.value,)
        ).fetchall()
        return int(waiting)


async def _sent(crowd: Settled, count: int, *, workers: int) -> tuple[float, list[Said]]:
    """Messages a second, and what each of the workers read."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(crowd.copied())
        network = await stack.enter_async_context(sink())
        await network.ask("latency", seconds=LATENCY_SECONDS)
        wish = {**database.wish, "sink": network.url, "role": Role.SEND, "held": True}
        team = [await stack.enter_async_context(started(WORKER, **wish)) for _ in range(workers)]
        for worker in team:
            await worker.ready()
        began = time.monotonic()
        for worker in team:
            worker.go()
        reached = await network.until_chats(count, PATIENCE)
        last = (await network.times()).of("sendMessage")[-1].at
        return reached / (last - began), [await worker.stop() for worker in team]
