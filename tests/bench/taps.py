"""Taps a second: recorded durably, answered and shown by us; answered and shown by PTB's Application."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.databases import ENGINES, SQLITE, Settled, settled
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
    """Ours on both engines, and the Application in turn; once side by side, which takes it longer still."""
    count = scale.paced_people
    found: dict[str, list[Reading]] = {engine: [] for engine in ENGINES}
    plain: list[Reading] = []
    async with AsyncExitStack() as stack:
        crowds = {
            engine: await stack.enter_async_context(settled(engine, scale.folder, due_now(count)))
            for engine in ENGINES
        }
        on = {engine: await reminded(crowd, count) for engine, crowd in crowds.items()}
        for _ in range(scale.rounds):
            for engine, crowd in crowds.items():
                async with crowd.copied() as database, sink() as network:
                    found[engine].append(await handled(WORKER, network, on[engine], **database.wish))
            plain.append(await _application(on[SQLITE]))
        best = await _application(on[SQLITE], side_by_side=SIDE_BY_SIDE)
    return _figures(count, found, plain, best)


async def _application(on: Sequence[Shown], **wish: Any) -> Reading:
    async with sink() as network:
        return await handled(APPLICATION, network, on, **wish)


def _figures(
    count: int, found: dict[str, list[Reading]], plain: list[Reading], best: Reading
) -> list[Figure]:
    as_it_comes = "Application, stores nothing"
    side_by_side = f"{as_it_comes}, {SIDE_BY_SIDE} side by side"
    figures = [
        of_readings(as_it_comes, rates(plain), plain, unit="/s"),
        of_readings(side_by_side, [best.rate], [best], unit="/s"),
    ]
    for engine, mine in found.items():
        ours, open_ones = f"taps handled, {engine}", max(count - reading.count for reading in mine)
        note = f"{open_ones} of {count:,} without an answer or an edit"
        beside = ratios(rates(mine), rates(plain))
        figures += [
            of_readings(ours, rates(mine), mine, unit="/s", note=note),
            of_readings(f"{ours} ÷ Application", beside, mine, goal=BESIDE),
        ]
    return figures
