"""At Telegram's own pace, 30 messages a second: when the last reminder is out, and what keeping it costs."""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, at_least, at_most, of_readings
from tests.bench.gauge import Reading
from tests.bench.process import Measured, started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import Sink, sink

ALLOWED = 30.0  # messages a second
SHARE, CORE_SHARE = at_least(97), at_most(5)


async def measure(scale: Scale) -> list[Figure]:
    """Two herds, in real time: the end of one, and a stretch of the other."""
    ends = [await _last_of_a_herd(scale) for _ in range(scale.rounds)]
    stretches = [await _stretch(scale) for _ in range(scale.rounds)]
    return [_end(scale.paced_people, ends), *_stretched(scale.paced_seconds, stretches)]


async def _last_of_a_herd(scale: Scale) -> tuple[float, Reading, int]:
    """Seconds until the last one was out; what was read, and how many were lost."""
    people = scale.paced_people
    async with (
        settled(SQLITE, scale.folder, due_now(people)) as crowd,
        sink() as network,
        started("tests.bench.worker", **crowd.wish, sink=network.url, paced=True, held=True) as worker,
    ):
        await worker.ready()
        worker.go()
        began = time.monotonic()
        reached = await network.until_chats(people, 2 * people / ALLOWED + 10)
        last = (await network.times()).of("sendMessage")[-1].at
        said = await worker.stop()
    return last - began, said.reading, people - reached


def _end(people: int, found: Sequence[tuple[float, Reading, int]]) -> Figure:
    seconds, readings, lost = zip(*found, strict=True)
    name, goal = f"last of {people:,} reminders at 30 a second", at_most(people / 25 + 5)
    return of_readings(name, seconds, readings, unit="s", goal=goal, note=f"lost {max(lost)}")


async def _stretch(scale: Scale) -> tuple[int, float]:
    """Messages and CPU seconds. The heart does not beat here: it would cost more than the bot."""
    seconds = scale.paced_seconds
    async with (
        settled(SQLITE, scale.folder, due_now(scale.people)) as crowd,
        sink() as network,
        started(
            "tests.bench.worker", **crowd.wish, sink=network.url, paced=True, held=True, beats=False
        ) as worker,
    ):
        await worker.ready()
        return await _of_a_stretch(worker, network, seconds)


def _stretched(seconds: float, found: Sequence[tuple[int, float]]) -> list[Figure]:
    stretch = f"{seconds:,.0f} s at 30 a second"
    shares = [100 * sent / (ALLOWED * seconds) for sent, _ in found]
    of_a_core = [100 * cpu / seconds for _, cpu in found]
    per_message = median(1000 * cpu / max(1, sent) for sent, cpu in found)
    return [
        Figure(f"{stretch}: share of what is allowed", shares, "%", SHARE),
        Figure(f"{stretch}: share of one core", of_a_core, "%", CORE_SHARE, per_message),
    ]


async def _of_a_stretch(worker: Measured, network: Sink, seconds: float) -> tuple[int, float]:
    """Messages and CPU seconds, from the first message on; the wake that wrote them all is part of it."""
    before = worker.cpu_seconds()
    worker.go()
    await network.until_chats(1, 30)
    await asyncio.sleep(seconds)
    cpu = worker.cpu_seconds() - before
    arrivals = (await network.times()).of("sendMessage")
    return sum(arrival.at < arrivals[0].at + seconds for arrival in arrivals), cpu
