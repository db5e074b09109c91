"""At Telegram's own pace, 30 messages a second: when the last reminder is out, and what keeping it costs."""

import asyncio
import time

from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, at_least, at_most
from tests.bench.process import Measured, started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import Sink, sink

ALLOWED = 30.0  # messages a second
SHARE, CORE_SHARE = at_least(97), at_most(5)


async def measure(scale: Scale) -> list[Figure]:
    """Two herds: the end of one, and a stretch of the other. Real time; one round of each is enough."""
    return [await _last_of_a_herd(scale), *await _stretch(scale)]


async def _last_of_a_herd(scale: Scale) -> Figure:
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
    goal = at_most(people / 25 + 5)
    name = f"last of {people:,} reminders at 30 a second"
    return Figure(
        name,
        [last - began],
        "s",
        goal,
        said.reading.cpu_ms,
        said.reading.stall_ms,
        f"lost {people - reached}",
    )


async def _stretch(scale: Scale) -> list[Figure]:
    """The heart does not beat here: it would cost more than the bot."""
    seconds = scale.paced_seconds
    async with (
        settled(SQLITE, scale.folder, due_now(scale.people)) as crowd,
        sink() as network,
        started(
            "tests.bench.worker", **crowd.wish, sink=network.url, paced=True, held=True, beats=False
        ) as worker,
    ):
        await worker.ready()
        sent, cpu = await _of_a_stretch(worker, network, seconds)
    per_message = 1000 * cpu / max(1, sent)
    stretch = f"{seconds:,.0f} s at 30 a second"
    return [
        Figure(f"{stretch}: share of what is allowed", [100 * sent / (ALLOWED * seconds)], "%", SHARE),
        Figure(f"{stretch}: share of one core", [100 * cpu / seconds], "%", CORE_SHARE, per_message),
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
