"""Taps a second: recorded durably, answered and shown by us; answered and shown by PTB's Application."""

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.bench.databases import ENGINES, Settled, settled
from tests.bench.figures import Figure, at_least, of_readings, rates, ratios
from tests.bench.gauge import Reading
from tests.bench.process import measured, started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import Sink, sink
from tests.bench.speech import Shown, shown, tap

BESIDE = at_least(3)
SIDE_BY_SIDE = 256
PATIENCE = 120.0
POLLING_SECONDS = 1.0  # until everybody asks for updates

WORKER, APPLICATION = "tests.bench.worker", "tests.bench.peers.application"


async def handled(module: str, network: Sink, on: Sequence[Shown], **wish: Any) -> Reading:
    """All of them tap at once; how fast every tap was answered and its message edited."""
    async with started(module, **wish, sink=network.url) as process:
        await process.ready()
        await asyncio.sleep(POLLING_SECONDS)
        process.go()
        await network.ask("feed", updates=[tap(number, one) for number, one in enumerate(on, 1)])
        edited = await network.until_count("editMessageText", len(on), PATIENCE)
        times = await network.times()
        said = await process.stop()
    last = max(arrival.at for arrival in times.arrivals)
    answered = len(times.of("answerCallbackQuery"))
    count, cpu = min(edited, answered), said.reading.cpu_s
    return Reading(count, last - times.fed[1], cpu, said.reading.stall_ms, said.reading.rss_mb)


async def reminded(crowd: Settled, count: int) -> list[Shown]:
    """Send everybody their reminder first, so that there is something to tap on."""
    async with sink() as network:
        await measured(WORKER, **crowd.wish, sink=network.url, until=count)
        return await shown(network)


async def measure(scale: Scale) -> list[Figure]:
    """Ours on both engines, and the Application in turn and side by side."""
    count = scale.paced_people
    figures: list[Figure] = []
    for engine in ENGINES:
        async with settled(engine, scale.folder, due_now(count)) as crowd:
            on = await reminded(crowd, count)
            figures += await _beside(engine, scale, crowd, on)
    return figures


async def _beside(engine: str, scale: Scale, crowd: Settled, on: Sequence[Shown]) -> list[Figure]:
    mine: list[Reading] = []
    plain: list[Reading] = []
    best: list[Reading] = []
    for _ in range(scale.rounds):
        async with crowd.copied() as database, sink() as network:
            mine.append(await handled(WORKER, network, on, **database.wish))
        for found, at_once in ((plain, 0), (best, SIDE_BY_SIDE)):
            async with sink() as network:
                found.append(await handled(APPLICATION, network, on, side_by_side=at_once))
    ours, lost = f"taps handled, {engine}", max(len(on) - reading.count for reading in mine)
    side_by_side = f"concurrent_updates={SIDE_BY_SIDE}"
    return [
        of_readings(ours, rates(mine), mine, unit="/s", note=f"{lost} without an answer or an edit"),
        of_readings("Application as it comes, stores nothing", rates(plain), plain, unit="/s"),
        of_readings(f"Application, {side_by_side}", rates(best), best, unit="/s"),
        of_readings(f"{ours} ÷ Application", ratios(rates(mine), rates(plain)), mine, goal=BESIDE),
        of_readings(f"{ours} ÷ Application, {side_by_side}", ratios(rates(mine), rates(best)), mine),
    ]
