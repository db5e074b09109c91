"""A herd of reminders due in one minute: how fast they are out, beside a bare loop that only posts."""

from typing import Any

from tests.bench.databases import ENGINES, POSTGRESQL, SQLITE, Settled, settled
from tests.bench.figures import Figure, at_least, at_most, lost, of_readings, rates, ratios
from tests.bench.gauge import Reading
from tests.bench.process import measured
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import sink

SHARE = {SQLITE: at_least(0.60), POSTGRESQL: at_least(0.50)}
STALL_MS = at_most(100)
SLOTS = 256  # at thirty a second sixteen are plenty, and nobody needs more; without any limit they are


async def bare(count: int) -> Reading:
    """The bare loop."""
    async with sink() as network:
        return (await measured("tests.bench.bare", url=network.url, count=count)).reading


async def ours(crowd: Settled, count: int, **wish: Any) -> tuple[Reading, int]:
    """Wake, render, seal, claim, send and settle them all; the reading, and how many were lost."""
    async with crowd.copied() as database, sink() as network:
        said = await measured(
            "tests.bench.worker", **database.wish, sink=network.url, until=count, slots=SLOTS, **wish
        )
        return said.reading, count - await network.chats()


async def measure(scale: Scale) -> list[Figure]:
    """On both engines, beside the bare loop."""
    loop: list[Reading] = []
    found: dict[str, list[tuple[Reading, int]]] = {engine: [] for engine in ENGINES}
    crowd = due_now(scale.people)
    async with (
        settled(SQLITE, scale.folder, crowd) as on_file,
        settled(POSTGRESQL, scale.folder, crowd) as on_server,
    ):
        for _ in range(scale.rounds):
            loop.append(await bare(scale.people))
            found[SQLITE].append(await ours(on_file, scale.people))
            found[POSTGRESQL].append(await ours(on_server, scale.people))
    figures = [of_readings("bare loop: posts", rates(loop), loop, unit="/s")]
    for engine in ENGINES:
        figures += _figures(engine, scale.people, found[engine], loop)
    return figures


def _figures(engine: str, people: int, found: list[tuple[Reading, int]], loop: list[Reading]) -> list[Figure]:
    readings = [reading for reading, _ in found]
    where = f"{people:,} reminders, {engine}"
    shares = ratios(rates(readings), rates(loop))
    return [
        of_readings(where, rates(readings), readings, unit="/s"),
        of_readings(f"{where} ÷ bare loop", shares, readings, goal=SHARE[engine]),
        Figure(f"{where}: longest stall", [r.stall_ms for r in readings], "ms", STALL_MS),
        lost(f"{where}: lost", [missing for _, missing in found]),
    ]
